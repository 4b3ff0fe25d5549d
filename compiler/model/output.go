package model

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// World is what is known beyond the file when outputs of steps are computed: of the machine that deploys. What is nil is not
// known.
type World struct {
	Env      func(name string) (string, bool)
	Settings schema.Settings
}

// Result is what is known of a value before anything runs.
type Result struct {
	Value value.Value
	Known bool
	Why   string // why it is not known
}

func unknown(format string, args ...any) Result { return Result{Why: fmt.Sprintf(format, args...)} }

// In is the same links in a world of which more is known.
func (l *Links) In(w World) *Links {
	return &Links{All: l.All, catalogue: l.catalogue, file: l.file, world: w, runs: &runs{}}
}

// Value is what a reference becomes, when that follows from what the file says.
func (l *Links) Value(link *Link) (v value.Value, known bool, why string) {
	r := unknown("it is no reference to a step output")
	if link.Status == RunTime {
		r = unknown("prefect fills it in when the flow runs")
	} else if link.Kind == template.Standard {
		o := l.run(link.chain)
		r = o.lookup(template.SplitPath(link.Name), o.before(link.Reference), link.Section == Pull)
	}
	return r.Value, r.Known, r.Why
}

// OutputsIn is what a step returns when it runs for a deployment; nil stands for a file without deployments. It is nil for a
// step whose outputs are not known by name, and for one that does not run there.
func (l *Links) OutputsIn(d *Deployment, s *Step) map[string]Result {
	return l.run(l.file.chain(d)).returned[s]
}

// OutputsOf is what a step returns in every deployment it runs for. What differs between them is not known.
func (l *Links) OutputsOf(s *Step) map[string]Result {
	if d := s.Deployment(); d != nil {
		return l.OutputsIn(d, s)
	}
	var out map[string]Result
	seen := map[chain]bool{}
	for _, d := range l.file.All() {
		c := l.file.chain(d).upTo(s.Action.Section)
		if seen[c] || !c.has(s.Action) {
			continue
		}
		seen[c] = true
		out = agreed(out, l.run(c).returned[s])
	}
	if len(seen) == 0 { // no deployment uses the action
		return l.OutputsIn(nil, s)
	}
	return out
}

func agreed(a, b map[string]Result) map[string]Result {
	if a == nil {
		return b
	}
	out := make(map[string]Result, len(a))
	for name, r := range a {
		if other := b[name]; r.Known && (!other.Known || !value.Equal(r.Value, other.Value)) {
			r = unknown("it differs between deployments")
		}
		out[name] = r
	}
	return out
}

// KnownOutputs is what templates of a deployment are applied to, as far as it is known before anything runs: the outputs of
// build and push steps, by step id and flat.
func (l *Links) KnownOutputs(d *Deployment) *value.Map {
	o := l.run(l.file.chain(d))
	whole := map[string]bool{} // ids that are used as a whole
	for _, link := range l.All {
		if link.ByID && link.Output == "" {
			whole[link.Source.ID] = true
		}
	}
	out := &value.Map{}
	for _, name := range o.order {
		g, ok := o.latest(name, o.deployed)
		switch {
		case !ok || g.step == nil && o.hidden(g.at, o.deployed):
		case g.step == nil:
			if g.Known {
				out.Set(name, g.Value)
			}
		default:
			m, complete := knownOnly(o.returned[g.step])
			if m.Len() > 0 && (complete || !whole[name]) {
				out.Set(name, m)
			}
		}
	}
	return out
}

// knownOnly are the outputs whose values are known, sorted by name, and whether these are all.
func knownOnly(outputs map[string]Result) (m *value.Map, complete bool) {
	names := make([]string, 0, len(outputs))
	for name, r := range outputs {
		if r.Known {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	m = &value.Map{}
	for _, name := range names {
		m.Set(name, outputs[name].Value)
	}
	return m, len(names) == len(outputs)
}

// runs keeps the outcomes of chains that were asked for.
type runs struct {
	mu   sync.Mutex
	done map[chain]*outcome
}

func (l *Links) run(c chain) *outcome {
	l.runs.mu.Lock()
	defer l.runs.mu.Unlock()
	o := l.runs.done[c]
	if o == nil {
		o = l.perform(c)
		if l.runs.done == nil {
			l.runs.done = map[chain]*outcome{}
		}
		l.runs.done[c] = o
	}
	return o
}

// outcome is what the steps of a chain leave behind, as far as it is known. Steps are numbered in the order they run.
type outcome struct {
	chain    chain
	returned map[*Step]map[string]Result
	at       map[*Step]int
	deployed int // number of steps that run before the deployment is registered
	given    map[string][]giving
	order    []string // the names given, in the order they first appear
	opaque   []int    // steps that may return anything
	budget   int
}

// giving is one time that a name gets a value: a flat output's, or all outputs of a step under its id.
type giving struct {
	at   int
	step *Step // nil for a flat output
	Result
}

func (l *Links) perform(c chain) *outcome {
	o := &outcome{chain: c, returned: map[*Step]map[string]Result{}, at: map[*Step]int{}, given: map[string][]giving{}, budget: maxArguments}
	for i, s := range c.all() {
		o.at[s] = i
		if s.Action.Section != Pull {
			o.deployed = i + 1
		}
		info, status := l.catalogue.Lookup(s.Function())
		if info == nil || status != schema.Known {
			o.opaque = append(o.opaque, i)
			o.give(s.ID, giving{at: i, step: s})
			continue
		}
		outputs := map[string]Result{}
		for name, v := range l.catalogue.Outputs(info, l.arguments(o, s), l.settings(s)) {
			outputs[name] = result(v)
		}
		o.returned[s] = outputs
		o.give(s.ID, giving{at: i, step: s})
		for i := range info.Outputs { // flat names come after the id, and hide it
			name := info.Outputs[i].Name
			o.give(name, giving{at: o.at[s], Result: outputs[name]})
		}
	}
	return o
}

// settings are known where the deploying machine runs the step.
func (l *Links) settings(s *Step) schema.Settings {
	if s.Action.Section == Pull {
		return nil
	}
	return l.world.Settings
}

func (o *outcome) give(name string, g giving) {
	if name == "" {
		return
	}
	if len(o.given[name]) == 0 {
		o.order = append(o.order, name)
	}
	o.given[name] = append(o.given[name], g)
}

// latest is the last time a name gets a value before the step numbered end.
func (o *outcome) latest(name string, end int) (giving, bool) {
	all := o.given[name]
	i := sort.Search(len(all), func(i int) bool { return all[i].at >= end })
	if i == 0 {
		return giving{}, false
	}
	return all[i-1], true
}

// hidden reports whether a step that may return anything runs behind step at and before step end.
func (o *outcome) hidden(at, end int) bool {
	i := sort.SearchInts(o.opaque, at+1)
	return i < len(o.opaque) && o.opaque[i] < end
}

// before is the number of the step from which on a reference sees nothing.
func (o *outcome) before(ref *Reference) int {
	if at, ok := o.at[ref.Step]; ok && ref.Step != nil {
		return at
	}
	return o.deployed
}

// lookup follows a name into what the steps before end gave. A pull step sees first what the deploy itself leaves behind.
func (o *outcome) lookup(path []string, end int, pull bool) Result {
	if pull && end > o.deployed {
		if r, found := o.find(path, 0, o.deployed); found {
			return r
		}
	}
	r, _ := o.find(path, 0, end)
	return r
}

func (o *outcome) find(path []string, start, end int) (r Result, found bool) {
	g, ok := o.latest(path[0], end)
	if !ok || g.at < start {
		if o.hidden(start-1, end) {
			return unknown("a step that is not known here may give %q", path[0]), false
		}
		return unknown("no step before gives %q", path[0]), false
	}
	if g.step == nil {
		if o.hidden(g.at, end) {
			return unknown("a step that is not known here runs later and may change %q", path[0]), true
		}
		return g.inside(path[1:]), true
	}
	outputs := o.returned[g.step]
	switch {
	case outputs == nil:
		return unknown("nothing is known of what %s returns", g.step.Function()), true
	case len(path) == 1:
		m, complete := knownOnly(outputs)
		if !complete {
			return unknown("not all outputs of step %q are known before it runs", g.step.ID), true
		}
		return Result{Value: m, Known: true}, true
	}
	if r, ok = outputs[path[1]]; !ok {
		return unknown("step %q has no output %q", g.step.ID, path[1]), false
	}
	return r.inside(path[2:]), true
}

// inside follows the rest of a name into a value.
func (r Result) inside(rest []string) Result {
	if !r.Known || len(rest) == 0 {
		return r
	}
	v, ok := template.Lookup(r.Value, strings.Join(rest, "."))
	if !ok {
		return unknown("the value has nothing at %q", strings.Join(rest, "."))
	}
	return Result{Value: v, Known: true}
}

// result is the schema's word on an output as data.
func result(v schema.Value) Result {
	if !v.Known {
		return Result{Why: v.Why}
	}
	return Result{Value: fromPlain(v.Data), Known: true}
}

func fromPlain(x any) value.Value {
	switch x := x.(type) {
	case map[string]any:
		names := make([]string, 0, len(x))
		for name := range x {
			names = append(names, name)
		}
		slices.Sort(names)
		m := &value.Map{}
		for _, name := range names {
			m.Set(name, fromPlain(x[name]))
		}
		return m
	case []any:
		list := make([]value.Value, len(x))
		for i := range x {
			list[i] = fromPlain(x[i])
		}
		return list
	case int:
		return int64(x)
	}
	return x
}

// spend takes from what may be looked at in one chain; false when nothing is left.
func (o *outcome) spend(n int) bool {
	o.budget -= n
	return o.budget >= 0
}

// plain is data as the schema takes arguments; false for what it does not take.
func (o *outcome) plain(v value.Value) (any, bool) {
	if !o.spend(1) {
		return nil, false
	}
	switch v := v.(type) {
	case string:
		return v, o.spend(len(v))
	case nil, bool, int64, float64:
		return v, true
	case *big.Int:
		return nil, false
	case []value.Value:
		out := make([]any, len(v))
		for i := range v {
			var ok bool
			if out[i], ok = o.plain(v[i]); !ok {
				return nil, false
			}
		}
		return out, true
	case *value.Map:
		out := make(map[string]any, v.Len())
		for _, p := range v.Pairs {
			x, ok := o.plain(p.Value)
			if !ok {
				return nil, false
			}
			out[value.KeyText(p.Key)] = x
		}
		return out, true
	}
	return nil, false
}
