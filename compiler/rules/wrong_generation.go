package rules

import (
	"fmt"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/schema"
)

var wrongGeneration = &Rule{
	Name:     "wrong-generation",
	Severity: diag.Warning,
	Fixes:    SafeFix,
	Summary:  "a key that only another major version of Prefect knows",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			other := schema.Prefect3
			if m.Kind == schema.TooOld {
				other = schema.Prefect2
			}
			knows := fmt.Sprintf("only prefect %d does", other)
			if m.Kind == schema.TooOld && m.Field != nil && m.Field.Ignored != "" {
				knows = "and it never had an effect: remove it"
			}
			f := p.Report(m.Span(), "prefect %d does not know %q, %s%s", p.Generation(), keyName(m), knows, consequence(m)).
				At(m.Place).In(m.Deployment)
			if e, ok := m.Parent.Get(keyName(m)); ok && m.Kind == schema.TooOld && m.Field != nil && m.Field.Ignored != "" {
				if edits := removeEntry(p, m.Parent, e); edits != nil {
					f.Fix("remove it", edits...)
				}
			}
			if !m.Tolerated {
				f.Severity, f.Blocks = diag.Error, true
			}
		}, schema.TooNew, schema.TooOld)
	},
}
