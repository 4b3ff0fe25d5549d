package executor

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

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
type conformity struct{ schemas map[string]*jsonschema.Schema }

// misfit is a value that a JSON schema does not take.
type misfit struct {
	path    []string // below the value that was checked
	message string
}

// check lists where v breaks a schema as the Prefect server checks it: required properties may be missing, formats are
// not looked at. Values that are not known yet break nothing, and neither does a schema that cannot be read: the server
// then has its own say.
func (c *conformity) check(v, schemaDoc *value.Map, allow nulls, g schema.Generation) []misfit {
	compiled := c.compiled(schemaDoc, allow)
	if compiled == nil {
		return nil
	}
	instance := plainJSON(v)
	var invalid *jsonschema.ValidationError
	if err := compiled.Validate(instance); !errors.As(err, &invalid) {
		return nil
	}
	var found []misfit
	printer := message.NewPrinter(language.English)
	for _, e := range topmost(invalid) {
		at := valueAt(v, e.InstanceLocation)
		if open(at, g) {
			continue
		}
		found = append(found, misfit{e.InstanceLocation, complaint(e, at, printer)})
	}
	slices.SortFunc(found, func(a, b misfit) int { return slices.Compare(a.path, b.path) })
	return found
}

// compiled compiles each schema once: deployments share pools and flows.
func (c *conformity) compiled(doc *value.Map, allow nulls) *jsonschema.Schema {
	text, err := value.Canonical(doc)
	if err != nil {
		return nil
	}
	key := strconv.Itoa(int(allow)) + string(text)
	s, ok := c.schemas[key]
	if !ok {
		s = compileSchema(doc, allow)
		if c.schemas == nil {
			c.schemas = map[string]*jsonschema.Schema{}
		}
		c.schemas[key] = s
	}
	return s
}

func compileSchema(doc *value.Map, allow nulls) *jsonschema.Schema {
	prepared := value.Clone(doc).(*value.Map)
	if allow != nullsNowhere {
		takeNulls(prepared, allow)
		if definitions, ok := get(prepared, "definitions").(*value.Map); ok {
			for _, d := range definitions.Pairs {
				if m, ok := d.Value.(*value.Map); ok {
					takeNulls(m, allow)
				}
			}
		}
	}
	const here = "prefectc:///schema.json"
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.UseLoader(nothing{})
	if err := compiler.AddResource(here, plainJSON(withoutRequired(prepared))); err != nil {
		return nil
	}
	compiled, err := compiler.Compile(here)
	if err != nil {
		return nil
	}
	return compiled
}

// nothing loads no schema from elsewhere, as the servers do not.
type nothing struct{}

func (nothing) Load(string) (any, error) {
	return nil, errors.New("schemas are not loaded from elsewhere")
}

func plainJSON(v value.Value) any {
	text, err := value.JSON(v)
	if err != nil {
		return nil
	}
	plain, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
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

// topmost are the errors that stand for themselves: of a choice, the choice as a whole.
func topmost(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	switch e.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.AllOf, *kind.Reference:
		var out []*jsonschema.ValidationError
		for _, cause := range e.Causes {
			out = append(out, topmost(cause)...)
		}
		return out
	}
	return []*jsonschema.ValidationError{e}
}

// complaint says what is wrong with a value and what would be right. A secret may be among the values, so that only the
// kind of value is named.
func complaint(e *jsonschema.ValidationError, at value.Value, printer *message.Printer) string {
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		return typeComplaint(at, k.Want)
	case *kind.AnyOf, *kind.OneOf:
		var want []string
		for _, cause := range leaves(e) {
			t, ok := cause.ErrorKind.(*kind.Type)
			if !ok || len(cause.InstanceLocation) != len(e.InstanceLocation) {
				return "it fits none of the kinds of value it may have"
			}
			want = append(want, t.Want...)
		}
		return typeComplaint(at, want)
	}
	return e.ErrorKind.LocalizedString(printer)
}

func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var out []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		out = append(out, leaves(cause)...)
	}
	return out
}

func typeComplaint(at value.Value, want []string) string {
	return "it is " + jsonType(at) + ", but must be " + strings.Join(want, " or ")
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
