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
)

// PageURL is where a rule's page can be read.
func PageURL(rule string) string {
	return "https://github.com/prefectc/prefectc/blob/main/docs/rules/" + rule + ".md"
}

// Run checks a model with the given rules. A panic in a rule becomes one finding of that rule, at the top of the file.
// It returns early, with what it has, when ctx ends. Severities are as facts.Levels has them. A file that others are generated from gets one notice, see [templateSource].
func Run(ctx context.Context, m *model.File, facts *Facts, list []*Rule) ([]diag.Diagnostic, error) {
	if _, what := sourceOf(m); what != "" {
		list = slices.DeleteFunc(slices.Clone(list), func(r *Rule) bool { return r != templateSource })
	}
	// Rules know nothing of each other, so that they can share the processors.
	found := make([][]diag.Diagnostic, len(list))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(maxWorkers, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(list) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if r := list[i]; r.Only == 0 || r.Only == m.Generation {
					found[i] = runOne(m, facts, r)
				}
			}
		})
	}
	wait.Wait()
	return slices.Concat(found...), ctx.Err()
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
			if p.isUnknownAlias(f) {
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
