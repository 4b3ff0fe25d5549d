package pyflow

import (
	"strings"
	"unicode"

	"github.com/prefectc/prefectc/compiler/value"
)

// class is the schema of a class of this file: a reference to its definition, or anything for a class that pydantic
// knows nothing about.
func (t *translator) class(c *Class) *value.Map {
	name := c.Name.Text
	if t.open[c] {
		return t.fail("class %s refers to itself", name)
	}
	if c.local || c.cond != always || c.outer != nil {
		return t.fail("class %s is nested or defined conditionally", name)
	}
	kind := t.classKind(c)
	if kind == "plain" {
		return anything()
	}
	if kind == "" {
		return t.fail("class %s is of a kind that we do not translate", name)
	}
	if _, done := t.defs[name]; !done {
		t.open[c] = true
		def := t.definition(c, kind)
		delete(t.open, c)
		t.defs[name] = def
		t.names = append(t.names, name)
	}
	return value.NewMap("$ref", "#/definitions/"+name)
}

// classKind tells how pydantic treats a class: "enum" (with the type its members must have behind it), "model",
// "dataclass" or "plain"; "" if the text does not tell.
func (t *translator) classKind(c *Class) string {
	p := place{at: c.Header.Start}
	bases := make([]string, len(c.bases))
	for i, r := range c.bases {
		bases[i] = t.m.resolve(t.m.parse(r), p).dotted
	}
	joined := strings.Join(bases, ",")
	if len(c.Decorators) > 0 {
		e := t.m.parse(c.Decorators[0].expr)
		if len(c.Decorators) == 1 && len(c.bases) == 0 && c.plain && t.m.resolve(e, p).dotted == "dataclasses.dataclass" {
			return "dataclass"
		}
		return ""
	}
	switch joined {
	case "enum.Enum":
		return "enum"
	case "builtins.str,enum.Enum", "enum.StrEnum":
		return "enum string"
	case "builtins.int,enum.Enum", "enum.IntEnum":
		return "enum integer"
	case "pydantic.BaseModel", "pydantic.main.BaseModel":
		if c.plain {
			return "model"
		}
	case "":
		if len(c.bases) == 0 && !t.hooked(c) {
			return "plain"
		}
	}
	return ""
}

// hooked tells that a class may teach pydantic about itself.
func (t *translator) hooked(c *Class) bool {
	for _, name := range c.scope.order {
		if strings.HasPrefix(name, "__get_pydantic") || strings.HasPrefix(name, "__get_validators") || name == "__class_getitem__" {
			return true
		}
	}
	return false
}

func (t *translator) definition(c *Class, kind string) *value.Map {
	for _, name := range c.scope.order {
		for _, b := range c.scope.names[name] {
			if b.cond != always || b.kind == bindOther || b.kind == bindClass || b.kind == bindFunction && (len(b.fn.Decorators) > 0 || strings.HasPrefix(name, "_")) {
				return t.fail("the body of class %s holds %s", c.Name.Text, name)
			}
		}
	}
	def := value.NewMap("title", c.Name.Text)
	if c.Docstring.Present && (kind != "dataclass" || t.gen >= 3) { // pydantic 2.12 passes over a dataclass's
		if !c.Docstring.Known {
			return t.fail("the docstring of class %s", c.Name.Text)
		}
		if doc := cleandoc(c.Docstring.Text); doc != "" {
			def.Set("description", doc)
		}
	}
	if strings.HasPrefix(kind, "enum") {
		return t.enum(c, def, strings.TrimPrefix(kind, "enum "))
	}
	return t.model(c, def, kind)
}

// enum fills in the definition of an enum whose member type is want, if it has one.
func (t *translator) enum(c *Class, def *value.Map, want string) *value.Map {
	members := t.members(c)
	if members == nil {
		return t.fail("enum %s has members whose values are computed", c.Name.Text)
	}
	values := make([]value.Value, len(members)) // aliases are listed again
	for i, m := range members {
		values[i] = m.value
	}
	kind := literalType(values)
	if strings.HasPrefix(want, "enum") {
		want = kind
	}
	if want != kind {
		return t.fail("enum %s mixes types", c.Name.Text)
	}
	def.Set("enum", values)
	if kind != "" {
		def.Set("type", kind)
	}
	return def
}

type member struct {
	name  string
	value value.Value
}

// members lists the members of an enum; nil unless all have plain distinct values.
func (t *translator) members(c *Class) []member {
	var out []member
	seen := map[string]bool{}
	for _, f := range c.Fields {
		v, ok := t.m.literal(t.m.parse(f.value))
		if !ok || f.Annotation.Present() || strings.HasPrefix(f.Name.Text, "_") || seen[f.Name.Text] {
			return nil
		}
		for _, m := range out {
			if m.value != v && value.Equal(m.value, v) {
				return nil // 1 and 1.0: an alias
			}
		}
		switch v.(type) {
		case string, bool, int64, float64:
		default:
			return nil
		}
		seen[f.Name.Text] = true
		out = append(out, member{f.Name.Text, v})
	}
	return out
}

// model fills in the definition of a pydantic model or a dataclass.
func (t *translator) model(c *Class, def *value.Map, kind string) *value.Map {
	def.Set("type", "object")
	properties := &value.Map{}
	var required []value.Value
	for _, f := range c.Fields {
		s, must := t.field(c, f, kind)
		if t.why != "" {
			return def
		}
		properties.Set(f.Name.Text, s)
		if must {
			required = append(required, f.Name.Text)
		}
	}
	def.Set("properties", properties)
	if len(required) > 0 {
		def.Set("required", required)
	}
	return def
}

func (t *translator) field(c *Class, f Field, kind string) (s *value.Map, required bool) {
	if !f.Annotation.Present() || strings.HasPrefix(f.Name.Text, "_") || modelAttribute(f.Name.Text) || len(c.scope.names[f.Name.Text]) > 1 {
		return t.fail("field %s.%s is not a plain one", c.Name.Text, f.Name.Text), false
	}
	p := place{at: f.Annotation.Span.Start}
	e := t.m.parse(f.annotation)
	if e.kind == exprString {
		return t.fail("the annotation of %s.%s is quoted", c.Name.Text, f.Name.Text), false
	}
	s = t.schema(e, p)
	if t.titled(e, p, s) {
		s.Set("title", titleCase(f.Name.Text))
	}
	if f.value.empty() {
		return s, true
	}
	v := t.m.parse(f.value)
	if v.kind == exprCall && kind == "model" && t.m.resolve(v.args[0], p).dotted == "pydantic.Field" {
		return s, t.fieldCall(s, v, p)
	}
	if d, ok := t.defaultOf(v, p); ok {
		if _, list := d.([]value.Value); kind == "dataclass" && list {
			return t.fail("dataclass field %s.%s has a mutable default", c.Name.Text, f.Name.Text), false
		}
		s.Set("default", d)
		return s, false
	}
	return t.fail("the default of %s.%s is computed", c.Name.Text, f.Name.Text), false
}

// fieldCall applies pydantic's Field(default, description=…, limits…) and reports whether the field is required.
func (t *translator) fieldCall(s *value.Map, call *expr, p place) (required bool) {
	required = true
	for i, a := range call.args[1:] {
		if i == 0 && a.kind != exprKeyword && a.kind != exprStar {
			if a.kind != exprEllipsis {
				required = false
				t.setDefault(s, a, p)
			}
			continue
		}
		if a.kind != exprKeyword {
			t.fail("Field with %q", t.m.source(a))
			return false
		}
		switch a.text {
		case "default":
			if a.args[0].kind != exprEllipsis {
				required = false
				t.setDefault(s, a.args[0], p)
			}
		case "description":
			if text, ok := t.m.stringValue(a.args[0].tokens); ok && a.args[0].kind == exprString {
				s.Set("description", text)
				continue
			}
			t.fail("Field with a computed description")
		default:
			if !t.limit(s, a, p) {
				t.fail("Field with %q", t.m.source(a))
			}
		}
	}
	return required
}

func (t *translator) setDefault(s *value.Map, e *expr, p place) {
	d, ok := t.defaultOf(e, p)
	if !ok {
		t.fail("Field with a computed default")
		return
	}
	s.Set("default", d)
}

// titled tells whether pydantic gives a field a title: not to references, bare or optional.
func (t *translator) titled(e *expr, p place, s *value.Map) bool {
	if hasKey(s, "$ref") {
		return false
	}
	if choices, ok := s.Get("anyOf"); ok {
		list := choices.([]value.Value)
		if last, _ := list[len(list)-1].(*value.Map).Get("type"); last == "null" && len(list) == 2 {
			return !hasKey(list[0].(*value.Map), "$ref")
		}
	}
	return true
}

// modelAttribute names what BaseModel itself has.
func modelAttribute(name string) bool {
	switch name {
	case "copy", "dict", "json", "schema", "schema_json", "construct", "validate", "parse_obj", "parse_raw", "parse_file", "from_orm", "update_forward_refs":
		return true
	}
	return strings.HasPrefix(name, "model_")
}

// titleCase is pydantic's title of a field: words capitalised, underscores to spaces.
func titleCase(name string) string {
	var b strings.Builder
	letter := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r):
			letter = false
			if r == '_' {
				r = ' '
			}
		case letter:
			r = unicode.ToLower(r)
		default:
			letter = true
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}
