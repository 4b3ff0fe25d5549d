package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

var invalidVariableName = &Rule{
	Name:     "invalid-variable-name",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Deploys:  true,
	Summary:  "a reference to a variable whose name no variable can have: it becomes empty text",
	Run: func(p *Pass) {
		for _, r := range p.Model.References {
			if r.Kind != template.Variable {
				continue
			}
			name := r.VariableName()
			var why string
			switch {
			case name == "":
				why = "names no variable"
			case strings.ContainsAny(name, ".[]"):
				why = fmt.Sprintf("asks for a variable that is called %q: there is no way to look into a variable", name)
			case strings.Trim(name, lowerNames(p.Generation())) != "":
				why = fmt.Sprintf("asks for a variable that is called %q, but names of variables are made of lower case letters, digits and _", name)
			default:
				continue
			}
			f := p.Report(r.NameSpan, "%q %s", r.Name, why).At(r.Path).In(r.Deployment)
			mended := strings.ReplaceAll(strings.ToLower(name), "-", "_")
			if name != "" && strings.Trim(mended, lowerNames(schema.Prefect2)) == "" && p.Model.Source.Slice(r.NameSpan) == r.Name {
				f.UnsafeFix(fmt.Sprintf("ask for %q", mended), Replace(r.NameSpan, strings.TrimSuffix(r.Name, name)+mended))
			}
		}
	},
}

// lowerNames are the characters of a variable's name.
func lowerNames(g schema.Generation) string {
	const names = "abcdefghijklmnopqrstuvwxyz0123456789_"
	if g == schema.Prefect2 {
		return names
	}
	return names + "-"
}
