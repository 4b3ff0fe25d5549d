package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var missingRequiredParameter = &Rule{
	Name:     "missing-required-parameter",
	Severity: diag.Error,
	Deploys:  true,
	Summary:  "a scheduled flow needs a parameter that nothing gives: each scheduled run fails",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			flow := signature(p, d)
			if flow == nil || takesAny(flow) || isTrue(d.Field("paused").Node()) {
				continue
			}
			own := d.Field("parameters")
			if misspelt(p, d.Node, "parameters") || own.Key != nil && !own.Set() && p.Generation() == schema.Prefect3 {
				continue // unknown-key or null-value speaks
			}
			if own.Set() && own.Node().Kind != yamldoc.Mapping {
				continue
			}
			checkSchedules(p, d, flow, own.Node())
		}
	},
}

func checkSchedules(p *Pass, d *model.Deployment, flow *pyflow.Flow, own *yamldoc.Node) {
	done := false
	schedulesOf(p, d, func(s *scheduleItem) {
		active := s.value("active")
		if done || s.kind == "" || active != nil && (active.Kind != yamldoc.Bool || active.Scalar != true) {
			return
		}
		var theirs *yamldoc.Node
		if p.Generation() == schema.Prefect3 {
			theirs = s.value("parameters")
		}
		missing := missingParameters(flow, own, theirs)
		if len(missing) == 0 {
			return
		}
		done = true // once a deployment
		span := source.Span{}
		if e, ok := s.node.Get(s.kind); ok {
			span = e.Key.Span
		}
		plural := "parameter"
		if len(missing) > 1 {
			plural = "parameters"
		}
		s.report(p, span, s.kind, "flow %q needs the %s %s, which neither the deployment nor this schedule gives: each scheduled run fails",
			flow.Function.Name.Text, plural, strings.Join(missing, ", ")).
			AlsoIn(p.Flow(d).File, flow.Function.Name.Span, "the flow is here")
	})
}

func missingParameters(flow *pyflow.Flow, given ...*yamldoc.Node) (missing []string) {
	for _, param := range flow.Params {
		found := param.Default.Present()
		for _, n := range given {
			if n != nil && holds(n, param.Name.Text) {
				found = true
			}
		}
		if !found {
			missing = append(missing, `"`+param.Name.Text+`"`)
		}
	}
	return missing
}

func isTrue(n *yamldoc.Node) bool { return n != nil && n.Kind == yamldoc.Bool && n.Scalar == true }
