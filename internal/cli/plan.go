package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/internal/render"
	"github.com/prefectc/prefectc/plan"
)

func runPlan(ctx context.Context, p *Process, f *deployFlags, args []string, offline, detailed bool, output string) error {
	color, err := f.view(p)
	if err != nil {
		return err
	}
	w, err := f.prepare(ctx, p, args, offline)
	if err != nil {
		return err
	}
	stop, rest := blocking(w.found, f.allow)
	if len(stop) == 0 {
		stop, err = w.complete(ctx, p, f)
		if err != nil {
			return err
		}
	}
	if err := w.say(p, color, append(rest, stop...)); err != nil {
		return err
	}
	if len(stop) > 0 {
		return w.refused("plan", stop)
	}
	doc, err := w.document()
	if err != nil {
		return err
	}
	if output != "" {
		if err := os.WriteFile(p.abs(output), doc, 0o600); err != nil {
			return usage("cannot write %s: %v", output, plainError(err))
		}
	}
	if f.format == "json" {
		_, err = p.Stdout.Write(doc)
	} else {
		err = render.Plan(p.Stdout, w.plan, render.PlanView{Color: color, Server: w.server, Outputs: w.outputs, Width: p.width()})
	}
	if err == nil && detailed && changes(w.plan) {
		return &exit{code: exitChanges}
	}
	return err
}

// view checks the flags that say how things are drawn.
func (f *deployFlags) view(p *Process) (color bool, err error) {
	if f.format != "text" && f.format != "json" {
		return false, usage("--format is text or json, not %q", f.format)
	}
	return p.colored(f.color)
}

// complete finishes the plan with what the server and the flows' own code tell; offline with what is known.
func (w *work) complete(ctx context.Context, p *Process, f *deployFlags) ([]diag.Diagnostic, error) {
	if w.client == nil {
		return nil, w.evaluateOffline(p, f)
	}
	e := w.executor(p, f, executor.Options{})
	defer e.Close() //nolint:errcheck // nothing runs in it any more
	found, err := e.Prepare(ctx)
	if err != nil {
		return nil, serverError(err)
	}
	return found, nil
}

func (w *work) executor(p *Process, f *deployFlags, opt executor.Options) *executor.Executor {
	opt.Client, opt.Env, opt.Getenv, opt.Early = w.client, p.Env, p.Getenv, w.early
	opt.ResolveBlocks, opt.Allow, opt.Known = f.resolve, f.allow, w.known(p)
	return executor.New(w.plan, opt)
}

func (w *work) evaluateOffline(p *Process, f *deployFlags) error {
	for _, d := range w.plan.Deployments {
		r, err := d.Evaluate(plan.Evaluation{
			Generation: w.plan.Generation, Env: p.Getenv, Partial: true, ResolveBlocks: f.resolve, Now: time.Now().UTC(),
			Known: w.known(p),
		})
		if err != nil {
			return failed("", err)
		}
		d.Registration = r
	}
	return nil
}

// known gives the step outputs that follow from the file and this machine's environment; nil without a file.
func (w *work) known(p *Process) func(*model.Deployment) *value.Map {
	if w.result == nil {
		return nil
	}
	return w.result.Facts.Links().In(model.World{Env: p.Getenv}).KnownOutputs
}

// say writes findings to standard error.
func (w *work) say(p *Process, color bool, found []diag.Diagnostic) error {
	return render.Text{Color: color, Width: p.width(), Brief: true}.Diagnostics(p.Stderr, diag.Sort(found))
}

// refused is the error of a plan that findings stop.
func (w *work) refused(what string, stop []diag.Diagnostic) error {
	kind := kindOf(stop[0], w.plan.Generation)
	if kind == "name-missing" && slices.ContainsFunc(w.plan.Deployments, func(d *plan.Deployment) bool { return d.Entrypoint == "" }) {
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

func changes(p *plan.Plan) bool {
	for _, d := range p.Deployments {
		if d.Action != plan.None {
			return true
		}
	}
	return false
}

// document is the plan as JSON.
func (w *work) document() ([]byte, error) {
	list := []value.Value{}
	for _, d := range w.plan.Deployments {
		list = append(list, d.JSON(w.outputs))
	}
	file := value.Value(nil)
	if w.plan.File != nil {
		file = w.plan.File.Path
	}
	doc, err := value.JSON(value.NewMap("schema_version", int64(render.SchemaVersion), "prefect", int64(w.plan.Generation),
		"server", w.server, "file", file, "deployments", list))
	if err != nil {
		return nil, &exit{code: exitInternal, err: fmt.Errorf("writing the plan: %w", err)}
	}
	return render.Indent(bytes.TrimSpace(doc))
}
