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
			arguments(p, d, func(e argument) {
				if n := e.Value.Deref(); flow != nil {
					text := false
					if param := parameterOf(flow, e.Key.Text); param != nil {
						text = param.Annotation.Text == "str"
					}
					switch sure := enforced(p, d) && e.schedule == nil && e.trigger == nil; {
					case text && !sure:
						reportAmbiguous(p, e.Entry, "parameter").At(e.deployment.Path + ".parameters." + e.Key.Text).In(d)
						return
					case text || n != nil && ambiguous(n) && unfit(flow, e.Entry) != "":
						return // the rule parameter-type speaks
					}
				} else if n == nil {
					return
				}
				reportCounted(p, e)
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

// reportCounted reports a number that counts in eights or in sixties, where nothing says that text is meant.
func reportCounted(p *Pass, e argument) {
	n := e.Value.Deref()
	if n == nil || n.Kind != yamldoc.Int || n.Style != yamldoc.Plain || n.Tag != "" {
		return
	}
	digits := strings.TrimLeft(n.Text, "+-")
	switch {
	case strings.Contains(digits, ":"):
		e.report(p, n.Span, "YAML counts in sixties and reads %s as %s: put it in quotes if it is text", n.Text, value.Str(n.Scalar)).
			UnsafeFix("put it in quotes", Replace(n.Span, `"`+n.Text+`"`))
	case len(digits) > 1 && digits[0] == '0' && strings.Trim(digits, "01234567_") == "":
		plain := n.Text[:len(n.Text)-len(digits)] + strings.TrimLeft(digits, "0_")
		e.report(p, n.Span, "YAML counts in eights and reads %s as %s: write %s, or put it in quotes if it is text", n.Text, value.Str(n.Scalar), plain).
			UnsafeFix("write "+plain, Replace(n.Span, plain))
	}
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
