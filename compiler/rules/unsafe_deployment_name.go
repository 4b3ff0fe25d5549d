package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
)

var unsafeDeploymentName = &Rule{
	Name:     "unsafe-deployment-name",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "a deployment name with / % & < or >, which the server refuses",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			f := d.Field("name")
			text, ok := f.Text()
			if !ok || template.Has(text) {
				continue
			}
			at := strings.IndexAny(text, "/%&<>")
			if at < 0 {
				continue
			}
			safe := strings.NewReplacer("/", "-", "%", "-", "&", "-", "<", "-", ">", "-").Replace(text)
			p.Report(part(p, f.Node(), at, at+1), "deployment name %q has a %q, which prefect does not allow: names have none of / %% & < >", text, text[at:at+1]).
				At(f.Path).In(d).suggest("write - in its place", f.Node(), safe)
		}
	},
}
