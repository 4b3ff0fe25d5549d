package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var stepShape = &Rule{
	Name:     "step-shape",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "a step is a mapping of one key, its import path; its arguments are indented below it",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			keys := 0
			if m.Value != nil {
				keys = len(m.Value.Entries())
			}
			if keys < 2 {
				if torn(p, m) {
					return // yaml-syntax speaks
				}
				reportMisfit(p, m, "a step needs one key, its import path, such as prefect.deployments.steps.git_clone")
				return
			}
			if isDeployment(m.Value) {
				reportMisfit(p, m, "a deployment stands in the list of steps, where prefect does not deploy it: align it with the deployments").
					Span = spanOfKeys(m.Value)
				return
			}
			step, rest := splitStep(m.Value)
			if !strings.Contains(step, ".") && torn(p, m) {
				return // yaml-syntax speaks
			}
			f := reportMisfit(p, m, "a step has one key, but this mapping has %d: indent %s below %s", keys, strings.Join(rest, ", "), step)
			f.Span = spanOfKeys(m.Value)
			if pairs := m.Value.Pairs; len(pairs) > 1 && pairs[0].Key.KeyText() == step {
				f.Span = pairs[1].Key.Span
				f.Also(pairs[0].Key.Span, "the step begins here")
			}
			if edits := indentArguments(p.Model.Source, m.Value, step); edits != nil {
				f.UnsafeFix("indent the arguments below the step", edits...)
			}
		}, schema.NotOneKey)
	},
}

// torn holds for an item of a list in which something could not be read.
func torn(p *Pass, m *model.Misfit) bool {
	return m.Parent != nil && m.Parent.Kind == yamldoc.Sequence && damaged(p, m.Parent)
}

// isDeployment holds for a mapping with the keys of a deployment, and none that could be a step.
func isDeployment(n *yamldoc.Node) bool {
	if step, _ := splitStep(n); strings.Contains(step, ".") {
		return false
	}
	return holds(n, "name") && (holds(n, "entrypoint") || holds(n, "work_pool"))
}

// splitStep tells the key that looks like an import path from its arguments.
func splitStep(n *yamldoc.Node) (step string, rest []string) {
	for _, e := range n.Entries() {
		if step == "" && strings.Contains(e.Key.KeyText(), ".") {
			step = e.Key.KeyText()
		} else {
			rest = append(rest, e.Key.KeyText())
		}
	}
	if step == "" && len(rest) > 0 {
		step, rest = rest[0], rest[1:]
	}
	return step, rest
}

func spanOfKeys(n *yamldoc.Node) source.Span {
	if len(n.Pairs) == 0 {
		return n.Span
	}
	return n.Pairs[0].Key.Span
}

// indentArguments moves the lines of the arguments four columns to the right, if the step's key is empty and comes first.
func indentArguments(f *source.File, n *yamldoc.Node, step string) []diag.Edit {
	if n.Style != yamldoc.Block || len(n.Pairs) < 2 || n.Pairs[0].Key.KeyText() != step {
		return nil
	}
	if v := n.Pairs[0].Value; v.Kind != yamldoc.Null || v.Span.Len() > 0 {
		return nil
	}
	return indentLines(f, n.Pairs[1:], "    ")
}

// indentLines moves the lines of entries in block style to the right.
func indentLines(f *source.File, list []yamldoc.Pair, by string) []diag.Edit {
	var edits []diag.Edit
	end := 0
	for _, e := range list {
		end = max(end, e.Span.End)
	}
	for line := f.LineOf(list[0].Key.Span.Start); line <= f.LineOf(max(end-1, 0)); line++ {
		if span := f.LineSpan(line); strings.TrimSpace(f.Slice(span)) != "" {
			edits = append(edits, Insert(span.Start, by))
		}
	}
	return edits
}
