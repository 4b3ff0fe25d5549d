package policy

import (
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/format"
)

// broken is a place in a deployment that does not satisfy a constraint.
type broken struct {
	path []string
	want string // what is asked of it, as the prefectc.cue has it; "" when it cannot be shown
}

// maxChoice bounds how deeply alternatives are looked into.
const maxChoice = 8

// breaks lists where data, which is complete, does not satisfy a constraint. Unlike in CUE a field is never added: what the
// constraint has and the data lacks is broken, unless the constraint has a default for it.
func breaks(want, data cue.Value, depth int) []broken {
	both := want.Unify(data)
	prefix := len(both.Path().Selectors())
	var out []broken
	var heads [][]string // of alternatives that all failed: what is said inside them is not needed
	for _, e := range errors.Errors(both.Validate(cue.Concrete(true), cue.All())) {
		path := relative(e.Path(), prefix)
		if inside(heads, path) {
			continue
		}
		format, _ := e.Msg()
		if strings.Contains(format, "empty disjunction") {
			heads = append(heads, path)
		}
		if depth < maxChoice && strings.Contains(format, "incomplete") && either(both, data, path, depth) {
			continue
		}
		out = append(out, broken{path, wanted(want, path)})
	}
	if len(out) == 0 {
		out = added(both, data, nil, out)
	}
	return out
}

func relative(path []string, prefix int) []string {
	if len(path) < prefix {
		return nil
	}
	out := make([]string, 0, len(path)-prefix)
	for _, p := range path[prefix:] {
		out = append(out, label(p))
	}
	return out
}

func inside(heads [][]string, path []string) bool {
	for _, h := range heads {
		if len(path) >= len(h) && strings.Join(path[:len(h)], "\x00") == strings.Join(h, "\x00") {
			return true
		}
	}
	return false
}

// either decides alternatives that CUE leaves open, because it could still add what each of them asks for: the data is
// complete, so one alternative must hold as it is.
func either(both, data cue.Value, path []string, depth int) bool {
	at := selectors(data, path)
	part := data.LookupPath(at)
	if !part.Exists() {
		return false
	}
	decided := false
	var hold func(v cue.Value) bool
	hold = func(v cue.Value) bool {
		op, args := v.Expr()
		switch op {
		case cue.AndOp:
			for _, a := range args {
				if !hold(a) {
					return false
				}
			}
		case cue.OrOp:
			decided = true
			for _, a := range args {
				if len(breaks(a, part, depth+1)) == 0 {
					return true
				}
			}
			return false
		}
		return true
	}
	return hold(both.LookupPath(at)) && decided
}

// selectors makes a path of what the data has there: a number is an index in a list and a key in a mapping.
func selectors(data cue.Value, path []string) cue.Path {
	var out []cue.Selector
	v := data
	for _, p := range path {
		s := cue.Str(p)
		if v.IncompleteKind() == cue.ListKind {
			if i, err := strconv.Atoi(p); err == nil && i >= 0 {
				s = cue.Index(i)
			}
		}
		out = append(out, s)
		v = v.LookupPath(cue.MakePath(s))
	}
	return cue.MakePath(out...)
}

// added finds fields that only the constraint has.
func added(both, data cue.Value, path []string, out []broken) []broken {
	switch data.Kind() {
	case cue.StructKind:
		for it, err := both.Fields(); err == nil && it.Next(); {
			name := it.Selector().Unquoted()
			here := append(path[:len(path):len(path)], name)
			inner := data.LookupPath(cue.MakePath(cue.Str(name)))
			if !inner.Exists() {
				if _, has := it.Value().Default(); !has {
					out = append(out, broken{here, ""})
				}
				continue
			}
			if k := inner.Kind(); k == cue.StructKind || k == cue.ListKind {
				out = added(it.Value(), inner, here, out)
			}
		}
	case cue.ListKind:
		mine, err := both.List()
		theirs, err2 := data.List()
		if err != nil || err2 != nil {
			return out
		}
		for i := 0; mine.Next() && theirs.Next(); i++ {
			out = added(mine.Value(), theirs.Value(), append(path[:len(path):len(path)], strconv.Itoa(i)), out)
		}
	}
	return out
}

// wanted is the text of the constraint at a place, for a message.
func wanted(want cue.Value, path []string) string {
	v := want
	for _, p := range path {
		next := v.LookupPath(cue.MakePath(cue.Str(p)))
		for _, s := range []cue.Selector{cue.Str(p).Optional(), cue.Str(p).Required(), cue.AnyString, cue.AnyIndex} {
			if next.Exists() {
				break
			}
			next = v.LookupPath(cue.MakePath(s))
		}
		if !next.Exists() {
			return ""
		}
		v = next
	}
	return sourceText(v)
}

// sourceText is a value as it is written, cut to one line; "" when it is written in several places or none.
func sourceText(v cue.Value) string {
	n := v.Source()
	if f, ok := n.(*ast.Field); ok {
		n = f.Value
	}
	x, ok := n.(ast.Expr)
	if !ok {
		return ""
	}
	text, err := format.Node(x)
	if err != nil {
		return ""
	}
	return oneLine(string(text))
}
