package rules

import (
	"errors"
	"fmt"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
)

var invalidTimezone = &Rule{
	Name:     "invalid-timezone",
	Severity: diag.Error,
	Summary:  "a time zone that does not exist, or that is no IANA name",
	Run: func(p *Pass) {
		schedules(p, func(s *scheduleItem) {
			name, n, ok := s.text("timezone")
			if !ok || s.kind == "" || name == "" {
				return
			}
			_, err := schedule.ZoneFor(name, s.kind, int(p.Generation()))
			if err == nil {
				return
			}
			f := s.report(p, n.Span, "timezone", "%s", err)
			var wrong *schedule.ZoneError
			if errors.As(err, &wrong) && len(wrong.Suggestions) > 0 {
				zone := wrong.Suggestions[0]
				f.suggest(fmt.Sprintf("use %q", zone), n, zone)
			}
		})
	},
}
