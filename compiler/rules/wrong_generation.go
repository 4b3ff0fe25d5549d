package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/schema"
)

var wrongGeneration = &Rule{
	Name:     "wrong-generation",
	Severity: diag.Warning,
	Summary:  "a key that only another major version of Prefect knows",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			other := schema.Prefect3
			if m.Kind == schema.TooOld {
				other = schema.Prefect2
			}
			f := p.Report(m.Span(), "prefect %d does not know %q, only prefect %d does%s", p.Generation(), keyName(m), other, consequence(m)).
				At(m.Place).In(m.Deployment)
			if !m.Tolerated {
				f.Severity, f.Blocks = diag.Error, true
			}
		}, schema.TooNew, schema.TooOld)
	},
}
