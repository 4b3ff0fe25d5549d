package pyflow

import (
	"sort"
	"unicode/utf8"

	"github.com/prefectc/prefectc/compiler/value"
)

// ParameterSchema is the parameter schema that Prefect of a generation (2 or 3) registers for the flow. If exact is
// false the text does not decide it, why says for which reason, and schema must not be used.
func (fl *Flow) ParameterSchema(gen int) (schema *value.Map, exact bool, why string) {
	if why := fl.undecided(gen); why != "" {
		return nil, false, why
	}
	t := fl.translator(gen)
	docs := paramDocs(fl.docstring())
	properties := &value.Map{}
	var required []value.Value
	for position, p := range fl.Function.Params {
		if gen >= 3 && (p.Name.Text == "self" || p.Name.Text == "cls") {
			continue
		}
		s := t.parameter(fl, p)
		if t.why != "" {
			return nil, false, "parameter " + p.Name.Text + ": " + t.why
		}
		s.Set("title", p.Name.Text)
		s.Set("position", int64(position))
		if doc, ok := docs[p.Name.Text]; ok {
			s.Set("description", doc)
		}
		if !p.Default.Present() {
			required = append(required, p.Name.Text)
		}
		properties.Set(p.Name.Text, s)
	}
	schema = value.NewMap("title", "Parameters", "type", "object", "properties", properties)
	if len(required) > 0 {
		schema.Set("required", required)
	}
	if len(t.defs) > 0 {
		schema.Set("definitions", t.definitions())
	}
	return schema, true, ""
}

// docstring is the cleaned docstring that Prefect reads the Args section of.
func (fl *Flow) docstring() string {
	if !fl.Function.Docstring.Present {
		return ""
	}
	return cleandoc(fl.Function.Docstring.Text)
}

// undecided is the reason, if any, for which no parameter of the flow can be translated.
func (fl *Flow) undecided(gen int) string {
	fn := fl.Function
	switch {
	case fl.Opaque != "":
		return fl.Opaque
	case len(fl.m.Problems) > 0:
		return "the file is not valid Python"
	case fn.Generic:
		return "the function has type parameters"
	case fn.Docstring.Present && !fn.Docstring.Known:
		return "the docstring cannot be read"
	case fn.Class != nil && gen < 3:
		return "Prefect 2 cannot load methods"
	case fn.Class != nil && !fn.Docstring.Present && len(fn.Class.Bases) > 0:
		return "the docstring may be inherited"
	case fl.Method == ClassMethod:
		return "class methods are bound by Prefect itself"
	}
	for _, p := range fn.Params {
		if why := unusableName(p.Name.Text, gen); why != "" {
			return "parameter " + p.Name.Text + " " + why
		}
	}
	return fl.unresolvable()
}

// unusableName tells of parameter names that pydantic or Prefect trip over.
func unusableName(name string, gen int) string {
	switch {
	case name[0] == '_':
		return "starts with an underscore"
	case name == "return_state" || name == "wait_for":
		return "has a name that Prefect keeps for itself"
	case gen < 3 && (name == "self" || name == "name_" || name == "model_cfg" || name == "model_base"):
		return "has a name that Prefect 2 cannot handle"
	case len(name) > 5 && name[:6] == "model_":
		return "has a name that pydantic keeps for itself"
	case !utf8.ValidString(name):
		return "is not readable"
	}
	return ""
}

// unresolvable checks annotations that are kept as text: one that names something undefined, be it the return
// type, makes Prefect treat all of them as text.
func (fl *Flow) unresolvable() string {
	m, fn := fl.m, fl.Function
	ranges := make([]tokenRange, 0, len(fn.Params)+1)
	for _, p := range fn.Params {
		ranges = append(ranges, p.annotation)
	}
	ranges = append(ranges, fn.returns)
	anyText := m.future
	exprs := make([]*expr, len(ranges))
	for i, r := range ranges {
		exprs[i] = m.parse(r)
		anyText = anyText || exprs[i].kind == exprString
	}
	if !anyText {
		return ""
	}
	for i, e := range exprs {
		if ranges[i].empty() {
			continue
		}
		view := m
		if e.kind == exprString {
			text, ok := m.stringValue(e.tokens)
			if ok {
				view, e, ok = m.quoted(text)
			}
			if !ok {
				return "a quoted annotation cannot be read"
			}
		}
		if name := view.undefined(e); name != "" {
			return "annotation names " + name + ", which is not defined"
		}
	}
	return ""
}

// undefined is the first name in an expression that the module does not surely define.
func (m *Module) undefined(e *expr) string {
	switch e.kind {
	case exprOpaque:
		return "something unreadable"
	case exprName:
		if k := m.resolveName(e.text, m.endOfModule()).kind; k == entityUnbound {
			return e.text
		}
		return ""
	case exprString:
		return ""
	}
	for _, a := range e.args {
		if name := m.undefined(a); name != "" {
			return name
		}
	}
	return ""
}

func (fl *Flow) translator(gen int) *translator {
	return &translator{m: fl.m, gen: gen, defs: map[string]*value.Map{}, open: map[*Class]bool{}}
}

// definitions lists the classes used, by name.
func (t *translator) definitions() *value.Map {
	sort.Strings(t.names)
	defs := &value.Map{}
	for _, n := range t.names {
		defs.Set(n, t.defs[n])
	}
	return defs
}

// parameter is the schema of one parameter's type, with its default.
func (t *translator) parameter(fl *Flow, p Param) *value.Map {
	s := anything()
	if !p.annotation.empty() {
		s = t.annotation(fl, p)
	}
	if !p.Default.Present() {
		return s
	}
	at := place{at: p.Default.Span.Start, class: fl.Function.Class}
	v, ok := t.defaultOf(t.m.parse(p.defaultAt), at)
	if !ok {
		return t.fail("default %q is computed", firstLine(p.Default.Text))
	}
	s.Set("default", v)
	return s
}

// annotation reads the annotation of a parameter where Python does: at the def line, or at the end of the module if
// it is text.
func (t *translator) annotation(fl *Flow, p Param) *value.Map {
	e := t.m.parse(p.annotation)
	if e.kind == exprString {
		text, ok := t.m.stringValue(e.tokens)
		if !ok {
			return t.fail("annotation is not plain text")
		}
		view, quoted, ok := t.m.quoted(text)
		if !ok {
			return t.fail("annotation %q cannot be read", text)
		}
		sub := *t
		sub.m = view
		s := sub.schema(quoted, t.m.endOfModule())
		t.why, t.names = sub.why, sub.names
		return s
	}
	if t.m.future {
		return t.schema(e, t.m.endOfModule())
	}
	return t.schema(e, place{at: p.Annotation.Span.Start, class: fl.Function.Class})
}

// defaultOf is the JSON that pydantic makes of a default: constants and members of enums of this file.
func (t *translator) defaultOf(e *expr, p place) (value.Value, bool) {
	if v, ok := t.m.constant(e, p); ok {
		return jsonable(v)
	}
	if e.kind == exprAttr {
		return t.enumMember(e, p)
	}
	if e.kind == exprCall && len(e.args) == 2 && t.m.resolve(e.args[0], p).dotted == "pathlib.Path" {
		text, ok := t.m.stringValue(e.args[1].tokens)
		return text, ok && e.args[1].kind == exprString && plainPath(text)
	}
	return nil, false
}

// plainPath tells that pathlib leaves a path as written.
func plainPath(s string) bool {
	if s == "" || s != "/" && s[len(s)-1] == '/' {
		return false
	}
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '/' && (s[i+1] == '/' || s[i+1] == '.') || s[i] == '.' && s[i+1] == '/' {
			return false
		}
	}
	return true
}

func (t *translator) enumMember(e *expr, p place) (value.Value, bool) {
	ent := t.m.resolve(e.args[0], p)
	if ent.kind != entityClass {
		return nil, false
	}
	kind := t.classKind(ent.class)
	if len(kind) < 4 || kind[:4] != "enum" {
		return nil, false
	}
	for _, m := range t.members(ent.class) {
		if m.name == e.text {
			return m.value, true
		}
	}
	return nil, false
}

// jsonable turns a constant into what JSON can hold; false if pydantic's way of doing it is not known.
func jsonable(v value.Value) (value.Value, bool) {
	switch v := v.(type) {
	case nil, bool, int64, float64, string:
		return v, true
	case value.Bytes:
		return string(v), utf8.Valid(v)
	case value.Set:
		return jsonable(v.Items)
	case []value.Value:
		out := make([]value.Value, len(v))
		for i := range v {
			w, ok := jsonable(v[i])
			if !ok {
				return nil, false
			}
			out[i] = w
		}
		return out, true
	case *value.Map:
		out := &value.Map{}
		for _, p := range v.Pairs {
			switch p.Key.(type) {
			case string, int64:
			default:
				return nil, false
			}
			w, ok := jsonable(p.Value)
			if !ok {
				return nil, false
			}
			out.Set(value.KeyText(p.Key), w)
		}
		return out, true
	}
	return nil, false
}
