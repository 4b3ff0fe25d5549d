package rules

import (
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var missingKey = &Rule{
	Name:     "missing-key",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "a key that has to be given is not",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			if instead(p, m) {
				return // unknown-key speaks
			}
			if dash := splitFrom(p, m); dash.Len() > 0 {
				reportMisfit(p, m, "%q begins a schedule of its own here, with none of %s: remove the dash if it belongs to the one above%s",
					m.Value.Pairs[0].Key.KeyText(), strings.TrimPrefix(m.Want, "exactly one of "), consequence(m)).UnsafeFix("remove the dash", Replace(dash, " "))
				return
			}
			if m.Field != nil {
				reportMisfit(p, m, "%s needs %q: %s%s", owner(m), m.Field.Name, m.Want, consequence(m))
				return
			}
			reportMisfit(p, m, "%s needs %s%s", owner(m), m.Want, consequence(m))
		}, schema.Missing)
	},
}

// scheduleKinds are the keys of which a schedule needs one.
var scheduleKinds = []string{schedule.KindCron, schedule.KindInterval, schedule.KindRRule}

// instead holds when the mapping that lacks a key has an unknown one that was meant for it, or that holds it.
func instead(p *Pass, m *model.Misfit) bool {
	if m.Field != nil {
		return misspelt(p, m.Value, m.Field.Name)
	}
	if m.Object == nil || m.Object.Name != "Schedule" {
		return false
	}
	for _, kind := range scheduleKinds {
		if misspelt(p, m.Value, kind) {
			return true
		}
	}
	return nested(m.Value)
}

// nested holds for a schedule that is put into one more mapping, as the API has it.
func nested(n *yamldoc.Node) bool {
	inner, _ := n.Get("schedule")
	for _, kind := range scheduleKinds {
		if inner.Value != nil && holds(inner.Value, kind) {
			return true
		}
	}
	return false
}

// owner names the mapping that lacks a key.
func owner(m *model.Misfit) string {
	if m.Object != nil && m.Object.Title != "" {
		return m.Object.Title
	}
	return m.Place
}

// splitFrom is the dash of a schedule without a kind that, without it, would go on the schedule above; empty if there is none.
func splitFrom(p *Pass, m *model.Misfit) source.Span {
	if m.Object == nil || m.Object.Name != "Schedule" || m.Field != nil || m.Parent == nil || m.Value == nil || m.Value.Style != yamldoc.Block {
		return source.Span{}
	}
	at := slices.IndexFunc(m.Parent.Items, func(n *yamldoc.Node) bool { return n == m.Value })
	if at < 1 || m.Parent.Items[at-1].Kind != yamldoc.Mapping || m.Parent.Items[at-1].Style != yamldoc.Block {
		return source.Span{}
	}
	above := m.Parent.Items[at-1]
	for _, e := range m.Value.Entries() {
		if holds(above, e.Key.KeyText()) {
			return source.Span{}
		}
	}
	start := m.Value.Pairs[0].Key.Span.Start - len("- ")
	if start < 0 || p.Model.Source.Slice(source.Span{Start: start, End: start + 2}) != "- " {
		return source.Span{}
	}
	return source.Span{Start: start, End: start + 1}
}
