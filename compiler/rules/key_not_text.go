package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var keyNotText = &Rule{
	Name:     "key-not-text",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "a key that YAML reads as a number, a flag, a date or null",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			written := keyName(m)
			if m.Key != nil && m.Key.Span.Len() > 0 {
				written = p.Model.Source.Slice(m.Key.Span)
			}
			f := reportMisfit(p, m, "YAML reads the key %q as %s: put it in quotes%s", written, m.Got, consequence(m))
			if m.Key != nil && m.Key.Style == yamldoc.Plain && m.Key.Span.Len() > 0 {
				f.Fix("put it in quotes", Replace(m.Key.Span, `"`+p.Model.Source.Slice(m.Key.Span)+`"`))
			}
		}, schema.KeyNotText)
	},
}
