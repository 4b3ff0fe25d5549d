package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var trailingComma = &Rule{
	Name:     "trailing-comma",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "a comma behind a number or a flag, which makes it text",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			flow := signature(p, d)
			arguments(p, d, func(e argument) {
				eachNode(e.Value, func(n *yamldoc.Node) {
					meant := trailingNumber(n)
					if meant == "" || flow != nil && n == e.Value.Deref() && acceptsText(flow, e.Entry) {
						return
					}
					comma := source.Span{Start: n.Span.End - 1, End: n.Span.End}
					f := e.report(p, comma, "YAML takes %q for text because of the comma: write %s", n.Text, meant).
						Fix("remove the comma", Replace(comma, ""))
					if e.schedule != nil || !enforced(p, d) || flow == nil || unfit(flow, e.Entry) == "" {
						f.Deploys()
					}
				})
			})
		}
	},
}

var numberAndComma = pattern.New(`^(?:[-+]?[0-9]+(?:\.[0-9]*)?|true|false|null|True|False)\s*,$`)

// trailingNumber is the number or flag before the comma that ends a plain scalar; "" if it is something else.
func trailingNumber(n *yamldoc.Node) string {
	if n == nil || n.Kind != yamldoc.String || n.Style != yamldoc.Plain || !numberAndComma.MatchString(n.Text) {
		return ""
	}
	return strings.TrimRight(n.Text, ", ")
}

// acceptsText reports whether the annotation of a parameter takes the text as it is.
func acceptsText(flow interface {
	CheckArgument(name string, v any) (string, bool)
}, e yamldoc.Entry) bool {
	problem, decided := flow.CheckArgument(e.Key.Text, e.Value.Deref().Text)
	return decided && problem == ""
}
