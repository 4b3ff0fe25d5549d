package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/schema"
)

var cronDayAndWeekday = &Rule{
	Name:     "cron-day-and-weekday",
	Severity: diag.Info,
	Summary:  "a cron with a day of the month and a weekday runs when either fits",
	Run: func(p *Pass) {
		schedules(p, func(s *scheduleItem) {
			c, n := s.cron(p)
			if c == nil || s.given("day_or") {
				return
			}
			f := fieldsOf(c)
			if len(f) < 5 || strings.ContainsAny(f[2], "*?") || strings.ContainsAny(f[4], "*?") {
				return
			}
			advice := "; with day_or: false both must fit"
			if p.Generation() == schema.Prefect2 {
				advice = ", and prefect 2 has no way to ask for both"
			}
			s.report(p, n.Span, "cron", "%q runs when the day of the month (%s) or the weekday (%s) fits%s", c.String(), f[2], f[4], advice)
		})
	},
}
