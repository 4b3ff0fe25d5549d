package pyflow

import "github.com/prefectc/prefectc/compiler/value"

// choices is the schema of Literal[…].
func (t *translator) choices(args []*expr, p place) *value.Map {
	values, ok := t.literals(args, p, nil)
	if !ok || len(values) == 0 {
		return t.fail("Literal with values that are not plain text, numbers or true/false")
	}
	kind := literalType(values)
	if len(values) == 1 {
		if kind == "" {
			return t.fail("Literal[None]")
		}
		return value.NewMap("type", kind, "const", values[0])
	}
	s := value.NewMap("enum", values)
	if kind != "" {
		s.Set("type", kind)
	}
	return s
}

func (t *translator) literals(args []*expr, p place, values []value.Value) ([]value.Value, bool) {
	for _, a := range args {
		if a.kind == exprSub && t.m.resolve(a.args[0], p).dotted == "typing.Literal" {
			inner := []*expr{a.args[1]}
			if a.args[1].kind == exprTuple {
				inner = a.args[1].args
			}
			var ok bool
			if values, ok = t.literals(inner, p, values); !ok {
				return nil, false
			}
			continue
		}
		v, ok := t.m.literal(a)
		if !ok {
			return nil, false
		}
		switch v.(type) {
		case nil, bool, int64, string:
		default:
			return nil, false
		}
		if !contains(values, v) {
			values = append(values, v)
		}
	}
	return values, true
}

// contains compares as Python does for equal types: True is not 1.
func contains(values []value.Value, v value.Value) bool {
	for _, w := range values {
		if w == v {
			return true
		}
	}
	return false
}

// literalType is the JSON type that all values share, "" if there is none.
func literalType(values []value.Value) string {
	kind := ""
	for _, v := range values {
		k := ""
		switch v.(type) {
		case string:
			k = "string"
		case bool:
			k = "boolean"
		case int64:
			k = "integer"
		case float64:
			k = "number"
		}
		if k == "" || kind != "" && k != kind {
			return ""
		}
		kind = k
	}
	return kind
}

// annotated is Annotated[type, …]: text says nothing, Field(…) may set limits.
func (t *translator) annotated(args []*expr, p place) *value.Map {
	s := t.schema(args[0], p)
	for _, a := range args[1:] {
		if a.kind == exprString {
			continue
		}
		if a.kind != exprCall || t.m.resolve(a.args[0], p).dotted != "pydantic.Field" {
			return t.fail("Annotated with %q", t.m.source(a))
		}
		for _, o := range a.args[1:] {
			if o.kind == exprKeyword && o.text == "description" {
				continue // lost in Prefect
			}
			if o.kind != exprKeyword || !t.limit(s, o, p) {
				return t.fail("Field with %q", t.m.source(o))
			}
		}
	}
	return s
}

// limit applies one keyword of Field(…) that restricts a number or a text.
func (t *translator) limit(s *value.Map, o *expr, p place) bool {
	v, ok := t.m.literal(o.args[0])
	if !ok {
		return false
	}
	kind, _ := s.Get("type")
	_, whole := v.(int64)
	_, fraction := v.(float64)
	name := ""
	switch {
	case kind == "integer" && whole, kind == "number" && (whole || fraction):
		name = map[string]string{"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}[o.text]
	case kind == "string" && whole && !hasKey(s, "format"):
		name = map[string]string{"min_length": "minLength", "max_length": "maxLength"}[o.text]
	}
	if name == "" {
		return false
	}
	s.Set(name, v)
	return true
}

func hasKey(m *value.Map, keys ...string) bool {
	for _, k := range keys {
		if _, ok := m.Get(k); ok {
			return true
		}
	}
	return false
}
