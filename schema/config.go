package schema

import (
	"maps"
	"slices"
	"sync"
)

// ConfigCUE is the definition of prefectc.cue: #Config and what it is made of.
func ConfigCUE() string {
	text, err := sources.ReadFile("config.cue")
	if err != nil {
		return "" // embedded: cannot happen
	}
	return string(text)
}

// WithSteps is the language with more steps, in both generations. A step of the same path as a shipped one stands in its
// place. The language itself stays as it is.
func (l *Language) WithSteps(own []*StepInfo) *Language {
	if len(own) == 0 {
		return l
	}
	more := *l
	for i, g := range []Generation{Prefect2, Prefect3} {
		shipped := l.steps[slot(g)]
		more.steps[i] = sync.OnceValue(func() Catalogue { return shipped().with(own) })
	}
	return &more
}

// with is a catalogue with more steps.
func (c Catalogue) with(own []*StepInfo) Catalogue {
	byPath, replaced := maps.Clone(c.byPath), map[*StepInfo]bool{}
	for _, s := range own {
		replaced[byPath[s.Path]] = true
		index(byPath, s)
	}
	steps := slices.DeleteFunc(slices.Clone(c.Steps), func(s *StepInfo) bool { return replaced[s] })
	c.Steps, c.byPath = append(steps, own...), byPath
	return c
}
