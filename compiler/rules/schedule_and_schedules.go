package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var scheduleAndSchedules = &Rule{
	Name:     "schedule-and-schedules",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "schedule and schedules in one deployment, which Prefect refuses",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			old, list := d.Field("schedule"), d.Field("schedules")
			if list.Key == nil || !filled(old) {
				continue
			}
			f := p.Report(old.Key.Span, `"schedule" and "schedules" exclude each other, even if the list is empty: move the schedule into the list`).
				At(old.Path).In(d).Also(list.Key.Span, `"schedules" is here`)
			if n := list.Node(); n != nil && n.Kind == yamldoc.Sequence && len(n.Items) == 0 && list.Value.Kind == yamldoc.Sequence {
				if edits := removeEntry(p, d.Node, list.Entry); edits != nil {
					f.UnsafeFix("remove the empty list", edits...)
				}
			}
		}
	},
}

// filled reports whether a field holds what Python takes for true: an empty mapping, list or text counts as nothing.
func filled(f model.Field) bool {
	if !f.Set() {
		return false
	}
	switch n := f.Node(); n.Kind {
	case yamldoc.Mapping:
		return len(n.Entries()) > 0
	case yamldoc.Sequence:
		return len(n.Items) > 0
	default:
		return value.Truthy(n.Scalar)
	}
}
