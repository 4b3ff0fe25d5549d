package rules

import (
	"fmt"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var triggerMatchesEverything = &Rule{
	Name:     "trigger-matches-everything",
	Severity: diag.Warning,
	Deploys:  true,
	Summary:  "an event trigger without any filter: every event starts a run",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			f := d.Field("triggers")
			if !f.Set() || f.Node().Kind != yamldoc.Sequence {
				continue
			}
			for i, item := range f.Node().Items {
				checkTrigger(p, d, item.Deref(), fmt.Sprintf("%s[%d]", f.Path, i))
			}
		}
	},
}

// eventFilters are the keys by which an event trigger chooses events. A proactive trigger may have none of the last two, but
// one that expects nothing is broken in another way.
var eventFilters = []string{"expect", "match", "match_related", "after"}

func checkTrigger(p *Pass, d *model.Deployment, n *yamldoc.Node, path string) {
	if n == nil || n.Kind != yamldoc.Mapping || len(n.Pairs) == 0 {
		return
	}
	span := n.Pairs[0].Key.Span
	kind, has := n.Get("type")
	composite := holds(n, "triggers")
	switch {
	case has && kind.Value.Deref().Kind == yamldoc.String && kind.Value.Deref().Text != "event", holds(n, "metric"):
		return
	case composite && has, composite && p.Generation() == schema.Prefect3:
		return
	case composite:
		f := p.Report(span, "prefect 2 takes a trigger without type for an event trigger, which every event fires: write type: compound or type: sequence").
			At(path).In(d)
		f.Severity = diag.Error
		return
	}
	if filters(n) {
		return
	}
	for _, key := range eventFilters {
		if misspelt(p, n, key) {
			return // unknown-key speaks
		}
	}
	p.Report(span, "this trigger filters nothing, so every event starts a run: say which with expect, match or match_related").At(path).In(d)
}

// filters holds for a trigger that chooses among the events.
func filters(n *yamldoc.Node) bool {
	for _, key := range eventFilters {
		if e, ok := n.Get(key); ok && !allEmpty(e.Value, 0) {
			return true
		}
	}
	return false
}
