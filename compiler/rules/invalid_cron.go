package rules

import (
	"errors"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
)

var invalidCron = &Rule{
	Name:     "invalid-cron",
	Severity: diag.Error,
	Summary:  "a cron expression that Prefect refuses, in Prefect 3 only after the steps ran",
	Run: func(p *Pass) {
		schedules(p, func(s *scheduleItem) {
			text, n, ok := s.text(schedule.KindCron)
			if !ok || s.kind != schedule.KindCron {
				return
			}
			if text == "" {
				s.report(p, n.Span, "cron", `"cron" is empty: write an expression such as "0 6 * * *"`)
				return
			}
			_, err := p.cron(text)
			var wrong *schedule.CronError
			switch {
			case errors.As(err, &wrong) && wrong.Start < wrong.End:
				s.report(p, part(p, n, wrong.Start, wrong.End), "cron", "%s", wrong)
			case err != nil:
				s.report(p, n.Span, "cron", "%s", err)
			}
		})
	},
}
