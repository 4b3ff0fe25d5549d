package rules

import (
	"errors"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
)

var invalidRRule = &Rule{
	Name:     "invalid-rrule",
	Severity: diag.Error,
	Summary:  "a recurrence rule that Prefect refuses, in Prefect 3 only after the steps ran",
	Run: func(p *Pass) {
		schedules(p, func(s *scheduleItem) {
			text, n, ok := s.text(schedule.KindRRule)
			if !ok || s.kind != schedule.KindRRule {
				return
			}
			if text == "" {
				s.report(p, n.Span, "rrule", `"rrule" is empty: write a rule such as "FREQ=DAILY"`)
				return
			}
			_, err := schedule.ParseRRule(text, int(p.Generation()))
			var wrong *schedule.RRuleError
			switch {
			case errors.As(err, &wrong) && wrong.Start < wrong.End && wrong.End <= len(text) && wrong.Text == text:
				s.report(p, part(p, n, wrong.Start, wrong.End), "rrule", "%s", wrong)
			case err != nil:
				s.report(p, n.Span, "rrule", "%s", err)
			}
		})
	},
}
