package rules

import (
	"errors"
	"time"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
)

var impossibleCron = &Rule{
	Name:     "impossible-cron",
	Severity: diag.Error,
	Deploys:  true,
	Summary:  "a cron expression that no date fits, such as the 30th of February",
	Run: func(p *Pass) {
		known := map[string]bool{} // whether an expression never fires
		schedules(p, func(s *scheduleItem) {
			c, n := s.cron(p)
			if c == nil {
				return
			}
			never, seen := known[c.String()]
			if !seen {
				never = neverFires(c)
				known[c.String()] = never
			}
			if never {
				s.report(p, n.Span, "cron", "no date fits the cron expression %q: prefect accepts it, then its scheduler fails", c.String())
			}
		})
	},
}

// neverFires looks at expressions that name days and months only; the others have dates every month.
func neverFires(c *schedule.Cron) bool {
	fields := fieldsOf(c)
	if len(fields) < 5 || len(fields) > 6 || fields[2] == "*" || fields[3] == "*" || fields[4] != "*" || c.Random() {
		return false
	}
	// Any start will do: dates come back within the eight years between the leap days of 2096 and 2104.
	_, err := c.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), 1, time.UTC, true)
	return errors.Is(err, schedule.ErrNoDates)
}
