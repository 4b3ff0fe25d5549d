package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes. Scripts depend on them.
const (
	exitOK       = 0 // clean, nothing to do, or done
	exitFindings = 1 // findings at or above --fail-on, or an apply that did not complete
	exitUsage    = 2 // usage or configuration error, no input
	exitInternal = 3 // a bug
	exitChanges  = 4 // plan --detailed-exitcode: there are changes
)

// Process is what the program gets from outside.
type Process struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Env            []string // NAME=value
	Dir            string   // working directory
	Terminal       bool     // Stdout is a terminal
	Columns        int      // how wide it is, 0 when that is not known

	hurry <-chan struct{} // closed when the user insists on an end
}

// OS is the real process.
func OS() *Process {
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	return &Process{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.Environ(), Dir: dir, Terminal: isTerminal(os.Stdout),
		Columns: terminalColumns(os.Stdout),
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull) // a character device too
	return err != nil || !os.SameFile(info, null)
}

// Getenv looks a variable up in the process's environment.
func (p *Process) Getenv(name string) (string, bool) {
	prefix := name + "="
	for i := len(p.Env) - 1; i >= 0; i-- {
		if strings.HasPrefix(p.Env[i], prefix) {
			return p.Env[i][len(prefix):], true
		}
	}
	return "", false
}

// width is how many columns output may take: the variable COLUMNS, then the terminal's; 0 when neither says.
func (p *Process) width() int {
	text, _ := p.Getenv("COLUMNS")
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return n
	}
	return p.Columns
}

// exit ends a command with a code other than 0; its message, if any, has not been printed yet.
type exit struct {
	code int
	kind string // the meaning, in the words of the oracle kit
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

// usage is an error of the caller's.
func usage(format string, args ...any) error {
	return &exit{code: exitUsage, kind: "usage", err: fmt.Errorf(format, args...)}
}

// failed is an error of what was asked for.
func failed(kind string, err error) error { return &exit{code: exitFindings, kind: kind, err: err} }

// Main runs the program and returns its exit code.
func Main(ctx context.Context, p *Process, args []string) (code int) {
	defer func() {
		if failure := recover(); failure != nil {
			_, _ = fmt.Fprintf(p.Stderr, "prefectc: internal error: %v\n%s\nthis is a bug, please report it with the command and the file\n", failure, debug.Stack())
			code = exitInternal
		}
	}()
	ctx, stop := p.listen(ctx)
	defer stop()
	root := newRoot(p)
	args = longForm(args)
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) { // also without descriptions
		p.complete(root)
	}
	root.SetArgs(args)
	if err := unknownCommand(root, args); err != nil {
		return p.report(err)
	}
	return p.report(root.ExecuteContext(ctx))
}

// listen ends the context at the first SIGINT or SIGTERM, and at the second what is still being ended is not waited for. A third has
// its usual effect.
func (p *Process) listen(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	hurry, over := make(chan struct{}), make(chan struct{})
	p.hurry = hurry
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for _, act := range []func(){cancel, func() { close(hurry); signal.Stop(signals) }} {
			select {
			case <-signals:
				act()
			case <-over:
				return
			}
		}
	}()
	return ctx, func() { signal.Stop(signals); close(over); cancel() }
}

// report prints an error and finds its exit code.
func (p *Process) report(err error) int {
	if err == nil {
		return exitOK
	}
	var e *exit
	if !errors.As(err, &e) {
		e = &exit{code: exitUsage, kind: "usage", err: err}
	}
	if e.err != nil {
		_, _ = fmt.Fprintf(p.Stderr, "prefectc: %v\n", e.err)
	}
	if _, wanted := p.Getenv(kindVariable); wanted && e.kind != "" {
		_, _ = fmt.Fprintf(p.Stderr, "error-kind: %s\n", e.kind)
	}
	return e.code
}

// kindVariable, when set, makes a failure name its meaning on stderr, for scripts that must tell failures apart.
const kindVariable = "PREFECTC_ERROR_KIND"

func newRoot(p *Process) *cobra.Command {
	root := &cobra.Command{
		Use:   "prefectc",
		Short: "compile, check, plan and apply prefect.yaml",
		Long: `prefectc reads prefect.yaml exactly as Prefect does, understands all of it, says everything
that is wrong at the place where it is wrong, and deploys it by a plan.

  prefectc check            check ./prefect.yaml
  prefectc plan --all       show what deploying would change
  prefectc apply --all      deploy, in place of "prefect deploy --all"`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.ArbitraryArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	root.SetIn(p.Stdin)
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newCheck(p), newExplain(p), newVersion(p), newLSP(p), newPlan(p), newApply(p),
		newRender(p), newSchema(p), newSteps(p), newGraph(p), newReport(p), newInit(p))
	for _, cmd := range root.Commands() {
		if accepts := cmd.Args; accepts != nil {
			cmd.Args = func(cmd *cobra.Command, args []string) error {
				if accepts(cmd, args) != nil {
					return usage("too many arguments: %q; the command is %s", args, cmd.UseLine())
				}
				return nil
			}
		}
	}
	return root
}
