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
	Fixes:    UnsafeFix,
	Summary:  "a time zone that does not exist, or that is no IANA name",
	Run: func(p *Pass) {
		type asked struct{ name, kind string }
		known := map[asked]error{} // looking for what was meant takes a while
		schedules(p, func(s *scheduleItem) {
			name, n, ok := s.text("timezone")
			if !ok || s.kind == "" || name == "" {
				return
			}
			err, before := known[asked{name, s.kind}]
			if !before {
				_, err = schedule.ZoneFor(name, s.kind, int(p.Generation()))
				known[asked{name, s.kind}] = err
			}
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
