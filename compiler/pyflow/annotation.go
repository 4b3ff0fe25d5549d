package pyflow

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// translator turns annotations into the JSON schema that pydantic's generator makes of them. The first thing it
// cannot translate exactly is remembered in why, and nothing after it counts.
type translator struct {
	m     *Module
	gen   int
	defs  map[string]*value.Map
	names []string // of defs, in order of discovery
	open  map[*Class]bool
	depth int
	why   string
}

func (t *translator) fail(format string, args ...any) *value.Map {
	if t.why == "" {
		t.why = fmt.Sprintf(format, args...)
	}
	return &value.Map{}
}

// anything is the schema of what pydantic takes without looking at it.
func anything() *value.Map { return &value.Map{} }

func typed(name string) *value.Map { return value.NewMap("type", name) }

func formatted(format string) *value.Map { return value.NewMap("type", "string", "format", format) }

// schema is the JSON schema of an annotation.
func (t *translator) schema(e *expr, p place) *value.Map {
	if t.depth++; t.depth > maxExprDepth {
		return t.fail("annotation is nested too deeply")
	}
	defer func() { t.depth-- }()
	switch e.kind {
	case exprName, exprAttr:
		return t.named(e, p)
	case exprSub:
		return t.subscript(e, p)
	case exprBinary:
		if e.text == "|" {
			return t.union(flattenUnion(e, nil), p)
		}
	case exprString:
		return t.forward(e)
	}
	return t.fail("annotation %q is not a type we can read", t.m.source(e))
}

func (m *Module) source(e *expr) string { return firstLine(m.text[e.span.Start:e.span.End]) }

// forward reads a string inside an annotation. Pydantic resolves it in Prefect's own module, where only built-in
// names mean what they say.
func (t *translator) forward(e *expr) *value.Map {
	name, _ := t.m.stringValue(e.tokens)
	switch name {
	case "int", "str", "float", "bool":
		return t.external("builtins." + name)
	}
	return t.fail("quoted name %q inside an annotation", name)
}

func (t *translator) named(e *expr, p place) *value.Map {
	ent := t.m.resolve(e, p)
	switch ent.kind {
	case entityExternal:
		return t.external(ent.dotted)
	case entityClass:
		return t.class(ent.class)
	case entityExpr:
		// An alias for a type: its own names were looked up where it was made.
		if ent.expr.kind == exprSub || ent.expr.kind == exprBinary {
			return t.schema(ent.expr, place{at: ent.expr.span.Start, hops: p.hops + 1})
		}
	case entityUnbound:
		return t.fail("name %q is not defined where the annotation is read", t.m.source(e))
	}
	return t.fail("type %q is made in a way that the text does not show", t.m.source(e))
}

// external is the schema of a type from outside the file, used without subscript.
func (t *translator) external(dotted string) *value.Map {
	switch dotted {
	case "builtins.int":
		return typed("integer")
	case "builtins.str", "typing.Text":
		return typed("string")
	case "builtins.float":
		return typed("number")
	case "builtins.bool":
		return typed("boolean")
	case "builtins.None":
		return typed("null")
	case "builtins.bytes":
		return formatted("binary")
	case "builtins.object", "typing.Any", "typing.Callable", "collections.abc.Callable", "builtins.type", "typing.Type":
		return anything()
	case "datetime.date":
		return formatted("date")
	case "datetime.datetime":
		return formatted("date-time")
	case "datetime.time":
		return formatted("time")
	case "datetime.timedelta":
		return formatted("duration")
	case "uuid.UUID":
		return formatted("uuid")
	case "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath":
		return formatted("path")
	case "decimal.Decimal":
		return t.decimal()
	}
	switch container(dotted) {
	case "list", "tuple":
		return arrayOf(anything())
	case "set":
		s := arrayOf(anything())
		s.Set("uniqueItems", true)
		return s
	case "dict":
		return value.NewMap("type", "object", "additionalProperties", true)
	}
	return t.fail("type %s is defined outside this file", dotted)
}

func (t *translator) decimal() *value.Map {
	text := typed("string")
	if t.gen < 3 {
		text.Set("pattern", `^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$`)
	}
	return anyOf(typed("number"), text)
}

// container is the kind of a generic collection: list, set, tuple or dict, "" for anything else.
func container(dotted string) string {
	switch dotted {
	case "builtins.list", "typing.List", "typing.Sequence", "collections.abc.Sequence", "typing.Iterable", "collections.abc.Iterable":
		return "list"
	case "builtins.set", "typing.Set", "builtins.frozenset", "typing.FrozenSet":
		return "set"
	case "builtins.tuple", "typing.Tuple":
		return "tuple"
	case "builtins.dict", "typing.Dict", "typing.Mapping", "collections.abc.Mapping":
		return "dict"
	}
	return ""
}

func arrayOf(items *value.Map) *value.Map { return value.NewMap("type", "array", "items", items) }

func anyOf(choices ...*value.Map) *value.Map {
	list := make([]value.Value, len(choices))
	for i, c := range choices {
		list[i] = c
	}
	return value.NewMap("anyOf", list)
}

// subscript is the schema of base[arguments].
func (t *translator) subscript(e *expr, p place) *value.Map {
	ent := t.m.resolve(e.args[0], p)
	if ent.kind != entityExternal {
		return t.fail("generic type %q is not one we know", t.m.source(e.args[0]))
	}
	args := []*expr{e.args[1]}
	if e.args[1].kind == exprTuple {
		args = e.args[1].args
	}
	switch ent.dotted {
	case "typing.Optional":
		return t.union(flattenUnion(args[0], []*expr{{kind: exprName, text: "None"}}), p)
	case "typing.Union":
		return t.union(args, p)
	case "typing.Literal":
		return t.choices(args, p)
	case "typing.Annotated":
		return t.annotated(args, p)
	case "typing.Callable", "collections.abc.Callable", "typing.Type", "builtins.type":
		return anything()
	}
	kind := container(ent.dotted)
	if want := map[string]int{"list": 1, "set": 1, "dict": 2}[kind]; kind == "" || want > 0 && len(args) != want {
		return t.fail("generic type %q is not one we know", t.m.source(e))
	}
	switch kind {
	case "tuple":
		return t.tuple(args, p)
	case "dict":
		return t.dict(args, p)
	}
	s := arrayOf(t.schema(args[0], p))
	if kind == "set" {
		s.Set("uniqueItems", true)
	}
	return s
}

func (t *translator) tuple(args []*expr, p place) *value.Map {
	if len(args) == 2 && args[1].kind == exprEllipsis {
		return arrayOf(t.schema(args[0], p))
	}
	n := int64(len(args))
	s := value.NewMap("type", "array", "minItems", n, "maxItems", n)
	items := make([]value.Value, len(args))
	for i, a := range args {
		items[i] = t.schema(a, p)
	}
	if n > 0 {
		s.Set("prefixItems", items)
	}
	return s
}

func (t *translator) dict(args []*expr, p place) *value.Map {
	keys, values := t.schema(args[0], p), t.schema(args[1], p)
	s := typed("object")
	if _, has := keys.Get("pattern"); has {
		return t.fail("dict keys of type %q", t.m.source(args[0]))
	}
	if values.Len() > 0 {
		s.Set("additionalProperties", values)
	} else {
		s.Set("additionalProperties", true)
	}
	kind, _ := keys.Get("type")
	if _, ref := keys.Get("$ref"); ref || kind == "string" && keys.Len() > 1 {
		keys.Delete("type")
		s.Set("propertyNames", keys)
	}
	return s
}

// flattenUnion lists the members of a | b | c.
func flattenUnion(e *expr, rest []*expr) []*expr {
	if e.kind == exprBinary && e.text == "|" {
		return append(flattenUnion(e.args[0], nil), flattenUnion(e.args[1], rest)...)
	}
	return append([]*expr{e}, rest...)
}

// union is the schema of several types; None always comes last and equal members count once.
func (t *translator) union(members []*expr, p place) *value.Map {
	var choices []value.Value
	null := false
	seen := map[string]bool{}
	for _, e := range members {
		s := t.schema(e, p)
		parts := []value.Value{s}
		if nested, ok := s.Get("anyOf"); ok {
			parts = nested.([]value.Value)
		}
		for _, part := range parts {
			if kind, _ := part.(*value.Map).Get("type"); kind == "null" {
				null = true
				continue
			}
			key, err := value.Canonical(part)
			if err != nil {
				return t.fail("%v", err)
			}
			if !seen[string(key)] {
				seen[string(key)] = true
				choices = append(choices, part)
			}
		}
	}
	if null && len(choices) > 0 {
		choices = append(choices, typed("null"))
	}
	switch len(choices) {
	case 0:
		return typed("null")
	case 1:
		return choices[0].(*value.Map)
	}
	return value.NewMap("anyOf", choices)
}

// quoted reads an annotation that is a string as a whole, as eval_str does: in the module, when it is complete.
func (m *Module) quoted(text string) (*Module, *expr, bool) {
	tokens, problems := tokenize([]byte(text))
	if len(problems) > 0 || strings.Contains(text, "\n") {
		return nil, nil, false
	}
	shift := len(m.text)
	view := *m
	view.text = m.text + text
	view.tokens = append(m.tokens[:len(m.tokens):len(m.tokens)], tokens...)
	for i := len(m.tokens); i < len(view.tokens); i++ {
		view.tokens[i].start += shift
		view.tokens[i].end += shift
	}
	e := view.parse(tokenRange{len(m.tokens), max(len(m.tokens), len(view.tokens)-1)})
	return &view, e, true
}
