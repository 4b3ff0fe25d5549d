package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
)

var templatedStepPath = &Rule{
	Name:     "templated-step-path",
	Severity: diag.Error,
	Summary:  "a placeholder in the import path of a step, which is never filled in",
	Run: func(p *Pass) {
		all := p.Steps()
		for i := range all {
			if s := &all[i]; !s.Broken && template.Has(s.Function()) && !cookiecutter(s.Function()) {
				reportStep(p, s, s.Key.Span, "the path of a step is never filled in: %q cannot be imported", s.Function())
			}
		}
	},
}
