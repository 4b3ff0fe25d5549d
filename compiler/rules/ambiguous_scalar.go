package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var ambiguousScalar = &Rule{
	Name:     "ambiguous-scalar",
	Severity: diag.Warning,
	Fixes:    UnsafeFix,
	Deploys:  true,
	Summary:  "yes, 012 or 12:30 without quotes where text is meant: YAML 1.1 reads a flag or a number",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			if env := d.WorkPool("job_variables"); env.Set() && env.Node().Kind == yamldoc.Mapping {
				if e, ok := env.Node().Get("env"); ok {
					for _, v := range e.Value.Deref().Entries() {
						reportAmbiguous(p, v, "environment variable").At(env.Path + ".env." + v.Key.KeyText()).In(d)
					}
				}
			}
			flow := signature(p, d)
			if flow == nil || enforced(p, d) {
				continue // the rule parameter-type speaks
			}
			arguments(p, d, func(e argument) {
				if param := parameterOf(flow, e.Key.Text); param != nil && param.Annotation.Text == "str" {
					reportAmbiguous(p, e.Entry, "parameter").At(e.deployment.Path + ".parameters." + e.Key.Text).In(d)
				}
			})
		}
	},
}

// reportAmbiguous reports a value that YAML 1.1 reads otherwise than it looks. Without one the finding it gives is not kept.
func reportAmbiguous(p *Pass, e yamldoc.Entry, what string) *Finding {
	n := e.Value.Deref()
	if n == nil || !ambiguous(n) {
		return &Finding{}
	}
	f := p.Report(n.Span, "YAML reads %s as %s: put the %s %q in quotes", n.Text, value.Str(n.Scalar), what, e.Key.KeyText())
	return f.UnsafeFix("put it in quotes", Replace(n.Span, `"`+n.Text+`"`))
}

// ambiguous holds for words and numbers that only YAML 1.1 reads as something else than text or a decimal number.
func ambiguous(n *yamldoc.Node) bool {
	if n.Style != yamldoc.Plain {
		return false
	}
	switch n.Kind {
	case yamldoc.Bool:
		return !strings.EqualFold(n.Text, "true") && !strings.EqualFold(n.Text, "false")
	case yamldoc.Int:
		digits := strings.TrimLeft(n.Text, "+-")
		return strings.ContainsAny(digits, ":_") || len(digits) > 1 && digits[0] == '0'
	case yamldoc.Float:
		return strings.ContainsAny(n.Text, ":_")
	}
	return false
}
