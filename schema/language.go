package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"sync"
)

//go:generate go run ./gen

// Language is what can be written in a prefect.yaml. It is safe for concurrent use.
type Language struct {
	objects []*Object
	byName  map[string]*Object
	unions  map[string]*Union

	// compiled are the CUE definitions of each generation, for what the table rejects. Compiling takes milliseconds, so
	// a file without mistakes never causes it.
	compiled [2]func() (*definitions, error)
	steps    [2]func() Catalogue
	blocks   [2]func() ([]*Block, error)
}

// Load makes the language. It costs some ten microseconds; callers keep the result.
func Load() (*Language, error) {
	objects, unions := table()
	l := &Language{objects: objects, byName: map[string]*Object{}, unions: map[string]*Union{}}
	for _, o := range objects {
		l.byName[o.Name] = o
	}
	for _, u := range unions {
		l.unions[u.Name] = u
		for _, name := range u.variants {
			o := l.byName[name]
			if o == nil {
				return nil, fmt.Errorf("schema: union %s names an unknown object %q", u.Name, name)
			}
			u.Variants = append(u.Variants, o)
		}
	}
	for _, o := range objects {
		if err := l.link(o); err != nil {
			return nil, err
		}
	}
	for i, g := range []Generation{Prefect2, Prefect3} {
		l.compiled[i] = sync.OnceValues(func() (*definitions, error) { return define(l, g) })
		l.steps[i] = sync.OnceValue(func() Catalogue { return newCatalogue(g) })
		l.blocks[i] = sync.OnceValues(func() ([]*Block, error) { return readBlocks(g) })
	}
	return l, nil
}

func (l *Language) link(o *Object) error {
	o.byName = make(map[string]*Field, len(o.Fields))
	for _, f := range o.Fields {
		o.byName[f.Name] = f
		for _, t := range f.types {
			if err := l.linkType(t); err != nil {
				return fmt.Errorf("schema: field %s of %s: %w", f.Name, o.Name, err)
			}
		}
	}
	return l.linkType(o.Rest)
}

func (l *Language) linkType(t *Type) error {
	if t == nil {
		return nil
	}
	for i := range t.Alts {
		a := &t.Alts[i]
		if a.object != "" {
			if a.Object = l.byName[a.object]; a.Object == nil {
				return fmt.Errorf("unknown object %q", a.object)
			}
		}
		if a.union != "" {
			if a.Union = l.unions[a.union]; a.Union == nil {
				return fmt.Errorf("unknown union %q", a.union)
			}
		}
		if err := l.linkType(a.Item); err != nil {
			return err
		}
	}
	return nil
}

// Object finds an object by name: File, Deployment, WorkPool, Schedule, ConcurrencyLimit, Step, StepBody,
// EventTrigger, MetricTrigger, Metric, CompoundTrigger, SequenceTrigger, DurationSLA, LatenessSLA, FrequencySLA.
// It is nil for any other name.
func (l *Language) Object(name string) *Object { return l.byName[name] }

// Objects are all objects, the file first.
func (l *Language) Objects() []*Object { return slices.Clone(l.objects) }

// Union finds a union by name: Trigger, SLA. It is nil for any other name.
func (l *Language) Union(name string) *Union { return l.unions[name] }

// Unions are all unions, by name.
func (l *Language) Unions() []*Union {
	out := make([]*Union, 0, len(l.unions))
	for _, u := range l.unions {
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b *Union) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Variant chooses the object that a mapping of the union is meant to be. Without anything to choose by it is the
// first; it is nil when the discriminator has a value that names none, and known is false when that value is a template.
func (u *Union) Variant(d Data) (o *Object, known bool) {
	for _, o := range u.Variants {
		for _, v := range o.variants {
			if at := entry(d, v.field); at != nil && at.Kind() == KindString && at.Text() == v.value {
				return o, true
			}
		}
	}
	if u.Discriminator != "" {
		if at := entry(d, u.Discriminator); at != nil && at.Kind() != KindNull {
			return nil, !(at.Kind() == KindString && hasTemplate(at.Text()))
		}
	}
	for _, o := range u.Variants {
		if len(o.infer) > 0 && hasAll(d, o.infer) {
			return o, true
		}
	}
	return u.Variants[0], true
}

func hasAll(d Data, names []string) bool {
	for _, name := range names {
		if entry(d, name) == nil {
			return false
		}
	}
	return true
}

// entry finds a value in a mapping by its text key, or nil.
func entry(d Data, name string) Data {
	for i := range d.Len() {
		if k, v := d.Field(i); k.Kind() == KindString && k.Text() == name {
			return v
		}
	}
	return nil
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
