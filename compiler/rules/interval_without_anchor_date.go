package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
)

var intervalWithoutAnchorDate = &Rule{
	Name:     "interval-without-anchor-date",
	Severity: diag.Info,
	Summary:  "an interval that starts anew at every deploy, since it has no anchor_date",
	Run: func(p *Pass) {
		schedules(p, func(s *scheduleItem) {
			if s.kind != schedule.KindInterval || s.given("anchor_date") || misspelt(p, s.node, "anchor_date") {
				return
			}
			if s.seconds(p) == 0 {
				return
			}
			e, _ := s.node.Get(schedule.KindInterval)
			s.report(p, e.Key.Span, "interval", "without anchor_date the interval starts anew at every deploy: add one, such as \"2025-01-01T00:00:00+00:00\"")
		})
	},
}
