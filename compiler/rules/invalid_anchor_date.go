package rules

import (
	"time"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/schema"
)

var invalidAnchorDate = &Rule{
	Name:     "invalid-anchor-date",
	Severity: diag.Error,
	Summary:  "an anchor_date that is no ISO 8601 time",
	Run: func(p *Pass) {
		schedules(p, func(s *scheduleItem) {
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
