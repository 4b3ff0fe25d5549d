package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cuelang.org/go/cue"

	"github.com/prefectc/prefectc/schema"
)

// stepPath is an import path: modules and a function.
var stepPath = regexp.MustCompile(`^[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)+(:[\pL_][\pL\pN_]*)?$|^[\pL_][\pL\pN_.]*:[\pL_][\pL\pN_]*$`)

// ownSteps reads the steps that the file declares.
func (r *reader) ownSteps() {
	for _, path := range r.names("steps") {
		if !stepPath.MatchString(path) {
			r.report(r.spanOfPath("steps", path), fmt.Sprintf("a step is called by the import path of its function, such as \"retrieve_secrets.main\", not %q", path))
			continue
		}
		s := &schema.StepInfo{
			Path: strings.Replace(path, ":", ".", 1), Call: "dual",
			IntendedIn: []string{"build", "push", "pull"}, AllowedIn: []string{"build", "push", "pull"},
		}
		s.Doc, _ = r.text("steps", path, "doc")
		s.Package, _ = r.text("steps", path, "package")
		s.ReplacedBy, s.Deprecated = r.text("steps", path, "deprecated")
		r.arguments(s, path)
		for it, err := r.get("steps", path, "outputs").Fields(cue.Optional(true)); err == nil && it.Next(); {
			types, nullable := jsonTypes(it.Value())
			s.Outputs = append(s.Outputs, schema.Output{
				Name: it.Selector().Unquoted(), Doc: comment(it.Value()), Types: types, Items: items(it.Value()), Nullable: nullable, Known: "never",
			})
			if v, known := concrete(it.Value()); known {
				o := &s.Outputs[len(s.Outputs)-1]
				o.Known, o.From = "always", []schema.Clause{{Value: schema.Expr{Op: "const", Const: v}}}
			}
		}
		r.config.Steps = append(r.config.Steps, s)
	}
}

func (r *reader) arguments(s *schema.StepInfo, path string) {
	v := r.get("steps", path, "arguments")
	if !v.Exists() {
		s.Extra = &schema.ExtraKeywords{Name: "kwargs", Policy: "open"} // nothing is said of its arguments
		return
	}
	if v.LookupPath(cue.MakePath(cue.AnyString)).Exists() {
		s.Extra = &schema.ExtraKeywords{Name: "kwargs", Policy: "open"}
	}
	for it, err := v.Fields(cue.Optional(true)); err == nil && it.Next(); {
		name := it.Selector().Unquoted()
		if name == "id" || name == "requires" {
			r.report(r.spanOfPath("steps", path, "arguments", name), fmt.Sprintf("every step takes %q: Prefect uses it itself and passes it to none", name))
			continue
		}
		s.Params = append(s.Params, r.parameter(s, path, name, it.Value(), it.FieldType()))
	}
}

func (r *reader) parameter(s *schema.StepInfo, path, name string, v cue.Value, kind cue.SelectorType) schema.Param {
	p := schema.Param{Name: name, Doc: comment(v), Items: items(v)}
	p.Types, p.Nullable = jsonTypes(v)
	if d, has := v.Default(); has {
		p.Default, _ = concrete(d)
	} else {
		p.Required = kind.ConstraintType() != cue.OptionalConstraint
	}
	if values := v.LookupPath(cue.MakePath(cue.AnyString)); values.Exists() && v.IncompleteKind() == cue.StructKind {
		p.Values, _ = jsonTypes(values)
	}
	p.Enum = texts(alternatives(v))
	if len(p.Enum) > 0 {
		s.Constraints = append(s.Constraints, schema.Constraint{Kind: "enum", Param: name, Error: "ValueError"})
	}
	if !simple(v) {
		r.report(r.spanOfPath("steps", path, "arguments", name),
			fmt.Sprintf("argument %q of a step is a type, a choice of texts or a pattern: any other bound is one for a policy", name))
	}
	if pattern := matched(v); pattern != "" {
		s.Constraints = append(s.Constraints, schema.Constraint{Kind: "pattern", Param: name, Pattern: pattern, Error: "ValueError"})
	}
	return p
}

// comment is the text of the comment above a field.
func comment(v cue.Value) string {
	var lines []string
	for _, g := range v.Doc() {
		lines = append(lines, strings.TrimSpace(g.Text()))
	}
	return strings.Join(lines, "\n")
}

// jsonTypes are the JSON Schema words for the kinds a value may have; none when anything goes.
func jsonTypes(v cue.Value) (types []string, nullable bool) {
	k := v.IncompleteKind()
	if k == cue.TopKind {
		return nil, true
	}
	for _, w := range []struct {
		kind cue.Kind
		word string
	}{
		{cue.StringKind, "string"}, {cue.BoolKind, "boolean"}, {cue.StructKind, "object"}, {cue.ListKind, "array"},
	} {
		if k&w.kind != 0 {
			types = append(types, w.word)
		}
	}
	switch {
	case k&cue.FloatKind != 0:
		types = append(types, "number")
	case k&cue.IntKind != 0:
		types = append(types, "integer")
	}
	return types, k&cue.NullKind != 0
}

// items are the types of a list's items.
func items(v cue.Value) []string {
	if v.IncompleteKind() != cue.ListKind {
		return nil
	}
	types, _ := jsonTypes(v.LookupPath(cue.MakePath(cue.AnyIndex)))
	return types
}

// alternatives are the values of a choice between plain values; nil for anything else.
func alternatives(v cue.Value) []any {
	op, args := v.Expr()
	if op != cue.OrOp {
		return nil
	}
	var out []any
	for _, a := range args {
		if op, _ := a.Expr(); op == cue.OrOp {
			inner := alternatives(a)
			if inner == nil {
				return nil
			}
			out = append(out, inner...)
			continue
		}
		x, ok := concrete(a)
		if !ok {
			return nil
		}
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// texts keeps a choice that is one of texts only.
func texts(values []any) []any {
	for _, v := range values {
		if _, ok := v.(string); !ok {
			return nil
		}
	}
	return values
}

// simple reports whether a declaration says no more than what is checked: types, a choice of texts, a pattern.
func simple(v cue.Value) bool {
	op, args := v.Expr()
	switch op {
	case cue.NoOp:
		_, fixed := concrete(v)
		return !fixed || v.Kind() == cue.NullKind
	case cue.RegexMatchOp:
		return true
	case cue.AndOp:
		return !slices.ContainsFunc(args, func(a cue.Value) bool { return !simple(a) })
	case cue.OrOp:
		if len(texts(alternatives(v))) > 0 {
			return true
		}
		for _, a := range args {
			if op, _ := a.Expr(); op != cue.NoOp || !simple(a) {
				return false
			}
		}
		return true
	}
	return false
}

// concrete is a plain value as Go has it.
func concrete(v cue.Value) (any, bool) {
	switch v.Kind() {
	case cue.NullKind:
		return nil, true
	case cue.BoolKind:
		b, err := v.Bool()
		return b, err == nil
	case cue.IntKind:
		n, err := v.Int64()
		return n, err == nil
	case cue.FloatKind:
		f, err := v.Float64()
		return f, err == nil
	case cue.StringKind:
		s, err := v.String()
		return s, err == nil
	}
	return nil, false
}

// matched is the regular expression a text must match, "" without one.
func matched(v cue.Value) string {
	op, args := v.Expr()
	switch op {
	case cue.RegexMatchOp:
		if len(args) == 1 {
			s, _ := args[0].String()
			return s
		}
	case cue.AndOp:
		for _, a := range args {
			if s := matched(a); s != "" {
				return s
			}
		}
	}
	return ""
}
