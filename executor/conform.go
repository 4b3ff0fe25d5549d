package executor

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// nulls says where a server lets null stand for a value of another type. It never does for required properties.
type nulls int

const (
	nullsNowhere        nulls = iota // as the schema says
	nullsWithoutDefault              // for properties without a default
	nullsAnywhere                    // for all properties
)

// conformity compares values with JSON schemas.
type conformity struct {
	prepared map[string]*value.Map           // schemas as the server looks at them, by their text
	resolved map[string]*jsonschema.Resolved // parts of them, ready to validate
}

// misfit is a value that a JSON schema does not take.
type misfit struct {
	path    []string // below the value that was checked
	message string
}

// check lists where v breaks a schema as the Prefect server checks it: required properties may be missing, formats are
// not looked at. Values that are not known yet break nothing, and neither does a schema that cannot be read: the server
// then has its own say.
func (c *conformity) check(v, schemaDoc *value.Map, allow nulls, g schema.Generation) []misfit {
	root := c.prepare(schemaDoc, allow)
	if root == nil || c.ready(root, root) == nil {
		return nil
	}
	w := walk{conformity: c, root: root, generation: g}
	w.value(v, root, nil)
	slices.SortFunc(w.found, func(a, b misfit) int { return slices.Compare(a.path, b.path) })
	return w.found
}

// prepare mends each schema once: deployments share pools and flows.
func (c *conformity) prepare(doc *value.Map, allow nulls) *value.Map {
	text, err := value.Canonical(doc)
	if err != nil {
		return nil
	}
	key := strconv.Itoa(int(allow)) + string(text)
	if s, ok := c.prepared[key]; ok {
		return s
	}
	mended := value.Clone(doc).(*value.Map)
	if allow != nullsNowhere {
		takeNulls(mended, allow)
		if definitions, ok := get(mended, "definitions").(*value.Map); ok {
			for _, d := range definitions.Pairs {
				if m, ok := d.Value.(*value.Map); ok {
					takeNulls(m, allow)
				}
			}
		}
	}
	s := withoutRequired(mended).(*value.Map)
	if c.prepared == nil {
		c.prepared, c.resolved = map[string]*value.Map{}, map[string]*jsonschema.Resolved{}
	}
	c.prepared[key] = s
	return s
}

// ready makes part of a schema into one of its own, with the definitions of the whole; nil when it cannot be read. Schemas
// from elsewhere are not loaded, as the servers do not.
func (c *conformity) ready(part, root *value.Map) *jsonschema.Resolved {
	own := value.NewMap("allOf", []value.Value{part})
	for _, key := range []string{"definitions", "$defs"} {
		if d, has := root.Get(key); has {
			own.Set(key, d)
		}
	}
	text, err := value.Canonical(own)
	if err != nil {
		return nil
	}
	if r, ok := c.resolved[string(text)]; ok {
		return r
	}
	var s jsonschema.Schema
	var r *jsonschema.Resolved
	if json.Unmarshal(text, &s) == nil {
		if r, err = s.Resolve(&jsonschema.ResolveOptions{}); err != nil {
			r = nil
		}
	}
	c.resolved[string(text)] = r
	return r
}

// walk goes down a value beside its schema, so that a complaint is about the smallest part that breaks it.
type walk struct {
	*conformity
	root       *value.Map
	generation schema.Generation
	found      []misfit
}

func (w *walk) value(v value.Value, part *value.Map, path []string) {
	part = w.target(part)
	before := len(w.found)
	switch inside := v.(type) {
	case *value.Map:
		if _, filled := inside.Get("__prefect_kind"); filled {
			return
		}
		for _, p := range inside.Pairs {
			if child := property(part, value.KeyText(p.Key)); child != nil {
				w.value(p.Value, child, append(slices.Clip(path), value.KeyText(p.Key)))
			}
		}
	case []value.Value:
		for i, item := range inside {
			if child := itemSchema(part, i); child != nil {
				w.value(item, child, append(slices.Clip(path), strconv.Itoa(i)))
			}
		}
	}
	if len(w.found) > before || open(v, w.generation) {
		return
	}
	if message := w.complaint(v, own(part)); message != "" {
		w.found = append(w.found, misfit{path, message})
	}
}

// own is what a schema says of a mapping or list as such: what is in it was looked at already.
func own(part *value.Map) *value.Map {
	out := &value.Map{}
	for _, p := range part.Pairs {
		switch p.Key {
		case "properties", "items", "prefixItems":
		case "additionalProperties":
			if p.Value == false {
				out.Set(p.Key, p.Value)
				out.Set("properties", allowAll(part))
			}
		default:
			out.Set(p.Key, p.Value)
		}
	}
	return out
}

// allowAll keeps the names of a schema's properties and drops what it says of them.
func allowAll(part *value.Map) *value.Map {
	out := &value.Map{}
	properties, _ := get(part, "properties").(*value.Map)
	if properties != nil {
		for _, p := range properties.Pairs {
			out.Set(p.Key, &value.Map{})
		}
	}
	return out
}

// target follows a reference to a definition.
func (w *walk) target(part *value.Map) *value.Map {
	for range 10 {
		ref, ok := get(part, "$ref").(string)
		if !ok {
			return part
		}
		kind, name, ok := strings.Cut(strings.TrimPrefix(ref, "#/"), "/")
		definitions, isMap := get(w.root, kind).(*value.Map)
		if !ok || !isMap {
			return part
		}
		next, isMap := get(definitions, name).(*value.Map)
		if !isMap {
			return part
		}
		part = next
	}
	return part
}

func property(part *value.Map, key string) *value.Map {
	if properties, ok := get(part, "properties").(*value.Map); ok {
		if p, has := properties.Get(key); has {
			m, _ := p.(*value.Map)
			return m
		}
	}
	m, _ := get(part, "additionalProperties").(*value.Map)
	return m
}

func itemSchema(part *value.Map, i int) *value.Map {
	if prefix, ok := get(part, "prefixItems").([]value.Value); ok && i < len(prefix) {
		m, _ := prefix[i].(*value.Map)
		return m
	}
	m, _ := get(part, "items").(*value.Map)
	return m
}

// complaint says what is wrong with a value and what would be right, "" when nothing is. A secret may be among the values, so
// that only the kind of value is named.
func (w *walk) complaint(v value.Value, part *value.Map) string {
	r := w.ready(part, w.root)
	if r == nil {
		return ""
	}
	err := r.Validate(plainJSON(v))
	if err == nil {
		return ""
	}
	if want := types(part); len(want) > 0 && !slices.ContainsFunc(want, func(t string) bool { return isType(v, t) }) {
		if slices.ContainsFunc(want, func(t string) bool { return !slices.Contains(jsonTypes, t) }) {
			return "" // a schema that says something we do not understand
		}
		return "it is " + jsonType(v) + ", but must be " + strings.Join(want, " or ")
	}
	if allowed, ok := get(part, "enum").([]value.Value); ok {
		var words []string
		for _, a := range allowed {
			words = append(words, value.Repr(a))
		}
		return "it must be one of " + strings.Join(words, ", ")
	}
	for _, limit := range limits {
		if n, has := part.Get(limit.keyword); has {
			return "it must be " + limit.words + " " + value.Str(n)
		}
	}
	return "it fits none of the kinds of value it may have"
}

// limits are the keywords with one number or text that a value may miss, in the words of a complaint.
var limits = []struct{ keyword, words string }{ //nolint:gochecknoglobals // a constant table
	{"const", "exactly"}, {"minimum", "at least"}, {"maximum", "at most"}, {"exclusiveMinimum", "more than"},
	{"exclusiveMaximum", "less than"}, {"multipleOf", "a multiple of"}, {"minLength", "text of a length of at least"},
	{"maxLength", "text of a length of at most"}, {"pattern", "text that matches"}, {"minItems", "a list of a length of at least"},
	{"maxItems", "a list of a length of at most"},
}

var jsonTypes = []string{"null", "boolean", "string", "object", "array", "integer", "number"} //nolint:gochecknoglobals // constant

// types are the types a schema names, by itself or as the alternatives of a choice.
func types(part *value.Map) []string {
	switch t := get(part, "type").(type) {
	case string:
		return []string{t}
	case []value.Value:
		var out []string
		for _, one := range t {
			out = append(out, value.Str(one))
		}
		return out
	}
	for _, key := range []string{"anyOf", "oneOf"} {
		choices, _ := get(part, key).([]value.Value)
		var out []string
		for _, choice := range choices {
			m, _ := choice.(*value.Map)
			if m == nil || len(types(m)) == 0 {
				return nil
			}
			out = append(out, types(m)...)
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

func isType(v value.Value, t string) bool {
	have := jsonType(v)
	if f, ok := v.(float64); ok && t == "integer" {
		return f == math.Trunc(f)
	}
	return have == t || have == "integer" && t == "number"
}

func plainJSON(v value.Value) any {
	text, err := value.JSON(v)
	if err != nil {
		return nil
	}
	var plain any
	if json.Unmarshal(text, &plain) != nil {
		return nil
	}
	return plain
}

func get(m *value.Map, key string) value.Value {
	v, _ := m.Get(key)
	return v
}

// takeNulls is the server's mending of schemas made by pydantic 1, which did not say where null is fine.
func takeNulls(object *value.Map, allow nulls) {
	properties, _ := get(object, "properties").(*value.Map)
	if properties == nil {
		return
	}
	required, _ := get(object, "required").([]value.Value)
	for _, p := range properties.Pairs {
		s, ok := p.Value.(*value.Map)
		if !ok {
			continue
		}
		kindOf, typed := s.Get("type")
		_, hasDefault := s.Get("default")
		if typed && kindOf != "null" && !slices.Contains(required, p.Key) && (!hasDefault || allow == nullsAnywhere) {
			s.Set("anyOf", []value.Value{value.NewMap("type", kindOf), value.NewMap("type", "null")})
			s.Delete("type")
		}
		if items, ok := get(s, "items").([]value.Value); ok && len(items) > 0 {
			if _, has := s.Get("prefixItems"); !has {
				s.Set("prefixItems", items)
				s.Delete("items")
			}
		}
		takeNulls(s, allow)
	}
}

// withoutRequired drops "required" from nested mappings, but not from those inside lists, as the servers do.
func withoutRequired(v value.Value) value.Value {
	m, ok := v.(*value.Map)
	if !ok {
		return v
	}
	out := &value.Map{}
	for _, p := range m.Pairs {
		if p.Key != "required" {
			out.Set(p.Key, withoutRequired(p.Value))
		}
	}
	return out
}

func jsonType(v value.Value) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case *value.Map:
		return "object"
	case []value.Value:
		return "array"
	case int64:
		return "integer"
	}
	return "number"
}

// open holds for a value that a step or the environment still has a part in, or that the server fills in before it looks.
func open(v value.Value, g schema.Generation) bool {
	switch v := v.(type) {
	case string:
		for _, ph := range template.Find(v) {
			switch {
			case ph.Kind == template.Env:
				return true
			case ph.Kind == template.Standard && !(g == schema.Prefect3 && strings.HasPrefix(ph.Name, "ctx.")):
				return true
			}
		}
	case *value.Map:
		for _, p := range v.Pairs {
			if p.Key == "__prefect_kind" || open(p.Value, g) {
				return true
			}
		}
	case []value.Value:
		for _, item := range v {
			if open(item, g) {
				return true
			}
		}
	}
	return false
}
func valueAt(v value.Value, path []string) value.Value {
	for _, key := range path {
		switch inside := v.(type) {
		case *value.Map:
			v = nil
			for _, p := range inside.Pairs {
				if value.KeyText(p.Key) == key {
					v = p.Value
				}
			}
		case []value.Value:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(inside) {
				return nil
			}
			v = inside[i]
		default:
			return nil
		}
	}
	return v
}
