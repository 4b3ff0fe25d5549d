package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/internal/render"
)

// applyFlags are the flags that only apply has.
type applyFlags struct {
	deployFlags
	yes, noShare bool
	parallel     int
}

func newApply(p *Process) *cobra.Command {
	var f applyFlags
	cmd := &cobra.Command{
		Use:   "apply [ENTRYPOINT]",
		Short: "deploy, in place of prefect deploy",
		Long: `apply checks everything that can be checked, runs the build and push steps, and registers the deployments that differ from
what the server holds. A failure of one deployment does not stop the others; the table at the end says what became of each.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runApply(cmd.Context(), p, &f, args) },
	}
	f.bind(cmd.Flags())
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask on a terminal")
	cmd.Flags().IntVar(&f.parallel, "parallel", executor.DefaultParallel, "deployments registered at the same time")
	cmd.Flags().BoolVar(&f.noShare, "no-share-steps", false, "run steps for each deployment anew, as prefect deploy does")
	return cmd
}

func runApply(ctx context.Context, p *Process, f *applyFlags, args []string) error {
	color, err := f.view(p)
	if err != nil {
		return err
	}
	w, err := f.prepare(ctx, p, args, false)
	if err != nil {
		return err
	}
	stop, rest := blocking(w.found, f.allow)
	progress := render.NewProgress(p.Stderr, color)
	e := w.executor(p, &f.deployFlags, executor.Options{Parallel: f.parallel, Share: !f.noShare, Events: progress})
	defer e.Close() //nolint:errcheck // nothing runs in it any more
	if len(stop) == 0 {
		if stop, err = e.Prepare(ctx); err != nil {
			return serverError(err)
		}
	}
	if err := w.say(p, color, append(rest, stop...)); err != nil {
		return err
	}
	if len(stop) > 0 {
		return w.refused("deployment", stop)
	}
	if ok, err := p.confirm(w, f, color); err != nil || !ok {
		return err
	}
	results, err := e.Apply(ctx)
	if err := w.showResults(p, f, color, results); err != nil {
		return err
	}
	return applyError(results, err)
}

// confirm asks on a terminal when there is something to change.
func (p *Process) confirm(w *work, f *applyFlags, color bool) (bool, error) {
	stdin, isFile := p.Stdin.(*os.File)
	if f.yes || f.format != "text" || !p.Terminal || !isFile || !isTerminal(stdin) || !changes(w.plan) {
		return true, nil
	}
	if err := render.Plan(p.Stdout, w.plan, render.PlanView{Color: color, Server: w.server, Outputs: w.outputs, Width: p.width()}); err != nil {
		return false, err
	}
	_, _ = fmt.Fprint(p.Stdout, "\napply this? [y/N] ")
	line, _ := bufio.NewReader(p.Stdin).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return true, nil
	}
	return false, failed("not-confirmed", errors.New("nothing was done: not confirmed"))
}

func (w *work) showResults(p *Process, f *applyFlags, color bool, results []executor.Result) error {
	settings := w.client.Settings()
	if f.format == "json" {
		return render.ResultsJSON(p.Stdout, results, settings.UILink)
	}
	return render.Results(p.Stdout, results, color)
}

// applyError says that an apply did not complete, with the meaning of its first failure.
func applyError(results []executor.Result, err error) error {
	n := 0
	kind := ""
	for _, r := range results {
		if r.Err != nil {
			n++
			if kind == "" {
				kind = failureKind(r)
			}
		}
	}
	switch {
	case errors.Is(err, context.Canceled):
		return failed("cancelled", fmt.Errorf("stopped; %d of %d deployments are not done", n, len(results)))
	case err != nil:
		return serverError(err)
	case n > 0:
		return failed(kind, fmt.Errorf("%d of %d deployments failed", n, len(results)))
	}
	return nil
}
