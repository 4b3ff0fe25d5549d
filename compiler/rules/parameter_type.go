package rules

import (
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var parameterType = &Rule{
	Name:     "parameter-type",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "a parameter whose value does not fit the flow's annotation",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			flow := signature(p, d)
			if flow == nil {
				continue
			}
			checks := enforced(p, d)
			arguments(p, d, func(e argument) {
				problem := unfit(flow, e.Entry)
				v := e.Value.Deref()
				if v != nil && v.Kind == yamldoc.String && problem == "" {
					if problem := flow.CheckText(e.Key.Text, v.Text); problem != "" {
						where(p, d, e.report(p, v.Span, "parameter %q: %s; the run fails over it", e.Key.Text, problem).As(diag.Warning), flow, e.Key.Text)
					}
				}
				if problem == "" || trailingNumber(v) != "" {
					return // the rule trailing-comma speaks of the latter
				}
				sure := checks && e.schedule == nil && e.trigger == nil // the server looks at the deployment's own parameters only
				if !sure && mayConvert(v) {
					return
				}
				end := ""
				if !sure {
					end = "; the run fails over it"
				}
				f := e.report(p, v.Span, "parameter %q: %s%s", e.Key.Text, problem, end)
				if f.Span.Len() == 0 {
					f.Span = e.Key.Span
				}
				if !sure {
					f.As(diag.Warning)
				}
				requote(f, flow, e, v)
				where(p, d, f, flow, e.Key.Text)
			})
		}
	},
}

// requote offers to add or to remove quotes, if the value then fits.
func requote(f *Finding, flow *pyflow.Flow, e argument, n *yamldoc.Node) {
	fits := func(v any) bool {
		problem, decided := flow.CheckArgument(e.Key.Text, v)
		return decided && problem == ""
	}
	switch n.Kind {
	case yamldoc.Bool, yamldoc.Int, yamldoc.Float, yamldoc.Date, yamldoc.DateTime:
		if n.Style == yamldoc.Plain && fits(n.Text) {
			f.UnsafeFix("put it in quotes", Replace(n.Span, `"`+n.Text+`"`))
		}
	case yamldoc.String:
		if i, whole := value.ParseInt(n.Text); whole && (n.Style == yamldoc.SingleQuoted || n.Style == yamldoc.DoubleQuoted) && fits(i) {
			f.UnsafeFix("write it without quotes", Replace(n.Span, value.Str(i)))
		}
	}
}

// unfit says why a value does not fit the parameter it is given for; "" if it does, or if that is open.
func unfit(flow *pyflow.Flow, e yamldoc.Entry) string {
	v, err := e.Value.Python()
	if err != nil {
		return ""
	}
	problem, decided := flow.CheckArgument(e.Key.Text, v)
	if !decided {
		return ""
	}
	return problem
}

// mayConvert holds for text that a run may turn into a number or a flag: pydantic does, where the server does not.
func mayConvert(n *yamldoc.Node) bool {
	if n.Kind != yamldoc.String {
		return n.Kind == yamldoc.Bool || n.Kind == yamldoc.Int || n.Kind == yamldoc.Float
	}
	if _, err := strconv.ParseFloat(strings.TrimSpace(n.Text), 64); err == nil {
		return true
	}
	switch strings.ToLower(n.Text) {
	case "true", "false", "yes", "no", "on", "off", "t", "f", "y", "n":
		return true
	}
	return false
}

// where points at the parameter in the flow's file.
func where(p *Pass, d *model.Deployment, f *Finding, flow *pyflow.Flow, name string) {
	if param := parameterOf(flow, name); param != nil {
		f.AlsoIn(p.Flow(d).File, param.Name.Span, "the parameter is here")
	}
}
