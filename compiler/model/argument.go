package model

import (
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// arguments are a step's, with every reference replaced by its value. One that holds a reference without a known value is a
// [schema.Hole] as a whole.
func (l *Links) arguments(o *outcome, s *Step) map[string]any {
	args := make(map[string]any, len(s.Args))
	f := filler{links: l, outcome: o, step: s}
	for _, a := range s.Args {
		args[a.Key.KeyText()] = f.node(a.Value, 0)
	}
	return args
}

// Bounds of what is looked at of a step's arguments.
const (
	maxArguments     = 1 << 20 // values and bytes that references bring, in one chain
	maxArgumentDepth = 100
)

var tooLarge = schema.Hole{Why: "it is too large to look at"} // never changed

// filler puts known values into the arguments of one step.
type filler struct {
	links   *Links
	outcome *outcome
	step    *Step
}

// node is the data of a node with references replaced, or a hole.
func (f *filler) node(n *yamldoc.Node, depth int) any {
	if !f.outcome.spend(1) || depth > maxArgumentDepth {
		return tooLarge
	}
	n = n.Deref()
	switch {
	case n == nil:
		return schema.Hole{Why: "it cannot be read"}
	case n.Kind == yamldoc.String:
		return f.text(n.Text)
	case n.Kind == yamldoc.Sequence:
		list := make([]any, 0, len(n.Items))
		for _, item := range n.Items {
			x := f.node(item, depth+1)
			if hole, ok := x.(schema.Hole); ok {
				return hole
			}
			list = append(list, x)
		}
		return list
	case n.Kind == yamldoc.Mapping:
		m := make(map[string]any, len(n.Entries()))
		for _, e := range n.Entries() {
			x := f.node(e.Value, depth+1)
			if hole, ok := x.(schema.Hole); ok {
				return hole
			}
			m[e.Key.KeyText()] = x
		}
		return m
	case n.Kind == yamldoc.Invalid:
		return schema.Hole{Why: "it cannot be read"}
	}
	if x, ok := f.outcome.plain(n.Scalar); ok {
		return x
	}
	return schema.Hole{Why: "it is a " + value.TypeName(n.Scalar) + " that is not followed here"}
}

// text replaces the references of one string: a lone one by its value with its type. What comes in is not looked at again,
// except that a reference in it, which Prefect may resolve in a later pass, makes a hole.
func (f *filler) text(s string) any {
	if one, ok := template.Whole(s); ok && one.Kind == template.Standard {
		r := f.value(one)
		if x, ok := f.outcome.plain(r.Value); ok && r.Known {
			return f.settled(x)
		}
		return schema.Hole{Why: orUnknown(r.Why)}
	}
	why, failed := "", false
	out := template.Replace(s, func(ph template.Placeholder) (string, bool) {
		r := f.value(ph)
		if !r.Known && !failed {
			why, failed = r.Why, true
		}
		if !r.Known || failed {
			return "", false
		}
		text := value.Str(r.Value)
		if !f.outcome.spend(len(text)) {
			why, failed = tooLarge.Why, true
		}
		return text, !failed
	})
	if failed {
		return schema.Hole{Why: orUnknown(why)}
	}
	return f.settled(out)
}

func (f *filler) settled(x any) any {
	if s, ok := x.(string); ok && template.Has(s) {
		return schema.Hole{Why: "its value holds a reference itself"}
	}
	return x
}

func orUnknown(why string) string {
	if why == "" {
		return "its value is data that cannot be an argument here"
	}
	return why
}

func (f *filler) value(ph template.Placeholder) Result {
	switch ph.Kind {
	case template.Block:
		return unknown("it depends on the block %s", ph.Name)
	case template.Variable:
		return unknown("it depends on the variable %s", ph.VariableName())
	case template.Env:
		return f.env(ph.EnvName())
	}
	pull := f.step.Action.Section == Pull
	return f.outcome.lookup(template.SplitPath(ph.Name), f.outcome.at[f.step], pull)
}

// env is a variable of the machine that deploys. What is not set there is empty for a build or push step; a pull step asks
// again where the flow runs.
func (f *filler) env(name string) Result {
	if f.links.world.Env == nil {
		return unknown("it depends on the environment variable %s", name)
	}
	v, set := f.links.world.Env(name)
	if !set && f.step.Action.Section == Pull {
		return unknown("it depends on the environment variable %s where the flow runs", name)
	}
	return Result{Value: v, Known: true}
}
