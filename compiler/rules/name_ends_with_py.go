package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

var nameEndsWithPy = &Rule{
	Name:     "name-ends-with-py",
	Severity: diag.Warning,
	Fixes:    SafeFix,
	Deploys:  true,
	Only:     schema.Prefect3,
	Summary:  "Prefect 3 cuts .py off the end of a deployment's name",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			f := d.Field("name")
			text, ok := f.Text()
			short := strings.TrimSuffix(text, ".py")
			if !ok || short == text || short == "" || template.Has(text) {
				continue
			}
			n := f.Node()
			found := p.Report(part(p, n, len(short), len(text)), "prefect 3 takes the name %q for a file and registers %q", text, short).At(f.Path).In(d)
			if found.Span != n.Span {
				found.Fix("remove .py", Replace(found.Span, ""))
			}
		}
	},
}
