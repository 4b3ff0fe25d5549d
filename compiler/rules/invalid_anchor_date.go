package rules

import (
	"time"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var invalidAnchorDate = &Rule{
	Name:     "invalid-anchor-date",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "an anchor_date that is no ISO 8601 time",
	Run: func(p *Pass) {
		schedules(p, func(s *scheduleItem) {
			if clash := s.clash(p.Generation()); clash != nil {
				n := s.value("anchor_date")
				f := s.report(p, n.Span, "anchor_date", "\"anchor_date\" must be text, put it in quotes: not being text it goes with interval and timezone only, and prefect 3 skips the whole file over it").
					Also(clash.Span, "it does not go with this")
				quotePlain(f, n)
				return
			}
			text, n, ok := s.text("anchor_date")
			if !ok || s.kind != schedule.KindInterval && (s.kind == "" || p.Generation() == schema.Prefect2) {
				return
			}
			if _, err := schedule.ParseAnchor(text, int(p.Generation()), time.Unix(0, 0)); err != nil {
				f := s.report(p, n.Span, "anchor_date", "%s", err)
				if s.kind != schedule.KindInterval {
					f.As(diag.Warning) // only intervals use it
				}
			}
		})
	},
}

// clash is the key beside which Prefect 3 takes an anchor_date as text only: it then knows the schedule in its other form, of
// which an interval has nothing but its zone. It is nil if all is well.
func (s *scheduleItem) clash(g schema.Generation) *yamldoc.Node {
	n := s.value("anchor_date")
	if g != schema.Prefect3 || n == nil {
		return nil
	}
	switch n.Kind {
	case yamldoc.Date, yamldoc.DateTime, yamldoc.Int, yamldoc.Float:
	default:
		return nil
	}
	for _, e := range s.node.Entries() {
		switch e.Key.KeyText() {
		case "interval", "anchor_date", "timezone":
		default:
			return e.Key
		}
	}
	return nil
}
