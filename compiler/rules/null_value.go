package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/schema"
)

var nullValue = &Rule{
	Name:     "null-value",
	Severity: diag.Error,
	Summary:  "a key left empty where Prefect does not take null for nothing",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			f := reportMisfit(p, m, "%s is empty (null): write %s, or leave the key out%s", subject(m), m.Want, consequence(m))
			if m.Key == nil || m.Value == nil || m.Value.Span.Len() > 0 {
				return
			}
			for _, k := range kindsOf(m, p.Generation()) {
				switch k {
				case schema.KindMap:
					f.Fix("make it an empty mapping", Insert(m.Value.Span.End, " {}"))
					return
				case schema.KindList:
					f.Fix("make it an empty list", Insert(m.Value.Span.End, " []"))
					return
				}
			}
		}, schema.NotNull)
	},
}

func kindsOf(m *model.Misfit, g schema.Generation) []schema.Kind {
	if m.Field == nil {
		return nil
	}
	return m.Field.Kinds(g)
}
