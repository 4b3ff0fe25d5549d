package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var invalidInterval = &Rule{
	Name:     "invalid-interval",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "an interval that is no number of seconds above 0",
	Run: func(p *Pass) {
		schedules(p, func(s *scheduleItem) {
			n := s.value(schedule.KindInterval)
			if n == nil || s.kind != schedule.KindInterval && p.Generation() == schema.Prefect2 {
				return
			}
			switch n.Kind {
			case yamldoc.Null, yamldoc.Invalid:
				return
			case yamldoc.Bool:
				if n.Scalar == true {
					s.report(p, n.Span, "interval", `"interval" must be a number of seconds: prefect takes %s for one second`, n.Text).As(diag.Warning)
				} else {
					s.report(p, n.Span, "interval", `"interval" must be more than 0 seconds, not %s`, n.Text)
				}
			case yamldoc.String, yamldoc.Int, yamldoc.Float:
				if _, err := schedule.ParseInterval(n.Scalar, int(p.Generation())); err != nil {
					reportInterval(p, s, n)
				}
			default:
				s.report(p, n.Span, "interval", `"interval" must be a number of seconds, not a %s`, nodeKind(n))
			}
		})
	},
}

func reportInterval(p *Pass, s *scheduleItem, n *yamldoc.Node) {
	end := consequenceOfInterval(p, n)
	if n.Kind != yamldoc.String {
		s.report(p, n.Span, "interval", `"interval" must be more than 0 seconds, not %s`, n.Text)
		return
	}
	if template.Has(n.Text) {
		s.report(p, n.Span, "interval", `"interval" is checked before templates are filled in: write a number of seconds, not %q%s`, n.Text, end)
		return
	}
	seconds, ok := secondsMeant(n.Text)
	if !ok {
		s.report(p, n.Span, "interval", `"interval" must be a number of seconds, more than 0, not the text %q%s`, n.Text, end)
		return
	}
	s.report(p, n.Span, "interval", `"interval" must be a number of seconds, not the text %q: write %s%s`, n.Text, seconds, end).
		Fix("write "+seconds, Replace(n.Span, seconds))
}

func consequenceOfInterval(p *Pass, n *yamldoc.Node) string {
	if p.Generation() == schema.Prefect3 && n.Kind == yamldoc.String {
		return "; prefect 3 skips the whole file over it"
	}
	return ""
}

// secondsMeant reads a text as a number, or as the durations that Prefect 3 takes.
func secondsMeant(text string) (string, bool) {
	if i, ok := value.ParseInt(text); ok && i > 0 {
		return value.Str(i), true
	}
	seconds, err := schedule.ParseInterval(text, int(schema.Prefect3))
	if err != nil {
		return "", false
	}
	if whole := int64(seconds); float64(whole) == seconds {
		return value.Str(whole), true
	}
	return value.FormatFloat(seconds), true
}

// nodeKind names the kind of a node for people.
func nodeKind(n *yamldoc.Node) string {
	switch n.Kind {
	case yamldoc.Sequence:
		return "list"
	case yamldoc.Mapping:
		return "mapping"
	}
	return value.TypeName(n.Scalar)
}
