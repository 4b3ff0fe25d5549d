package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var templatedKey = &Rule{
	Name:     "templated-key",
	Severity: diag.Error,
	Deploys:  true,
	Summary:  "a placeholder in a key, which is never filled in",
	Run: func(p *Pass) {
		eachPlace(p, func(at *place, n *yamldoc.Node) {
			if n.Kind != yamldoc.Mapping {
				return
			}
			for _, pair := range n.Pairs {
				if k := pair.Key; k.Kind == yamldoc.String && template.Has(k.Text) && !cookiecutter(k.Text) {
					at.report(p, k.Span, "keys are never filled in: this one stays %q", k.Text)
				}
			}
		})
	},
}

// cookiecutter holds for text to be filled in by cookiecutter, before Prefect sees the file.
func cookiecutter(text string) bool { return strings.Contains(text, "cookiecutter.") }
