package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/schema"
)

var slaNeedsCloud = &Rule{
	Name:     "sla-needs-cloud",
	Severity: diag.Info,
	Only:     schema.Prefect3,
	Summary:  "only Prefect Cloud has service level agreements",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			if f := d.Field("sla"); f.Set() {
				p.Report(f.Key.Span, "only prefect cloud has service level agreements: with a server of your own the deploy fails after the deployment is registered").
					At(f.Path).In(d)
			}
		}
	},
}
