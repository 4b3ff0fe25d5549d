package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/internal/render"
	"github.com/prefectc/prefectc/plan"
)

// applyFlags are the flags that only apply has.
type applyFlags struct {
	deployFlags
	yes, noShare, resume bool
	parallel             int
	stepTimeout          time.Duration
}

func newApply(p *Process) *cobra.Command {
	var f applyFlags
	cmd := &cobra.Command{
		Use:   "apply [ENTRYPOINT | PLANFILE | DIR...]",
		Short: "deploy, in place of prefect deploy",
		Long: `apply checks everything that can be checked, runs the build and push steps, and registers the deployments that differ from
what the server holds. A failure of one deployment does not stop the others; the table at the end says what became of each.

A PLANFILE is what plan -o wrote: apply does exactly that, without asking, or says what has changed since. With directories, or
several --prefect-file, each project is deployed from its own directory.

What was done is written down in .prefectc/ beside the project as it happens: --resume goes on where an apply was stopped.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return runApply(cmd.Context(), p, &f, args) },
	}
	f.bind(cmd.Flags())
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask on a terminal")
	cmd.Flags().IntVar(&f.parallel, "parallel", executor.DefaultParallel, "deployments registered at the same time; when given, also deployments whose steps may run at the same time")
	cmd.Flags().DurationVar(&f.stepTimeout, "step-timeout", 0, "end a step that takes longer than this `TIME`, such as 90s or 10m; 0 lets it")
	cmd.Flags().BoolVar(&f.noShare, "no-share-steps", false, "run steps for each deployment anew, as prefect deploy does")
	cmd.Flags().BoolVar(&f.resume, "resume", false, "skip what the last apply, which did not come to its end, has done")
	return cmd
}

// parallelSteps is what --parallel means for steps: nothing unless it is given.
func (f *applyFlags) parallelSteps() int {
	if f.set.Changed("parallel") {
		return f.parallel
	}
	return executor.DefaultParallelSteps
}

func runApply(ctx context.Context, p *Process, f *applyFlags, args []string) error {
	color, err := f.view(p, "text", "json")
	if err != nil {
		return err
	}
	planned, err := f.planFile(p, args)
	if err != nil {
		return err
	}
	b := &batch{process: p, flags: &f.deployFlags, args: args, color: color, started: time.Now()}
	b.now = b.started
	if planned != nil {
		b.args, b.now = planned.arguments, planned.at
	}
	b.progress = p.progress(color)
	defer b.Close()
	if f.prune && !f.yes && !p.canAsk(f) {
		return usage("--prune deletes, and nobody can be asked here: add --yes")
	}
	if planned != nil {
		if err := planned.unchangedFiles(p); err != nil {
			return err
		}
	}
	if err := b.plan(ctx, "deployment", executor.Options{
		Parallel: f.parallel, ParallelSteps: f.parallelSteps(), Share: !f.noShare, Events: b.progress,
		StepTimeout: f.stepTimeout, Hurry: p.hurry,
	}); err != nil {
		return err
	}
	if planned != nil {
		if err := planned.same(b); err != nil {
			return err
		}
	} else if err := b.drifted(); err != nil {
		return err
	}
	if ok, err := b.confirm(ctx, f); err != nil || !ok {
		return err
	}
	if err := b.begin(f.resume); err != nil {
		return err
	}
	return b.apply(ctx, f)
}

// apply carries the plans out.
func (b *batch) apply(ctx context.Context, f *applyFlags) error {
	var executors []*executor.Executor
	for _, w := range b.works {
		executors = append(executors, w.executor)
	}
	b.progress.Begin(len(b.whole().Deployments))
	results, ended := executor.Apply(ctx, executors)
	b.progress.Close()
	complete := true
	for _, r := range results {
		complete = complete && r.Err == nil
	}
	kept := 0
	for _, w := range b.works {
		var deletes []*plan.Gone
		for _, g := range w.plan.Gone {
			if g.Deletes {
				deletes = append(deletes, g)
			}
		}
		if !complete || ended != nil {
			kept += len(deletes)
			continue
		}
		results = append(results, w.executor.Prune(ctx, deletes)...)
	}
	for _, r := range results {
		complete = complete && r.Err == nil
	}
	journals := b.end(complete && ended == nil)
	if err := b.showResults(f, results, kept); err != nil {
		return err
	}
	if err := applyError(results, ended); err != nil {
		return err
	}
	if journals != nil {
		return failed("state", fmt.Errorf("all is done, but not remembered: %w", journals))
	}
	return nil
}

// progress is a drawing on a terminal and lines elsewhere.
func (p *Process) progress(color bool) *render.Progress {
	if stderr, isFile := p.Stderr.(*os.File); isFile && isTerminal(stderr) {
		return render.NewLiveProgress(stderr, color, terminalColumns(stderr))
	}
	return render.NewProgress(p.Stderr, color)
}

// canAsk reports whether somebody is there to say yes. Prefect's own flags for that count first.
func (p *Process) canAsk(f *applyFlags) bool {
	return f.format == "text" && !f.noPrompt && (f.prompt || p.interactive())
}

// confirm asks on a terminal when there is something to change.
func (b *batch) confirm(ctx context.Context, f *applyFlags) (bool, error) {
	p := b.process
	if f.yes || !p.canAsk(f) || !changes(b.whole()) {
		return true, nil
	}
	if err := render.Plan(b.process.Stdout, b.whole(), b.planView()); err != nil {
		return false, err
	}
	answer, err := p.dialog().ask(ctx, "\napply this? [y/N] ")
	if err != nil {
		return false, err
	}
	switch strings.ToLower(answer) {
	case "y", "yes":
		return true, nil
	}
	return false, failed("not-confirmed", errors.New("nothing was done: not confirmed"))
}

func (b *batch) showResults(f *applyFlags, results []executor.Result, kept int) error {
	p := b.process
	if f.format == "json" {
		settings := b.works[0].client.Settings()
		if err := render.ResultsJSON(p.Stdout, results, settings.UILink); err != nil {
			return err
		}
	} else if err := render.Results(p.Stdout, results, b.color); err != nil {
		return err
	}
	if kept > 0 {
		_, _ = fmt.Fprintf(p.Stderr, "prefectc: %s that left the file: not deleted, because the apply is not complete\n", render.CountOf(kept, "deployment"))
	}
	if left := render.Left(b.whole().Gone, f.prune); left != "" {
		_, _ = fmt.Fprintf(p.Stderr, "prefectc: %s\n", left)
	}
	return nil
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
		return failed("cancelled", fmt.Errorf("stopped; %d of %d deployments are not done: apply --resume goes on from there", n, len(results)))
	case err != nil:
		return serverError(err)
	case n > 0:
		return failed(kind, fmt.Errorf("%d of %d deployments failed", n, len(results)))
	}
	return nil
}
