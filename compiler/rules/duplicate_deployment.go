package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
)

var duplicateDeployment = &Rule{
	Name:     "duplicate-deployment",
	Severity: diag.Error,
	Deploys:  true,
	Summary:  "two deployments with the same flow and name: the later one overwrites the earlier",
	Whole:    true,
	Run: func(p *Pass) {
		type pair struct{ flow, name string }
		seen := map[pair]*model.Deployment{}
		for _, d := range p.Model.Deployments {
			name := d.Name()
			if name == "" || template.Has(name) {
				continue
			}
			flow := flowKey(p, d)
			if flow == "" {
				continue
			}
			first := seen[pair{flow, name}]
			if first == nil {
				seen[pair{flow, name}] = d
				continue
			}
			p.Report(d.Field("name").Span(), "deployment %q of this flow is there already: this one overwrites it", name).
				At(d.Path+".name").In(d).Also(first.Field("name").Span(), "the first one is here")
		}
	},
}

// flowKey tells flows apart: the flow's name if the project's files say it, else the entrypoint as written.
func flowKey(p *Pass, d *model.Deployment) string {
	r := p.Flow(d)
	if r.Status == entrypoint.Found && r.Flow.Name.Known {
		return "flow " + r.Flow.Name.Text
	}
	if text, _, ok := entrypointText(d); ok {
		return "entrypoint " + text
	}
	return ""
}
