package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
)

var notAFlow = &Rule{
	Name:     "not-a-flow",
	Severity: diag.Error,
	Summary:  "an entrypoint names something that is not a flow",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			r := p.Flow(d)
			if r.Status != entrypoint.NotAFlow {
				continue
			}
			text, n, _ := entrypointText(d)
			f := p.Report(part(p, n, r.Split+1, len(text)), "%q in %s is not a flow: decorate the function with @flow", r.Function, r.File.Path).
				At(d.Path + ".entrypoint").In(d)
			for _, fn := range r.Code.Functions {
				if fn.Qualname == r.Function {
					f.AlsoIn(r.File, fn.Name.Span, "it is defined here")
				}
			}
		}
	},
}
