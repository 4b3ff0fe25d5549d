package rules

import (
	"fmt"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var invalidValue = &Rule{
	Name:     "invalid-value",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "a value of the right type that its field does not allow",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			msg := fmt.Sprintf("%s must be %s, not %s", subject(m), m.Want, m.Got)
			if m.Nearest != "" {
				msg += fmt.Sprintf(", did you mean %q", m.Nearest)
			}
			f := reportMisfit(p, m, "%s%s", msg, consequence(m))
			if m.Nearest != "" && m.Value != nil && m.Value.Kind == yamldoc.String {
				f.suggest(fmt.Sprintf("use %q", m.Nearest), m.Value, m.Nearest)
			}
		}, schema.BadValue, schema.BadFormat, schema.OutOfRange, schema.UnknownVariant)
	},
}
