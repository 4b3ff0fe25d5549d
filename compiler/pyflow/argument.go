package pyflow

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/value"
)

// CheckArgument judges a value for a parameter as Prefect's server does when it enforces the parameter schema: by
// JSON type, enum and structure; formats and limits of text do not count. Undecided means that the annotation, the
// value (a template, a reference) or the name leaves it open; a decided empty problem means that the value fits.
func (fl *Flow) CheckArgument(name string, v value.Value) (problem string, decided bool) {
	p, ok := fl.param(name)
	if !ok || p.annotation.empty() || !settled(v) {
		return "", false
	}
	t := fl.typeOf(p)
	if t.open {
		return "", false
	}
	text, err := value.JSON(v)
	if err != nil {
		return "", false
	}
	sent, err := value.FromJSON(text)
	if err != nil {
		return "", false
	}
	c := checker{defs: t.defs}
	return c.check(t.schema, sent, "", 0), !c.unsure
}

// paramType is the schema of a parameter's annotation in Prefect 3, with the classes it uses.
type paramType struct {
	schema *value.Map
	defs   map[string]*value.Map
	open   bool // the signature or the annotation says more than can be told from the text
}

// typeOf translates an annotation, once for each parameter. Nobody may change what it gives.
func (fl *Flow) typeOf(p Param) *paramType {
	if known, ok := fl.types.Load(p.Name.Text); ok {
		return known.(*paramType)
	}
	t := fl.translator(3)
	out := &paramType{schema: t.annotation(fl, p), defs: t.defs}
	out.open = t.why != "" || fl.undecided(3) != ""
	fl.types.Store(p.Name.Text, out)
	return out
}

// CheckText judges a text for a parameter that is a date, a time or a duration, of which the server takes any text: it says
// what the run that gets it fails over, "" if it may do.
func (fl *Flow) CheckText(name, text string) string {
	p, ok := fl.param(name)
	if !ok || p.annotation.empty() || strings.Contains(text, "{{") {
		return ""
	}
	t := fl.typeOf(p)
	if t.open {
		return ""
	}
	s := t.schema
	if choices, ok := s.Get("anyOf"); ok {
		var only *value.Map
		for _, choice := range choices.([]value.Value) {
			c := choice.(*value.Map)
			if kind, _ := c.Get("type"); kind == "null" {
				continue
			}
			if only != nil {
				return ""
			}
			only = c
		}
		s = only
	}
	if s == nil || hasKey(s, "enum", "const", "pattern") {
		return ""
	}
	switch format, _ := s.Get("format"); {
	case (format == "date" || format == "date-time") && !maybeDate.MatchString(text):
		return "expected a date such as 2024-01-31, got text " + shown(text)
	case format == "duration" && !strings.ContainsAny(text, "0123456789"):
		return "expected a duration such as PT1H, got text " + shown(text)
	}
	return ""
}

// maybeDate is how every text begins that pydantic reads as a date or as a time: year, month and day, or a number of seconds.
var maybeDate = pattern.New(`^\s*(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[-+]?[0-9.]+\s*$)`)

func (fl *Flow) param(name string) (Param, bool) {
	for _, p := range fl.Params {
		if p.Name.Text == name && p.Kind != VarPositional && p.Kind != VarKeyword {
			return p, true
		}
	}
	return Param{}, false
}

// settled tells that a value is what will be sent: no template in it, nothing that Prefect fills in later.
func settled(v value.Value) bool {
	switch v := v.(type) {
	case string:
		return !strings.Contains(v, "{{")
	case []value.Value:
		for _, e := range v {
			if !settled(e) {
				return false
			}
		}
	case *value.Map:
		for _, p := range v.Pairs {
			if p.Key == "__prefect_kind" || p.Key == "$ref" || !settled(p.Key) || !settled(p.Value) {
				return false
			}
		}
	}
	return true
}

// checker validates JSON against the schemas that translator makes.
type checker struct {
	defs   map[string]*value.Map
	unsure bool
}

// check describes the first misfit, "" if there is none; at is the path inside the argument.
func (c *checker) check(s *value.Map, v value.Value, at string, depth int) string {
	if depth > maxExprDepth {
		c.unsure = true
		return ""
	}
	if ref, ok := s.Get("$ref"); ok {
		name := strings.TrimPrefix(ref.(string), "#/definitions/")
		return c.check(c.defs[name], v, at, depth+1)
	}
	if choices, ok := s.Get("anyOf"); ok {
		inner := ""
		for _, choice := range choices.([]value.Value) {
			choice := choice.(*value.Map)
			problem := c.check(choice, v, at, depth+1)
			if problem == "" {
				return ""
			}
			if kind, _ := choice.Get("type"); kind == "array" && jsonType("array", v) || kind == "object" && jsonType("object", v) {
				inner = problem // of the right type: what is wrong is inside
			}
		}
		if inner != "" {
			return inner
		}
		return misfit(c.describe(s), v, at)
	}
	if hasKey(s, "enum", "const") {
		return c.checkEnum(s, v, at)
	}
	kind, typed := s.Get("type")
	if typed && !jsonType(kind.(string), v) {
		return misfit(c.describe(s), v, at)
	}
	switch v := v.(type) {
	case []value.Value:
		return c.checkList(s, v, at, depth)
	case *value.Map:
		return c.checkObject(s, v, at, depth)
	}
	if hasKey(s, "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern") {
		c.unsure = true // limits are the server's to judge
	}
	return ""
}

func (c *checker) checkEnum(s *value.Map, v value.Value, at string) string {
	allowed := []value.Value{}
	if one, ok := s.Get("const"); ok {
		allowed = append(allowed, one)
	}
	if many, ok := s.Get("enum"); ok {
		allowed = many.([]value.Value)
	}
	for _, a := range allowed {
		_, boolA := a.(bool)
		_, boolV := v.(bool)
		if boolA == boolV && value.Equal(a, v) {
			return ""
		}
	}
	return misfit(c.describe(s), v, at)
}

func (c *checker) checkList(s *value.Map, list []value.Value, at string, depth int) string {
	n := int64(len(list))
	if least, ok := s.Get("minItems"); ok && least.(int64) != n {
		return fmt.Sprintf("%sexpected a list of %d items, got %d", prefix(at), least, n)
	}
	if first, ok := s.Get("prefixItems"); ok {
		for i, item := range first.([]value.Value) {
			if problem := c.check(item.(*value.Map), list[i], fmt.Sprintf("%s[%d]", at, i), depth+1); problem != "" {
				return problem
			}
		}
	}
	if items, ok := s.Get("items"); ok {
		for i, e := range list {
			if problem := c.check(items.(*value.Map), e, fmt.Sprintf("%s[%d]", at, i), depth+1); problem != "" {
				return problem
			}
		}
	}
	if hasKey(s, "uniqueItems") && len(list) <= 1000 {
		for i := range list {
			for j := range i {
				if value.Equal(list[i], list[j]) {
					return fmt.Sprintf("%sexpected different items, got %s twice", prefix(at), shown(list[i]))
				}
			}
		}
	}
	return ""
}

func (c *checker) checkObject(s *value.Map, m *value.Map, at string, depth int) string {
	if hasKey(s, "propertyNames") {
		c.unsure = true
	}
	properties, _ := s.Get("properties")
	fields, _ := properties.(*value.Map)
	others, _ := s.Get("additionalProperties")
	rest, _ := others.(*value.Map)
	for _, p := range m.Pairs {
		s := rest
		if f, ok := fields.Get(p.Key); ok {
			s = f.(*value.Map)
			if p.Value == nil {
				continue // the server lets null pass for fields with defaults, in ways that differ
			}
		}
		if s == nil {
			continue
		}
		if problem := c.check(s, p.Value, at+"."+value.KeyText(p.Key), depth+1); problem != "" {
			return problem
		}
	}
	return ""
}

// jsonType is JSON Schema's type test: 1.0 is a whole number, true is no number.
func jsonType(kind string, v value.Value) bool {
	switch v := v.(type) {
	case nil:
		return kind == "null"
	case bool:
		return kind == "boolean"
	case int64, *big.Int:
		return kind == "integer" || kind == "number"
	case float64:
		return kind == "number" || kind == "integer" && v == math.Trunc(v)
	case string:
		return kind == "string"
	case []value.Value:
		return kind == "array"
	case *value.Map:
		return kind == "object"
	}
	return false
}

func prefix(at string) string {
	if at == "" {
		return ""
	}
	return strings.TrimPrefix(at, ".") + ": "
}

func misfit(want string, v value.Value, at string) string {
	got := value.TypeName(v)
	switch v.(type) {
	case nil:
	case bool:
		got = strings.ToLower(value.Repr(v))
	case []value.Value, *value.Map:
		got = "a " + got
	default:
		got += " " + shown(v)
	}
	return prefix(at) + "expected " + want + ", got " + got
}

// shown is a value in JSON, cut to a readable length.
func shown(v value.Value) string {
	text, err := value.JSON(v)
	if err != nil {
		return value.TypeName(v)
	}
	s := string(text)
	if utf8.RuneCountInString(s) > 60 {
		s = string([]rune(s)[:59]) + "…"
	}
	return s
}

// describe says what a schema wants.
func (c *checker) describe(s *value.Map) string {
	if ref, ok := s.Get("$ref"); ok {
		name := strings.TrimPrefix(ref.(string), "#/definitions/")
		if def := c.defs[name]; hasKey(def, "enum") {
			return c.describe(def)
		}
		return "a mapping (" + name + ")"
	}
	if choices, ok := s.Get("anyOf"); ok {
		var words []string
		for _, choice := range choices.([]value.Value) {
			words = append(words, c.describe(choice.(*value.Map)))
		}
		return strings.Join(words, " or ")
	}
	if one, ok := s.Get("const"); ok {
		return shown(one)
	}
	if many, ok := s.Get("enum"); ok {
		var words []string
		for _, v := range many.([]value.Value) {
			words = append(words, shown(v))
		}
		if len(words) > 8 {
			words = append(words[:8], "…")
		}
		return "one of " + strings.Join(words, ", ")
	}
	kind, _ := s.Get("type")
	switch kind {
	case "integer":
		return "a whole number"
	case "number":
		return "a number"
	case "string":
		return "text"
	case "boolean":
		return "true or false"
	case "array":
		return "a list"
	case "object":
		return "a mapping"
	case "null":
		return "null"
	}
	return "anything"
}
