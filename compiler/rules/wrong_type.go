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
	Fixes:    SafeFix | UnsafeFix,
	Summary:  "a value of another type than its field takes",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			f := reportMisfit(p, m, "%s must be %s, not %s%s", subject(m), m.Want, m.Got, consequence(m))
			if pool := poolName(m); pool != "" {
				f.UnsafeFix("make it a work pool of this name", Replace(m.Value.Span, "{name: "+pool+"}"))
			}
			if wantsText(m, p.Generation()) {
				quotePlain(f, m.Value)
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

// poolName is the text, quoted, that stands where a work pool should; "" for anything else.
func poolName(m *model.Misfit) string {
	if field, depth := fieldOf(m); field != "work_pool" || depth != 0 || m.Value == nil || m.Value.Kind != yamldoc.String || m.Value.Anchor != nil {
		return ""
	}
	if e, ok := m.Parent.Get("work_pool"); !ok || e.Value != m.Value {
		return ""
	}
	return Quoted(m.Value.Text)
}
