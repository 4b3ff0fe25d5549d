package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/schema"
)

var missingKey = &Rule{
	Name:     "missing-key",
	Severity: diag.Error,
	Summary:  "a key that has to be given is not",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			if m.Field != nil {
				reportMisfit(p, m, "%s needs %q: %s%s", owner(m), m.Field.Name, m.Want, consequence(m))
				return
			}
			reportMisfit(p, m, "%s needs %s%s", owner(m), m.Want, consequence(m))
		}, schema.Missing)
	},
}

// owner names the mapping that lacks a key.
func owner(m *model.Misfit) string {
	if m.Object != nil && m.Object.Title != "" {
		return m.Object.Title
	}
	return m.Place
}
