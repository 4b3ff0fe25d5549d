package template

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// Pass says how Apply treats what it finds.
type Pass struct {
	Values value.Value                      // where standard names are looked up; nil for none
	Env    func(name string) (string, bool) // environment variables; nil for none

	// Keep leaves a placeholder without a value as it is written; otherwise a mapping key or list item that is one
	// disappears, and inside text it becomes empty.
	Keep bool

	// KeepItems makes Keep hold for list items too. Prefect deletes a list item that is exactly one unresolved
	// placeholder even when it keeps everything else.
	KeepItems bool

	SkipPrefix string            // names starting so are left alone; "" for none
	OnUnset    func(name string) // called for every placeholder without a value; may be nil
}

// UnexpectedTypeError is returned for data Prefect refuses to look for placeholders in.
type UnexpectedTypeError struct{ Value value.Value }

func (e *UnexpectedTypeError) Error() string {
	return fmt.Sprintf("a %s cannot be used here: prefect only accepts text, numbers, true/false, null, lists and mappings", value.TypeName(e.Value))
}

// notSet marks a value that disappears.
type notSet struct{}

// Apply is Prefect's apply_values. The result shares nothing mutable with v except what Values held.
// It returns nil, false when the whole value was one placeholder without a value.
func (p Pass) Apply(v value.Value) (value.Value, bool, error) {
	out, err := p.apply(v)
	if _, gone := out.(notSet); gone {
		return nil, false, err
	}
	return out, true, err
}

func (p Pass) apply(v value.Value) (value.Value, error) {
	switch v := v.(type) {
	case string:
		return p.text(v), nil
	case *value.Map:
		out := &value.Map{}
		for _, e := range v.Pairs {
			applied, err := p.apply(e.Value)
			if err != nil {
				return nil, err
			}
			if _, gone := applied.(notSet); !gone {
				out.Set(e.Key, applied)
			} else if p.Keep {
				out.Set(e.Key, e.Value)
			}
		}
		return out, nil
	case []value.Value:
		out := make([]value.Value, 0, len(v))
		for _, item := range v {
			applied, err := p.apply(item)
			if err != nil {
				return nil, err
			}
			if _, gone := applied.(notSet); !gone {
				out = append(out, applied)
			} else if p.Keep && p.KeepItems {
				out = append(out, item)
			}
		}
		return out, nil
	case value.Date, value.DateTime, value.Bytes, value.Set:
		return nil, &UnexpectedTypeError{v}
	}
	return v, nil
}

func (p Pass) skipped(name string) bool {
	return p.SkipPrefix != "" && strings.HasPrefix(name, p.SkipPrefix)
}

// text applies the pass to one string: a lone standard placeholder becomes its value with its type.
func (p Pass) text(s string) value.Value {
	if !strings.Contains(s, "{{") {
		return s
	}
	if one, ok := Whole(s); ok && one.Kind == Standard && !p.skipped(one.Name) {
		v, found := Lookup(p.Values, one.Name)
		if !found {
			p.unset(one.Name)
			return notSet{}
		}
		return v
	}
	return Replace(s, func(ph Placeholder) (string, bool) {
		if p.skipped(ph.Name) {
			return "", false
		}
		var v value.Value
		var found bool
		switch ph.Kind {
		case Standard:
			v, found = Lookup(p.Values, ph.Name)
		case Env:
			if p.Env != nil {
				v, found = p.Env(ph.EnvName())
			}
		default:
			return "", false
		}
		if !found {
			p.unset(ph.Name)
			return "", !p.Keep
		}
		return value.Str(v), true
	})
}

func (p Pass) unset(name string) {
	if p.OnUnset != nil {
		p.OnUnset(name)
	}
}

// Replace puts the text that with gives in the place of each placeholder for which it returns true.
//
// Prefect replaces in the order of a set, so that a value which itself holds one of the string's placeholders gives
// different results from run to run; here each placeholder is replaced once and what it brings is not scanned again.
func Replace(s string, with func(Placeholder) (string, bool)) string {
	found := Find(s)
	if len(found) == 0 {
		return s
	}
	var b strings.Builder
	at := 0
	for _, ph := range found {
		text, ok := with(ph)
		if !ok {
			continue
		}
		b.WriteString(s[at:ph.Start])
		b.WriteString(text)
		at = ph.End
	}
	b.WriteString(s[at:])
	return b.String()
}
