package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var unknownKey = &Rule{
	Name:     "unknown-key",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "a key that Prefect does not know: it is ignored, or in a schedule of Prefect 3 the whole file is",
	Run: func(p *Pass) {
		slipped := slippedKeys(p)
		misfits(p, func(m *model.Misfit) {
			if m.Key != nil && slipped[m.Key.Span] {
				return // null-value speaks
			}
			key := keyName(m)
			if d := m.Deployment; d != nil && m.Parent == d.Node && strayStep(d) && key == firstKey(d) {
				return // missing-name speaks
			}
			title := "here"
			if m.Object != nil && m.Object.Title != "" {
				title = "in " + m.Object.Title
			}
			if m.Object != nil && m.Object.Name == "Schedule" && key == "schedule" && nested(m.Parent) {
				p.Report(m.Span(), "a schedule has cron, interval or rrule itself, not in a mapping %q: prefect refuses it", key).At(m.Place).In(m.Deployment)
				return
			}
			f := p.Report(m.Span(), "unknown key %q %s%s%s", key, title, hint(m), consequence(m)+widened(m)).At(m.Place).In(m.Deployment)
			if m.Effect != schema.Discards && m.Effect != schema.Fails && !needed(p, m) {
				f.Deploys()
			}
			if m.Nearest == "" && m.BelongsIn == "" && m.Tolerated {
				f.As(diag.Warning).Tag(diag.Unnecessary)
			}
			if m.Nearest != "" && !holds(m.Parent, m.Nearest) && m.Key.Style == yamldoc.Plain && couldTake(p, m) {
				f.UnsafeFix(fmt.Sprintf("rename to %q", m.Nearest), Replace(m.Key.Span, m.Nearest))
			}
			if m.BelongsIn == "" || m.BelongsIn == m.Nearest {
				return
			}
			if home, ok := m.Parent.Get(m.BelongsIn); ok {
				if edits := moveInto(p.Model.Source, m.Parent, m.Key, home.Value); edits != nil {
					f.UnsafeFix(fmt.Sprintf("move it into %q", m.BelongsIn), edits...)
				}
			}
		}, schema.UnknownField)
	},
}

// widened says what it does to a trigger that its only filter is ignored.
func widened(m *model.Misfit) string {
	if !slices.Contains(eventFilters, m.Nearest) || m.Effect != schema.Ignores || len(m.Path) < 3 || m.Path[2].Key != "triggers" || filters(m.Parent) {
		return ""
	}
	return ", so that every event starts a run"
}

// needed holds for a key that was probably meant for one without which Prefect deploys nothing: missing-entrypoint,
// missing-name and others leave it to this rule.
func needed(p *Pass, m *model.Misfit) bool {
	for i := range p.Shape() { // missing-key leaves it to this rule too
		if lacks := &p.Shape()[i]; lacks.Kind == schema.Missing && lacks.Value == m.Parent && instead(p, lacks) && lacks.Effect != schema.Ignores {
			return true
		}
	}
	if section := model.Section(m.Nearest); slices.Contains(model.Actions[:], section) && !holds(m.Parent, m.Nearest) && m.Deployment == nil {
		return true // as unknown-reference does, and whatever else needs the steps
	}
	if m.Deployment == nil || m.Parent != m.Deployment.Node || holds(m.Parent, m.Nearest) {
		return false
	}
	return m.Nearest == "entrypoint" || m.Nearest == "name" && len(p.Model.All()) == 1
}

// couldTake holds if the nearest key could have the value: a list or a mapping only where one is taken.
func couldTake(p *Pass, m *model.Misfit) bool {
	if m.Object == nil || m.Value == nil || m.Value.Kind != yamldoc.Sequence && m.Value.Kind != yamldoc.Mapping {
		return true
	}
	field := m.Object.Field(m.Nearest)
	if field == nil {
		return true
	}
	for _, k := range field.Kinds(p.Generation()) {
		if k == schema.KindList && m.Value.Kind == yamldoc.Sequence || k == schema.KindMap && m.Value.Kind == yamldoc.Mapping {
			return true
		}
	}
	return false
}

func hint(m *model.Misfit) string {
	switch {
	case m.BelongsIn != "" && m.BelongsIn == m.Nearest:
		return fmt.Sprintf(", did you mean %q", m.Nearest)
	case m.BelongsIn != "":
		return fmt.Sprintf(", it belongs in %s", m.BelongsIn)
	case strings.HasPrefix(keyName(m), "prefect.") || strings.HasPrefix(keyName(m), "prefect_") && strings.Contains(keyName(m), "."):
		return ", a step is an item of build, push or pull"
	case m.Nearest != "":
		return fmt.Sprintf(", did you mean %q", m.Nearest)
	case m.Object != nil:
		return carriedOver[m.Object.Name][keyName(m)]
	}
	return ""
}

// carriedOver says where to write what people expect under a key that never was one, by object.
var carriedOver = map[string]map[string]string{
	"File": {
		"env":         environment,
		"environment": environment,
		"work_queue":  `, a queue is "work_queue_name" of a work_pool`,
	},
	"Deployment": {
		"env":           environment,
		"environment":   environment,
		"flow_location": `, the file and function of the flow are the "entrypoint"`,
		"work_queue":    `, a queue is "work_queue_name" of the work_pool`,
	},
	"WorkPool": {
		"type": ", a pool gets its type when it is created",
	},
}

const environment = `, variables of a run's environment go into "env" of a work_pool's job_variables`

// holds reports whether a mapping already has a key.
func holds(n *yamldoc.Node, key string) bool {
	_, has := n.Get(key)
	return has
}
