package cli

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/internal/render"
	"github.com/prefectc/prefectc/plan"
)

func newPlan(p *Process) *cobra.Command {
	var f deployFlags
	var offline, detailed bool
	var output string
	cmd := &cobra.Command{
		Use:   "plan [ENTRYPOINT | DIR...]",
		Short: "show what apply would do, and change nothing",
		Long: `plan compiles the file, reads what the Prefect server holds, and shows for each selected deployment what apply would
create or change. With --offline it asks no server, starts no process and runs no code.

With directories, or several --prefect-file, it is one plan over all of them. What -o writes can be carried out by
"prefectc apply PLANFILE", as long as nothing has changed since.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runPlan(cmd.Context(), p, &f, args, offline, detailed, output)
		},
	}
	f.bind(cmd.Flags())
	cmd.Flags().Lookup("format").Usage = "text, json, or markdown for a comment on a change"
	cmd.Flags().BoolVar(&offline, "offline", false, "do not ask the server")
	cmd.Flags().BoolVar(&detailed, "detailed-exitcode", false, "exit with 4 when there is something to change")
	cmd.Flags().StringVarP(&output, "output", "o", "", "write the plan as JSON to `FILE` too; apply FILE carries it out")
	return cmd
}

func runPlan(ctx context.Context, p *Process, f *deployFlags, args []string, offline, detailed bool, output string) error {
	color, err := f.view(p, "text", "json", "markdown")
	if err != nil {
		return err
	}
	b := &batch{process: p, flags: f, args: args, color: color, offline: offline, started: time.Now()}
	b.now = b.started
	defer b.Close()
	if err := b.plan(ctx, "plan", executor.Options{}); err != nil {
		return err
	}
	if err := b.drifted(); err != nil {
		return err
	}
	doc, err := b.document()
	if err != nil {
		return err
	}
	if output != "" {
		if err := os.WriteFile(p.abs(output), doc, 0o600); err != nil {
			return usage("cannot write %s: %v", output, plainError(err))
		}
	}
	switch f.format {
	case "json":
		_, err = p.Stdout.Write(doc)
	case "markdown":
		err = render.PlanMarkdown(p.Stdout, b.whole(), b.planView())
	default:
		err = render.Plan(p.Stdout, b.whole(), b.planView())
	}
	if err == nil && detailed && changes(b.whole()) {
		return &exit{code: exitChanges}
	}
	return err
}

// plan makes the whole plan, or says what stands in the way of what it is for: a plan or a deployment.
func (b *batch) plan(ctx context.Context, what string, opt executor.Options) error {
	if err := b.open(ctx, b.args); err != nil {
		return err
	}
	stop, rest := b.blocking()
	if len(stop) == 0 {
		if err := b.remember(what != "plan"); err != nil {
			return err
		}
		var err error
		if stop, err = b.complete(ctx, opt); err != nil {
			return err
		}
	}
	if err := b.say(append(rest, stop...)); err != nil {
		return err
	}
	if len(stop) > 0 {
		return b.refused(what, stop)
	}
	return nil
}

// view checks the flags that say how things are drawn.
func (f *deployFlags) view(p *Process, formats ...string) (color bool, err error) {
	if !slices.Contains(formats, f.format) {
		last := len(formats) - 1
		return false, usage("--format is %s or %s, not %q", strings.Join(formats[:last], ", "), formats[last], f.format)
	}
	return p.colored(f.color)
}

func (w *work) evaluateOffline(b *batch) error {
	for _, d := range w.plan.Deployments {
		r, err := d.Evaluate(plan.Evaluation{
			Generation: w.plan.Generation, Env: w.Getenv, Partial: true, ResolveBlocks: b.flags.resolve, Now: b.now.UTC(),
			Known: w.known(),
		})
		if err != nil {
			return failed("", err)
		}
		d.Registration = r
	}
	return nil
}

// known gives the step outputs that follow from the file and this machine's environment; nil without a file.
func (w *work) known() func(*model.Deployment) *value.Map {
	if w.result == nil {
		return nil
	}
	return w.result.Facts.Links().In(model.World{Env: w.Getenv}).KnownOutputs
}

// refused is the error of a plan that findings stop.
func (b *batch) refused(what string, stop []diag.Diagnostic) error {
	whole := b.whole()
	kind := kindOf(stop[0], whole.Generation)
	if kind == "name-missing" && slices.ContainsFunc(whole.Deployments, func(d *plan.Deployment) bool { return d.Entrypoint == "" }) {
		kind = "entrypoint-missing" // which Prefect asks for first
	}
	return failed(kind, fmt.Errorf("nothing was done: %s above must be mended before a %s, or allowed with --allow %s",
		count(len(stop), "finding"), what, strings.Join(rulesOf(stop), ",")))
}

// rulesOf names the rules of findings, each once.
func rulesOf(found []diag.Diagnostic) []string {
	var names []string
	for i := range found {
		if !slices.Contains(names, found[i].Rule) {
			names = append(names, found[i].Rule)
		}
	}
	return names
}

func count(n int, word string) string {
	if n == 1 {
		return "the " + word
	}
	return fmt.Sprintf("the %d %ss", n, word)
}

// outputs are the names that a step's outputs are known by.
func (w *work) outputs(path string) []string {
	info, _ := w.compiler.Language().Steps(w.plan.Generation).Lookup(path)
	if info == nil {
		return nil
	}
	var names []string
	for i := range info.Outputs {
		names = append(names, info.Outputs[i].Name)
	}
	return names
}

// changes reports whether the plan would do anything.
func changes(p *plan.Plan) bool {
	for _, d := range p.Deployments {
		if d.Action != plan.None {
			return true
		}
	}
	return slices.ContainsFunc(p.Gone, func(g *plan.Gone) bool { return g.Deletes })
}
