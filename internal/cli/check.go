package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/internal/render"
	"github.com/prefectc/prefectc/schema"
)

// checkFlags are the flags of check.
type checkFlags struct {
	format, output, color, failOn, stdinName string
	baseline                                 string
	selected, ignored                        []string
	generation                               int
	fix, unsafeFixes, diff, writeBaseline    bool
	full, quiet, watch, addIgnores           bool
}

func newCheck(p *Process) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "say everything that is wrong with prefect.yaml files",
		Long: `check reads files, directories, globs or - (standard input); without any, ./prefect.yaml. It runs no code, starts no
process and opens no connection.

A comment keeps a rule silent: "# prefectc: ignore[RULE] why" at the end of a line, alone on the line above, or at the top
of the file; --add-ignores writes such comments for all that is found now. A baseline accepts what is there today: --baseline FILE --write-baseline writes it, --baseline FILE reads it.

Exit code 0: nothing at or above --fail-on; 1: there is; 2: no input or wrong usage.`,
		RunE: func(cmd *cobra.Command, args []string) error { return runCheck(cmd.Context(), p, f, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "how findings are written: "+strings.Join(render.Formats(), ", "))
	flags.StringVarP(&f.output, "output", "o", "", "write them to `FILE` instead of standard output")
	flags.StringVar(&f.color, "color", "auto", "colours: auto, always or never")
	flags.BoolVar(&f.full, "full", false, "in text, show each note with its lines, not one line for each rule")
	flags.BoolVar(&f.quiet, "quiet", false, "write only what makes the check fail, in any format; in text without the summary")
	flags.StringVar(&f.failOn, "fail-on", "error", "least `SEVERITY` that makes the exit code 1: error, warning or info")
	flags.StringSliceVar(&f.selected, "select", nil, "run only these `RULES`")
	flags.StringSliceVar(&f.ignored, "ignore", nil, "leave these `RULES` out")
	flags.StringVar(&f.stdinName, "stdin-filename", "prefect.yaml", "`NAME` of the file that comes in on standard input")
	flags.IntVar(&f.generation, "prefect", 0, "major `VERSION` of Prefect to check for, 2 or 3; without it the file's")
	flags.BoolVar(&f.fix, "fix", false, "change the files: apply all safe fixes")
	flags.BoolVar(&f.unsafeFixes, "unsafe-fixes", false, "with --fix or --diff, apply fixes that may change more than the mistake too")
	flags.BoolVar(&f.diff, "diff", false, "show what --fix would change, and change nothing")
	flags.StringVar(&f.baseline, "baseline", "", "`FILE` of findings that are accepted and not shown")
	flags.BoolVar(&f.writeBaseline, "write-baseline", false, "accept every finding of now: write them to the --baseline")
	flags.BoolVar(&f.addIgnores, "add-ignores", false, "change the files: write a comment for every finding that keeps it silent")
	flags.BoolVar(&f.watch, "watch", false, "check again whenever a file changes, until Ctrl-C")
	return cmd
}

// checked is what a check command is asked to do, after its flags were read.
type checked struct {
	checkFlags
	threshold  diag.Severity
	generation schema.Generation
	color      bool
	known      *baseline // nil without one
}

func (f checkFlags) read(p *Process, args []string) (*checked, error) {
	c := &checked{checkFlags: f}
	var err error
	if c.threshold, err = severityNamed(f.failOn); err != nil {
		return nil, err
	}
	if c.generation, err = generation(f.generation); err != nil {
		return nil, err
	}
	if c.color, err = p.colored(f.color); err != nil {
		return nil, err
	}
	if _, err = rules.Choose(withoutPolicies(f.selected), withoutPolicies(f.ignored)); err != nil {
		return nil, usage("%v; prefectc explain --all lists the rules", err)
	}
	switch {
	case !slices.Contains(render.Formats(), f.format):
		return nil, usage("there is no --format %q: %s are", f.format, strings.Join(render.Formats(), ", "))
	case f.unsafeFixes && !f.fix && !f.diff:
		return nil, usage("--unsafe-fixes says which fixes --fix and --diff take: give one of them too")
	case f.fix && f.diff:
		return nil, usage("--fix changes the files and --diff only shows how: give one of them")
	case f.fix && slices.Contains(args, "-"):
		return nil, usage("--fix cannot change standard input: --diff shows what it would do")
	case f.addIgnores && (f.fix || f.unsafeFixes || f.baseline != ""):
		return nil, usage("--add-ignores keeps every finding silent that is there: mend or accept some in a call of its own")
	case f.addIgnores && !f.diff && slices.Contains(args, "-"):
		return nil, usage("--add-ignores cannot change standard input: --diff shows what it would do")
	case f.watch && (f.fix || f.diff || f.addIgnores || f.writeBaseline):
		return nil, usage("--watch only looks: it goes with none of --fix, --diff, --add-ignores and --write-baseline")
	case f.watch && slices.Contains(args, "-"):
		return nil, usage("--watch cannot watch standard input")
	case f.writeBaseline && f.baseline == "":
		return nil, usage("--write-baseline needs to know where: --baseline FILE")
	case f.baseline != "" && !f.writeBaseline:
		c.known, err = p.readBaseline(f.baseline)
	}
	return c, err
}

// withoutPolicies leaves out the names of policies, which only the project's configuration knows.
func withoutPolicies(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), compiler.IsPolicy)
}

func runCheck(ctx context.Context, p *Process, f checkFlags, args []string) error {
	c, err := f.read(p, args)
	if err != nil {
		return err
	}
	engine, err := compiler.Shared()
	if err != nil {
		return &exit{code: exitInternal, err: err}
	}
	if f.watch {
		return p.watch(ctx, engine, f, args)
	}
	return p.checkOnce(ctx, engine, c, args, nil)
}

// checkOnce checks the files that the arguments name. What it looks at is noted in w, if that is given.
func (p *Process) checkOnce(ctx context.Context, engine *compiler.Compiler, c *checked, args []string, w *watched) error {
	files, missing, err := p.inputsUntil(ctx, args, c.stdinName)
	if err != nil {
		return err
	}
	if len(files) == 0 && len(missing) > 0 {
		return usageAll(missing)
	}
	boundMemory(files)
	report := &render.Report{Version: Version, Base: p.Dir, FailOn: c.threshold, Rules: ruleInfos()}
	inputs, changes, err := p.checkInputs(ctx, engine, c, files, w)
	if err != nil {
		return err
	}
	if err := checkAll(ctx, engine, inputs, report); err != nil {
		return stoppedOr(err)
	}
	switch {
	case c.diff:
		err = diffDone(changes)
	case c.writeBaseline:
		err = p.writeBaseline(c.baseline, report)
	default:
		c.known.apply(p, report)
		if c.quiet {
			report.OnlyFailures()
		}
		err = p.writeReport(c, report)
	}
	if len(missing) > 0 {
		p.report(err)
		return usageAll(missing)
	}
	return err
}

// checkInputs finds what belongs to each file, and changes the files first where that is asked for.
func (p *Process) checkInputs(ctx context.Context, engine *compiler.Compiler, c *checked, files []*source.File, w *watched) (inputs []compiler.Input, changes int, err error) {
	projects := p.configs(engine, c.color)
	for _, file := range files {
		w.noteConfigs(p.abs(file.Path))
		project, err := projects.of(ctx, file.Path)
		if err != nil {
			return nil, 0, err
		}
		in := compiler.Input{File: file, Generation: c.generation, Config: project, Read: p.watchedReader(file.Path, w), List: p.lister(file.Path), Select: c.selected, Ignore: c.ignored,
			All: c.baseline != ""}
		n := 0
		switch {
		case c.addIgnores:
			n, err = p.addIgnores(ctx, engine, &in, c.diff)
		case c.fix || c.diff:
			n, err = p.fix(ctx, engine, &in, c.checkFlags)
		}
		if err != nil {
			return nil, 0, err
		}
		changes += n
		inputs = append(inputs, in)
	}
	return inputs, changes, nil
}

// diffDone ends a --diff: as with diff(1), a difference is exit code 1.
func diffDone(changes int) error {
	if changes > 0 {
		return &exit{code: exitFindings}
	}
	return nil
}

// writeReport writes what was found and makes the exit code.
func (p *Process) writeReport(c *checked, report *render.Report) error {
	out, done, err := p.output(c.output)
	if err != nil {
		return err
	}
	text := p.text(c.color)
	text.Brief, text.Hints, text.NoSummary = !c.full && c.threshold != diag.Info, p.Terminal, c.quiet
	if c.output != "" {
		text = render.Text{Brief: text.Brief, NoSummary: c.quiet}
	}
	err = report.Write(out, c.format, text)
	if closeErr := done(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	for i := range report.Findings {
		if report.Findings[i].Severity <= c.threshold {
			return &exit{code: exitFindings}
		}
	}
	return nil
}

// stoppedOr is the error of a check that did not end by itself.
func stoppedOr(err error) error {
	if err == context.Canceled { //nolint:errorlint // as the context gives it
		return &exit{code: exitFindings, kind: "cancelled", err: fmt.Errorf("stopped")}
	}
	return usage("%v", err)
}

// usageAll is the usage error of several inputs.
func usageAll(errs []error) error {
	lines := make([]string, len(errs))
	for i, err := range errs {
		lines[i] = err.Error()
	}
	return usage("%s", strings.Join(lines, "\nprefectc: "))
}

func ruleInfos() []render.RuleInfo {
	var infos []render.RuleInfo
	for _, r := range rules.All() {
		infos = append(infos, render.RuleInfo{Name: r.Name, Summary: r.Summary, Severity: r.Severity, URL: rules.PageURL(r.Name),
			Page: func() string { return pageOf(r) }})
	}
	return infos
}

func severityNamed(name string) (diag.Severity, error) {
	for _, s := range []diag.Severity{diag.Error, diag.Warning, diag.Info} {
		if s.String() == name {
			return s, nil
		}
	}
	return 0, usage("--fail-on is error, warning or info, not %q", name)
}

func generation(n int) (schema.Generation, error) {
	switch n {
	case 0, 2, 3:
		return schema.Generation(n), nil
	}
	return 0, usage("--prefect is 2 or 3, not %d", n)
}

// colored decides on colour: the flag, then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, then whether this is a terminal.
func (p *Process) colored(flag string) (bool, error) {
	switch flag {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
	default:
		return false, usage("--color is auto, always or never, not %q", flag)
	}
	if v, _ := p.Getenv("NO_COLOR"); v != "" {
		return false, nil
	}
	for _, name := range []string{"FORCE_COLOR", "CLICOLOR_FORCE"} {
		if v, _ := p.Getenv(name); v != "" && v != "0" {
			return true, nil
		}
	}
	if term, _ := p.Getenv("TERM"); term == "dumb" {
		return false, nil
	}
	return p.Terminal, nil
}

// text is how findings are drawn for people.
func (p *Process) text(color bool) render.Text {
	return render.Text{Color: color, Links: p.links(color), Width: p.width(), Base: p.Dir}
}

// links decides on hyperlinks: FORCE_HYPERLINK, then whether this is a terminal with colours.
func (p *Process) links(color bool) bool {
	if v, set := p.Getenv("FORCE_HYPERLINK"); set {
		return v != "0"
	}
	return color && p.Terminal
}

// output opens where findings go.
func (p *Process) output(name string) (io.Writer, func() error, error) {
	if name == "" {
		return p.Stdout, func() error { return nil }, nil
	}
	var b bytes.Buffer
	return &b, func() error {
		if err := os.WriteFile(p.abs(name), b.Bytes(), 0o644); err != nil {
			return usage("cannot write %s: %v", name, plainError(err))
		}
		return nil
	}, nil
}
