package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
)

var templatedStepID = &Rule{
	Name:     "templated-step-id",
	Severity: diag.Error,
	Deploys:  true,
	Summary:  "a placeholder in the id of a step, which is never filled in",
	Run: func(p *Pass) {
		all := p.Steps()
		for i := range all {
			if s := &all[i]; s.ID != "" && template.Has(s.ID) && !cookiecutter(s.ID) {
				reportStep(p, s, s.IDNode.Span, "an id is never filled in: this one stays %q", s.ID)
			}
		}
	},
}
