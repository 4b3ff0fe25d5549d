package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// entrypointText is a deployment's entrypoint without templates, and its node.
func entrypointText(d *model.Deployment) (string, *yamldoc.Node, bool) {
	f := d.Field("entrypoint")
	text, ok := f.Text()
	if !ok || text == "" || template.Has(text) {
		return "", nil, false
	}
	return text, f.Node(), true
}

// signature is the flow of a deployment when its parameters are known for sure.
func signature(p *Pass, d *model.Deployment) *pyflow.Flow {
	r := p.Flow(d)
	if r.Status != entrypoint.Found || r.Flow.Opaque != "" {
		return nil
	}
	return r.Flow
}

// takesAny reports whether a flow has *args or **kwargs.
func takesAny(f *pyflow.Flow) bool {
	for _, param := range f.Params {
		if param.Kind == pyflow.VarKeyword || param.Kind == pyflow.VarPositional {
			return true
		}
	}
	return false
}

func parameterNames(f *pyflow.Flow) []string {
	names := make([]string, 0, len(f.Params))
	for _, param := range f.Params {
		names = append(names, param.Name.Text)
	}
	return names
}

// parameterOf finds a parameter of a flow.
func parameterOf(f *pyflow.Flow, name string) *pyflow.Param {
	for i := range f.Params {
		if f.Params[i].Name.Text == name {
			return &f.Params[i]
		}
	}
	return nil
}

// argument is a parameter given to a flow, by a deployment or by one of its schedules.
type argument struct {
	yamldoc.Entry
	deployment *model.Deployment
	schedule   *scheduleItem // nil for the deployment's own and for those of triggers
	trigger    *yamldoc.Node // the trigger whose run gets it, nil for the others
	at         string        // where the trigger is
}

// report reports something about the argument.
func (a argument) report(p *Pass, span source.Span, format string, args ...any) *Finding {
	path := a.deployment.Path
	switch {
	case a.schedule != nil:
		path = a.schedule.path()
	case a.trigger != nil:
		path = a.at
	}
	return p.Report(span, format, args...).At(path + ".parameters." + a.Key.Text).In(a.deployment)
}

// beside reports whether the mapping of the argument has another one of the given name.
func (a argument) beside(name string) bool {
	n := a.deployment.Field("parameters").Node()
	switch {
	case a.schedule != nil:
		n = a.schedule.value("parameters")
	case a.trigger != nil:
		e, _ := a.trigger.Get("parameters")
		n = e.Value
	}
	return holds(n, name)
}

// arguments visits the parameters that a deployment gives to its flow, and those of its triggers and of its schedules, which
// only Prefect 3 has.
func arguments(p *Pass, d *model.Deployment, visit func(argument)) {
	each := func(n *yamldoc.Node, a argument) {
		if n = n.Deref(); n == nil || n.Kind != yamldoc.Mapping {
			return
		}
		for _, e := range n.Entries() {
			if e.Key.Kind == yamldoc.String {
				a.Entry, a.deployment = e, d
				visit(a)
			}
		}
	}
	if f := d.Field("parameters"); f.Set() {
		each(f.Node(), argument{})
	}
	if f := d.Field("triggers"); f.Set() && f.Node().Kind == yamldoc.Sequence {
		for i, item := range f.Node().Items {
			if e, ok := item.Get("parameters"); ok {
				each(e.Value, argument{trigger: item, at: fmt.Sprintf("%s[%d]", f.Path, i)})
			}
		}
	}
	if p.Generation() == schema.Prefect2 {
		return
	}
	schedulesOf(p, d, func(s *scheduleItem) { each(s.value("parameters"), argument{schedule: s}) })
}

// enforced reports whether the server checks a deployment's parameters against the flow's signature.
func enforced(p *Pass, d *model.Deployment) bool {
	f := d.Field("enforce_parameter_schema")
	if f.Set() && f.Node().Kind == yamldoc.Bool {
		return f.Node().Scalar == true
	}
	if f.Set() {
		return false // a word or a template: do not decide
	}
	return p.Generation() == schema.Prefect3
}

// leftover holds for the deployment that prefect init writes: every key is empty, but for the image that a recipe puts among the
// job variables of no pool.
func leftover(d *model.Deployment) bool {
	for _, e := range d.Node.Entries() {
		if e.Key.KeyText() == "work_pool" {
			if !emptyPool(e.Value) {
				return false
			}
		} else if !allEmpty(e.Value, 1) {
			return false
		}
	}
	return true
}

func emptyPool(n *yamldoc.Node) bool {
	if n = n.Deref(); n == nil || n.Kind != yamldoc.Mapping {
		return allEmpty(n, 1)
	}
	for _, e := range n.Entries() {
		if e.Key.KeyText() != "job_variables" && !allEmpty(e.Value, 2) {
			return false
		}
	}
	return true
}

const deepest = 8

func allEmpty(n *yamldoc.Node, depth int) bool {
	n = n.Deref()
	switch {
	case n == nil || n.Kind == yamldoc.Null:
		return true
	case n.Kind == yamldoc.String:
		return strings.TrimSpace(n.Text) == ""
	case n.Kind == yamldoc.Sequence:
		return len(n.Items) == 0
	case n.Kind != yamldoc.Mapping || depth > deepest:
		return false
	}
	for _, e := range n.Entries() {
		if !allEmpty(e.Value, depth+1) {
			return false
		}
	}
	return true
}

// unnamed holds for a deployment whose name is absent, null or empty.
func unnamed(d *model.Deployment) bool {
	f := d.Field("name")
	text, isText := f.Text()
	return !f.Set() || isText && text == ""
}
