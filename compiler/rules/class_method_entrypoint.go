package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/schema"
)

var classMethodEntrypoint = &Rule{
	Name:     "class-method-entrypoint",
	Severity: diag.Error,
	Only:     schema.Prefect2,
	Summary:  "Prefect 2 cannot load a flow that is a method of a class",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			text, n, ok := entrypointText(d)
			if !ok {
				continue
			}
			if form, ok := entrypoint.Parse(text); ok && strings.Contains(form.Function, ".") && isPath(form.Function) && text[form.Split] == ':' {
				p.Report(part(p, n, form.Split+1, len(text)), "prefect 2 finds no flow %q: a method of a class can be deployed with prefect 3 only", form.Function).
					At(d.Path + ".entrypoint").In(d)
			}
		}
	},
}
