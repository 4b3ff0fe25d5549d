package rules

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// PageURL is where a rule's page can be read.
func PageURL(rule string) string {
	return "https://github.com/prefectc/prefectc/blob/main/docs/rules/" + rule + ".md"
}

// Run checks a model with the given rules. A panic in a rule becomes one finding of that rule, at the top of the file.
// It returns early, with what it has, when ctx ends. Severities are as facts.Levels has them. A file that others are generated from
// gets one notice, see [templateSource].
func Run(ctx context.Context, m *model.File, facts *Facts, list []*Rule) ([]diag.Diagnostic, error) {
	return (&Kept{}).Run(ctx, m, facts, list)
}

// Kept is what rules found in the deployments of a file that is being edited. A caller makes sure that between two runs only
// deployments changed, and what is kept of those is forgotten.
type Kept struct {
	found map[*model.Deployment][]diag.Diagnostic
	at    circumstances
}

// circumstances are what findings in a deployment may depend on besides itself and what deployments share.
type circumstances struct{ only, generated bool }

// Run is [Run], for deployments of which nothing is kept.
func (k *Kept) Run(ctx context.Context, m *model.File, facts *Facts, list []*Rule) ([]diag.Diagnostic, error) {
	if _, what := sourceOf(m); what != "" {
		list = slices.DeleteFunc(slices.Clone(list), func(r *Rule) bool { return r != templateSource })
		k = &Kept{}
	}
	if at := (circumstances{len(m.Deployments) == 1, facts.Generated()}); k.found == nil || k.at != at {
		*k = Kept{map[*model.Deployment][]diag.Diagnostic{}, at}
	}
	whole, apart := split(list, m.Generation)
	var jobs []func() []diag.Diagnostic
	for _, r := range whole {
		jobs = append(jobs, func() []diag.Diagnostic { return runOne(m, facts, r) })
	}
	var anew []*model.Deployment
	part := func(d *model.Deployment) {
		jobs = append(jobs, func() []diag.Diagnostic { return runPart(ctx, m.Part(d), facts, apart) })
		anew = append(anew, d)
	}
	part(nil)
	for _, d := range m.Deployments {
		if _, known := k.found[d]; !known {
			part(d)
		}
	}
	found := share(ctx, jobs)
	if ctx.Err() != nil {
		return slices.Concat(found...), ctx.Err()
	}
	if len(k.found) > 2*len(m.Deployments)+16 { // most are of deployments that are gone
		k.forget(m.Deployments)
	}
	for i, d := range anew {
		k.found[d] = slices.Clip(found[len(whole)+i])
	}
	out := slices.Concat(found[:len(whole)]...)
	out = append(out, k.found[nil]...)
	for _, d := range m.Deployments {
		out = append(out, k.found[d]...)
	}
	return out, nil
}

// Edited brings what is kept up to date after an edit, which led to file: findings move with their text. Of deployments that have
// another place in the list what names it is forgotten.
func (k *Kept) Edited(c yamldoc.Change, renumbered []*model.Deployment, file *source.File) {
	for _, d := range renumbered {
		if len(k.found[d]) > 0 {
			delete(k.found, d)
		}
	}
	for _, found := range k.found {
		for i := range found {
			moveFinding(&found[i], c, file)
		}
	}
}

func moveFinding(d *diag.Diagnostic, c yamldoc.Change, file *source.File) {
	old := d.File
	d.File, d.Span = file, c.Move(d.Span)
	d.Related, d.Fixes = slices.Clone(d.Related), slices.Clone(d.Fixes) // those that were told of them keep theirs
	for i := range d.Related {
		if r := &d.Related[i]; r.File == old {
			r.File, r.Span = file, c.Move(r.Span)
		}
	}
	for i := range d.Fixes {
		fix := &d.Fixes[i]
		fix.Edits = slices.Clone(fix.Edits)
		for j := range fix.Edits {
			fix.Edits[j].Span = c.Move(fix.Edits[j].Span)
		}
	}
}

// forget drops what is kept of deployments other than those that are there.
func (k *Kept) forget(there []*model.Deployment) {
	old := k.found
	k.found = make(map[*model.Deployment][]diag.Diagnostic, len(there)+1)
	for _, d := range there {
		if found, known := old[d]; known {
			k.found[d] = found
		}
	}
}

// split parts the rules about one generation into those that look at the whole file and the others.
func split(list []*Rule, g schema.Generation) (whole, apart []*Rule) {
	for _, r := range list {
		switch {
		case r.Only != 0 && r.Only != g:
		case r.Whole:
			whole = append(whole, r)
		default:
			apart = append(apart, r)
		}
	}
	return whole, apart
}

func runPart(ctx context.Context, m *model.File, facts *Facts, list []*Rule) []diag.Diagnostic {
	facts = facts.part(m)
	var out []diag.Diagnostic
	for _, r := range list {
		if ctx.Err() != nil {
			break
		}
		out = append(out, runOne(m, facts, r)...)
	}
	return out
}

// share does jobs on several processors. What was found comes in the order of the jobs.
func share(ctx context.Context, jobs []func() []diag.Diagnostic) [][]diag.Diagnostic {
	found := make([][]diag.Diagnostic, len(jobs))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(maxWorkers, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(jobs) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				found[i] = jobs[i]()
			}
		})
	}
	wait.Wait()
	return found
}

// maxWorkers bounds the rules that run at the same time; more would wait for the same facts.
const maxWorkers = 4

func runOne(m *model.File, facts *Facts, r *Rule) (out []diag.Diagnostic) {
	p := &Pass{Model: m, Facts: facts, rule: r}
	defer func() {
		if failure := recover(); failure != nil {
			p.found = nil
			p.Report(source.At(0), "internal error in this rule, please report it: %v", failure)
			p.found[0].Severity, p.found[0].Blocks = diag.Info, false
			p.found[0].URL = PageURL(r.Name)
			out = append(out, p.found[0].Diagnostic)
			return
		}
		level, set := p.severity()
		for _, f := range p.found {
			if p.unreadable(f) {
				continue
			}
			if set {
				f.Severity, f.Blocks = level, f.Blocks && level == diag.Error
			}
			f.URL = PageURL(r.Name)
			out = append(out, f.Diagnostic)
		}
	}()
	r.Run(p)
	return out
}

// String makes a rule readable in messages.
func (r *Rule) String() string { return fmt.Sprintf("%s (%s)", r.Name, r.Severity) }
