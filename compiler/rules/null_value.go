package rules

import (
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var nullValue = &Rule{
	Name:     "null-value",
	Severity: diag.Error,
	Fixes:    SafeFix | UnsafeFix,
	Summary:  "a key left empty where Prefect does not take null for nothing",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			if slipped := slippedFrom(p, m); len(slipped) > 0 {
				f := reportMisfit(p, m, "%s is empty (null): indent %s below it%s", subject(m), keysOf(slipped), consequence(m))
				if edits := indentLines(p.Model.Source, slipped, "  "); edits != nil {
					f.UnsafeFix("indent below it", edits...)
				}
				return
			}
			f := reportMisfit(p, m, "%s is empty (null): write %s, or leave the key out%s", subject(m), m.Want, consequence(m))
			if m.Key == nil || m.Value == nil || m.Value.Span.Len() > 0 {
				return
			}
			if keyName(m) == "work_pool" {
				return // an empty one would only fail later
			}
			for _, k := range kindsOf(m, p.Generation()) {
				switch k {
				case schema.KindMap:
					f.Fix("make it an empty mapping", Insert(m.Value.Span.End, " {}"))
					return
				case schema.KindList:
					f.Fix("make it an empty list", Insert(m.Value.Span.End, " []"))
					return
				}
			}
		}, schema.NotNull)
	},
}

// slippedFrom are the keys behind an empty work pool that belong in it, but stand at its own indentation.
func slippedFrom(p *Pass, m *model.Misfit) (slipped []yamldoc.Pair) {
	d := m.Deployment
	if d == nil || m.Parent != d.Node || keyName(m) != "work_pool" || d.Node.Style != yamldoc.Block {
		return nil
	}
	return slippedPool(p, d)
}

func slippedPool(p *Pass, d *model.Deployment) (slipped []yamldoc.Pair) {
	pool := p.Language.Object("WorkPool")
	for i, e := range d.Node.Pairs {
		if e.Key.KeyText() != "work_pool" || e.Value.Deref().Kind != yamldoc.Null {
			continue
		}
		for _, next := range d.Node.Pairs[i+1:] {
			if pool.Field(next.Key.KeyText()) == nil {
				break
			}
			slipped = append(slipped, next)
		}
	}
	return slipped
}

// slippedKeys are the keys of all deployments that stand behind an empty work pool; the rule null-value speaks of them.
func slippedKeys(p *Pass) map[source.Span]bool {
	keys := map[source.Span]bool{}
	for _, d := range p.Model.Deployments {
		for _, e := range slippedPool(p, d) {
			keys[e.Key.Span] = true
		}
	}
	return keys
}

func keysOf(list []yamldoc.Pair) string {
	var names []string
	for _, e := range list {
		names = append(names, strconv.Quote(e.Key.KeyText()))
	}
	return strings.Join(names, ", ")
}

func kindsOf(m *model.Misfit, g schema.Generation) []schema.Kind {
	if m.Field == nil {
		return nil
	}
	return m.Field.Kinds(g)
}
