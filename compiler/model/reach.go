package model

import "sort"

// reach is what the steps of a chain give, by name, so that a reference finds its step however many there are.
type reach struct {
	steps     []*Step // in the order they run
	at        map[*Step]int
	pull      int              // index of the first pull step
	ids       map[string][]int // indices of the steps with an id, ascending
	outputs   map[string][]int // likewise, of those that surely give an output
	uncertain int              // index of the first step of which we do not know what it gives
}

// only is the chain in which nothing but one action runs.
func only(a *Action) chain {
	switch a.Section {
	case Build:
		return chain{build: a}
	case Push:
		return chain{push: a}
	}
	return chain{pull: a}
}

func (l *Links) reachOf(c chain) *reach {
	if r := l.reaches[c]; r != nil {
		return r
	}
	r := &reach{at: map[*Step]int{}, ids: map[string][]int{}, outputs: map[string][]int{}, uncertain: -1}
	for _, a := range []*Action{c.build, c.push, c.pull} {
		if a == c.pull {
			r.pull = len(r.steps)
		}
		if a == nil {
			continue
		}
		for _, s := range a.Steps {
			l.add(r, s)
		}
	}
	l.reaches[c] = r
	return r
}

func (l *Links) add(r *reach, s *Step) {
	n := len(r.steps)
	r.steps = append(r.steps, s)
	r.at[s] = n
	if s.ID != "" {
		r.ids[s.ID] = append(r.ids[s.ID], n)
	}
	names, certain := l.Outputs(s)
	for _, name := range names {
		if at := r.outputs[name]; len(at) == 0 || at[len(at)-1] != n {
			r.outputs[name] = append(at, n)
		}
	}
	if !certain && r.uncertain < 0 {
		r.uncertain = n
	}
}

// first is the first step with an id or output of this name.
func (r *reach) first(name string) *Step {
	at := len(r.steps)
	for _, found := range [][]int{r.ids[name], r.outputs[name]} {
		if len(found) > 0 {
			at = min(at, found[0])
		}
	}
	if at == len(r.steps) {
		return nil
	}
	return r.steps[at]
}

// prefix is the part of a reach that a reference can see: its first n steps.
type prefix struct {
	*reach
	n int
}

// before are the steps whose outputs a reference can see.
func (l *Links) before(ref *Reference, c chain) prefix {
	r := l.reachOf(c)
	n := len(r.steps)
	if ref.Section != Pull {
		n = r.pull
	}
	if at, own := r.at[ref.Step]; own {
		n = min(n, at)
	}
	return prefix{r, n}
}

// deploying is the part that runs while Prefect deploys.
func (p prefix) deploying() prefix { return prefix{p.reach, min(p.n, p.pull)} }

func (p prefix) byID(id string) *Step     { return p.last(p.ids[id]) }
func (p prefix) giving(name string) *Step { return p.last(p.outputs[name]) }

// last is the last of the steps at these indices that can be seen.
func (p prefix) last(at []int) *Step {
	i := sort.SearchInts(at, p.n)
	if i == 0 {
		return nil
	}
	return p.steps[at[i-1]]
}

// certain holds when what all steps give is known.
func (p prefix) certain() bool { return p.uncertain < 0 || p.uncertain >= p.n }
