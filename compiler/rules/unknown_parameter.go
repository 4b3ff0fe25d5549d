package rules

import (
	"fmt"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var unknownParameter = &Rule{
	Name:     "unknown-parameter",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Deploys:  true,
	Summary:  "a parameter that the flow does not have: each run fails",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			flow := signature(p, d)
			if flow == nil || takesAny(flow) {
				continue
			}
			names := parameterNames(flow)
			file := p.Flow(d).File
			arguments(p, d, func(e argument) {
				name := e.Key.Text
				if parameterOf(flow, name) != nil || template.Has(name) {
					return // of the latter templated-key speaks
				}
				f := e.report(p, e.Key.Span, "flow %q has no parameter %q", flow.Function.Name.Text, name).
					AlsoIn(file, flow.Function.Name.Span, "the flow is here")
				near := schema.Nearest(name, names)
				switch {
				case near != "":
					f.Message += fmt.Sprintf(", did you mean %q", near)
					if e.Key.Style == yamldoc.Plain && !e.beside(near) {
						f.UnsafeFix(fmt.Sprintf("rename to %q", near), Replace(e.Key.Span, near))
					}
				case len(names) > 0:
					f.Message += ", only " + list(names)
				default:
					f.Message += ", it has none"
				}
				f.Message += ": prefect stores it, and each run fails"
			})
		}
	},
}
