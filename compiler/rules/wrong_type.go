package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var wrongType = &Rule{
	Name:     "wrong-type",
	Severity: diag.Error,
	Summary:  "a value of another type than its field takes",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			f := reportMisfit(p, m, "%s must be %s, not %s%s", subject(m), m.Want, m.Got, consequence(m))
			if wantsText(m, p.Generation()) {
				f.Fix("put it in quotes", Replace(m.Value.Span, `"`+m.Value.Text+`"`))
			}
		}, schema.WrongType)
	},
}

// wantsText holds for a plain number, flag or date where text is expected: quotes make it what was meant.
func wantsText(m *model.Misfit, g schema.Generation) bool {
	if m.Field == nil || m.Value == nil || m.Value.Style != yamldoc.Plain || m.Value.Span.Len() == 0 {
		return false
	}
	switch m.Value.Kind {
	case yamldoc.Int, yamldoc.Float, yamldoc.Bool, yamldoc.Date, yamldoc.DateTime:
	default:
		return false
	}
	for _, k := range m.Field.Kinds(g) {
		if k == schema.KindString {
			return true
		}
	}
	return false
}
