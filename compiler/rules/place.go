package rules

import (
	"strconv"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// place says where a node is that eachPlace visits.
type place struct {
	Section    model.Section
	Field      string            // key of the deployment's field, or the step argument's name
	Step       *StepUse          // nil outside steps
	Deployment *model.Deployment // nil in the file's own actions

	field string // path of the field
	steps []pathStep
}

// pathStep is a key, or an index if key is empty.
type pathStep struct {
	key   string
	index int
}

// path is the place in the data, as in findings.
func (at *place) path() string {
	path := at.field
	for _, s := range at.steps {
		if s.key == "" {
			path += "[" + strconv.Itoa(s.index) + "]"
		} else {
			path += "." + s.key
		}
	}
	return path
}

// key is the innermost key on the way to the node, the field itself at the top.
func (at *place) key() string {
	for i := len(at.steps) - 1; i >= 0; i-- {
		if at.steps[i].key != "" {
			return at.steps[i].key
		}
	}
	return at.Field
}

// report reports something at the place.
func (at *place) report(p *Pass, span source.Span, format string, args ...any) *Finding {
	if at.Step != nil {
		return reportStep(p, at.Step, span, format, args...).At(at.path())
	}
	return p.Report(span, format, args...).At(at.path()).In(at.Deployment)
}

// eachPlace visits every node of what Prefect looks at: the fields of deployments and the arguments of steps. A part shared
// through aliases is visited once for each kind of place, so that the work is linear in the file.
func eachPlace(p *Pass, visit func(*place, *yamldoc.Node)) {
	w := placeWalker{visit: visit, seen: map[placeKey]bool{}}
	all := p.Steps()
	for i := range all {
		s := &all[i]
		for _, a := range s.Args {
			name := a.Key.KeyText()
			w.at = place{Section: s.Action.Section, Field: name, Step: s, Deployment: s.Deployment(), field: s.Path + "." + name, steps: w.at.steps[:0]}
			w.walk(a.Value, a.Via != nil)
		}
	}
	for _, d := range p.Model.Deployments {
		for _, f := range d.Fields {
			switch key := f.Key.KeyText(); key {
			case string(model.Build), string(model.Push), string(model.Pull):
			default:
				if !p.registered(key) {
					continue
				}
				w.at = place{Section: model.Setting, Field: key, Deployment: d, field: f.Path, steps: w.at.steps[:0]}
				w.walk(f.Value, f.Via != nil)
			}
		}
	}
}

type placeKey struct {
	node    *yamldoc.Node
	section model.Section
	field   string
}

type placeWalker struct {
	visit func(*place, *yamldoc.Node)
	at    place
	seen  map[placeKey]bool
}

// walk visits a node and what is below it. Only what has an anchor, or came by a merge, can be reached twice.
func (w *placeWalker) walk(n *yamldoc.Node, merged bool) {
	if n = n.Deref(); n == nil {
		return
	}
	if (merged || n.Anchor != nil) && len(n.Items)+len(n.Pairs) > 0 {
		k := placeKey{n, w.at.Section, w.at.Field}
		if w.seen[k] {
			return
		}
		w.seen[k] = true
	}
	w.visit(&w.at, n)
	for i, item := range n.Items {
		w.step(pathStep{index: i}, item, false)
	}
	for _, e := range n.Entries() {
		w.step(pathStep{key: e.Key.KeyText()}, e.Value, e.Via != nil)
	}
}

func (w *placeWalker) step(s pathStep, n *yamldoc.Node, merged bool) {
	w.at.steps = append(w.at.steps, s)
	w.walk(n, merged)
	w.at.steps = w.at.steps[:len(w.at.steps)-1]
}

// registered reports whether Prefect does anything with a field of a deployment; others are dropped.
func (p *Pass) registered(field string) bool {
	f := p.Language.Object("Deployment").Field(field)
	return f != nil && f.Ignored == "" && f.In(p.Generation())
}
