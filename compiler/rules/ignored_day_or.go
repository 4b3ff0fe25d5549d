package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var ignoredDayOr = &Rule{
	Name:     "ignored-day-or",
	Severity: diag.Warning,
	Deploys:  true,
	Only:     schema.Prefect2,
	Summary:  "Prefect 2 ignores day_or: false in the file",
	Run: func(p *Pass) {
		schedules(p, func(s *scheduleItem) {
			n := s.value("day_or")
			if n != nil && n.Kind == yamldoc.Bool && n.Scalar == false && s.kind == schedule.KindCron {
				s.report(p, n.Span, "day_or", "prefect 2 ignores day_or in the file: the schedule runs when the day of the month or the weekday fits")
			}
		})
	},
}
