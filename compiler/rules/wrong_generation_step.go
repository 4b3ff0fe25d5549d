package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/schema"
)

var wrongGenerationStep = &Rule{
	Name:     "wrong-generation-step",
	Severity: diag.Error,
	Summary:  "a step that only another major version of Prefect has",
	Run: func(p *Pass) {
		all := p.Steps()
		for i := range all {
			s := &all[i]
			if s.Status == schema.OtherGeneration {
				reportStep(p, s, s.Key.Span, "prefect %d has no step %q, only prefect %d does", p.Generation(), s.Function(), otherGeneration(p))
			}
		}
	},
}

// otherGeneration is the one the file is not checked for.
func otherGeneration(p *Pass) schema.Generation {
	return schema.Prefect2 + schema.Prefect3 - p.Generation()
}
