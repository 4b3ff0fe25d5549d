package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

var moduleEntrypointWithoutPull = &Rule{
	Name:     "module-entrypoint-without-pull",
	Severity: diag.Error,
	Only:     schema.Prefect2,
	Summary:  "a module as entrypoint without pull steps, which ends the deploy in Prefect 2",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			text := d.Entrypoint()
			if text == "" || strings.Contains(text, ":") || !strings.Contains(text, ".") || template.Has(text) || !withoutPull(d) || dockerBuild(d) != nil {
				continue
			}
			p.Report(d.Field("entrypoint").Span(), "prefect 2 cannot make a pull step for the module %q: add pull steps, or write file.py:function", text).In(d)
		}
	},
}
