package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
)

var invalidFlowName = &Rule{
	Name:     "invalid-flow-name",
	Severity: diag.Error,
	Summary:  "a flow whose name has / % & < or >, which Prefect refuses",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			r := p.Flow(d)
			if r.Status != entrypoint.Found || !r.Flow.Name.Known || !strings.ContainsAny(r.Flow.Name.Text, "/%&<>") {
				continue
			}
			_, n, _ := entrypointText(d)
			p.Report(n.Span, "the flow's name %q has a character that prefect does not allow: names have none of / %% & < >", r.Flow.Name.Text).
				At(d.Path+".entrypoint").In(d).AlsoIn(r.File, r.Flow.Name.Span, "the name is given here")
		}
	},
}
