package rules

import (
	"math"
	"time"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var naiveAnchorDate = &Rule{
	Name:     "naive-anchor-date",
	Severity: diag.Warning,
	Fixes:    UnsafeFix,
	Deploys:  true,
	Summary:  "an anchor_date without an offset is in UTC, not in the schedule's time zone",
	Run: func(p *Pass) {
		schedules(p, func(s *scheduleItem) {
			n, zone := s.value("anchor_date"), s.zone()
			if s.kind != schedule.KindInterval || n == nil || zone == "" || !naive(n) {
				return
			}
			at, err := schedule.ParseAnchor(n.Scalar, int(p.Generation()), time.Unix(0, 0))
			if err != nil {
				return
			}
			loc, err := schedule.Zone(zone)
			if err != nil {
				return
			}
			_, offset := at.In(loc).Zone()
			if seconds := s.seconds(p); seconds == 0 || math.Mod(float64(offset), seconds) == 0 {
				return // the same runs either way
			}
			written := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, loc).Format("-07:00")
			f := s.report(p, n.Span, "anchor_date", "prefect reads %q as UTC, not as a time in %s: add the offset that is meant, %s or +00:00", n.Text, zone, written)
			if n.Kind == yamldoc.String && clockAtEnd.MatchString(n.Text) {
				f.UnsafeFix("add "+written+" for "+zone, Replace(n.Span, `"`+n.Text+written+`"`))
				f.UnsafeFix("add +00:00 for UTC, as prefect reads it", Replace(n.Span, `"`+n.Text+`+00:00"`))
			}
		})
	},
}

var (
	clockAtEnd  = pattern.New(`[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$`)
	offsetAtEnd = pattern.New(`(Z|[-+][0-9]{2}:?([0-9]{2})?)$`)
)

// naive holds for a moment with a clock but without an offset.
func naive(n *yamldoc.Node) bool {
	switch n.Kind {
	case yamldoc.String:
		return !template.Has(n.Text) && clockAtEnd.MatchString(n.Text) && !offsetAtEnd.MatchString(n.Text)
	case yamldoc.DateTime:
		at, ok := n.Scalar.(value.DateTime)
		return ok && at.Naive
	}
	return false
}

// zone is the schedule's time zone if it is one, and other than UTC by name.
func (s *scheduleItem) zone() string {
	name, _, ok := s.text("timezone")
	switch {
	case !ok, name == "UTC", name == "Etc/UTC", name == "GMT":
		return ""
	}
	return name
}
