package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
)

var rruleNeverRuns = &Rule{
	Name:     "rrule-never-runs",
	Severity: diag.Error,
	Deploys:  true,
	Summary:  "a recurrence rule that Prefect accepts, but that its scheduler fails on",
	Run: func(p *Pass) {
		schedules(p, func(s *scheduleItem) {
			text, n, ok := s.text(schedule.KindRRule)
			if !ok || s.kind != schedule.KindRRule || text == "" {
				return
			}
			r, err := schedule.ParseRRule(text, int(p.Generation()))
			if err != nil {
				return
			}
			if err := r.Problem(); err != nil {
				s.report(p, n.Span, "rrule", "prefect accepts this rule, then its scheduler fails on it: %s", err)
			}
		})
	},
}
