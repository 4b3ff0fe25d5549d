package compile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/format"
	"reflect"
	"slices"
	"strings"
)

// StepsFile is steps.prefectN.json. The structs below mirror those of package schema, field by field, so that their
// values can be written as Go.
type StepsFile struct {
	Generation string            `json:"generation"`
	Versions   map[string]string `json:"measured_versions"`
	Removed    []Removal         `json:"removed_paths"`
	Steps      []*StepInfo       `json:"steps"`
}

type StepInfo struct {
	Path              string         `json:"path"`
	Aliases           []string       `json:"aliases"`
	DeprecatedAliases []string       `json:"deprecated_aliases"`
	Package           string         `json:"package"`
	Doc               string         `json:"summary"`
	Notes             []string       `json:"notes"`
	Call              string         `json:"call"`
	Deprecated        bool           `json:"deprecated"`
	ReplacedBy        string         `json:"replaced_by"`
	IntendedIn        []string       `json:"intended_in"`
	AllowedIn         []string       `json:"allowed_in"`
	Params            []Param        `json:"parameters"`
	Extra             *ExtraKeywords `json:"extra_keywords"`
	Constraints       []Constraint   `json:"constraints"`
	Outputs           []Output       `json:"outputs"`
}

type Param struct {
	Name          string   `json:"name"`
	Doc           string   `json:"description"`
	Types         []string `json:"types"`
	Items         []string `json:"items"`
	Values        []string `json:"values"`
	Required      bool     `json:"required"`
	Nullable      bool     `json:"nullable"`
	Default       any      `json:"default"`
	Enum          []any    `json:"enum"`
	SpecialValues []string `json:"special_values"`
	AlsoWorks     []string `json:"also_works"`
	Keys          []Param  `json:"keys"`
	Sensitive     bool     `json:"sensitive"`
	Block         bool     `json:"block"`
	BlockTypes    []string `json:"block_types"`
	Hint          string   `json:"hint"`
}

type ExtraKeywords struct {
	Name        string    `json:"name"`
	Policy      string    `json:"policy"`
	ForwardedTo string    `json:"forwarded_to"`
	Unknown     string    `json:"unknown"`
	Selector    string    `json:"selector"`
	Backends    []Backend `json:"-"`
}

type Backend struct {
	Name        string   `json:"-"`
	ForwardedTo string   `json:"forwarded_to"`
	SetByStep   []string `json:"set_by_step"`
	NotFromYAML []string `json:"not_from_yaml"`
	Keywords    []Param  `json:"keywords"`
}

type Constraint struct {
	Kind     string   `json:"kind"`
	Param    string   `json:"param"`
	Params   []string `json:"params"`
	Prefix   string   `json:"prefix"`
	Pattern  string   `json:"pattern"`
	Key      string   `json:"key"`
	Keys     []string `json:"keys"`
	NeedsAny []string `json:"needs_any"`
	Unless   string   `json:"unless"`
	File     string   `json:"file"`
	Value    any      `json:"value"`
	When     *When    `json:"when"`
	Error    string   `json:"error"`
}

type When struct {
	Param      string `json:"param"`
	Equals     string `json:"equals"`
	LongerThan int    `json:"longer_than"`
}

type Output struct {
	Name     string   `json:"name"`
	Doc      string   `json:"description"`
	Types    []string `json:"types"`
	Items    []string `json:"items"`
	Nullable bool     `json:"nullable"`
	Known    string   `json:"known"`
	From     []Clause `json:"from"`
}

type Clause struct {
	If    *Cond `json:"if,omitempty"`
	Value Expr  `json:"value"`
}

type Cond struct {
	Param   string `json:"param,omitempty"`
	Setting string `json:"setting,omitempty"`
	Is      string `json:"is,omitempty"`
	Text    string `json:"text,omitempty"`
}

type Expr struct {
	Op    string
	Name  string
	Const any
	Parts []Expr
	Args  []NamedArg
}

type NamedArg struct {
	Name  string
	Value Expr
}

type Removal struct {
	Path      string `json:"path"`
	Use       string `json:"use"`
	LastSeen  string `json:"last_seen"`
	MissingIn string `json:"missing_in"`
}

// UnmarshalJSON keeps the backends in the order of the file: the first is the default one.
func (e *ExtraKeywords) UnmarshalJSON(text []byte) error {
	type plain ExtraKeywords
	var raw struct {
		*plain
		Accepted json.RawMessage `json:"accepted"`
	}
	raw.plain = (*plain)(e)
	if err := json.Unmarshal(text, &raw); err != nil || raw.Accepted == nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(raw.Accepted))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		var b Backend
		if err := dec.Decode(&b); err != nil {
			return err
		}
		b.Name = name.(string)
		e.Backends = append(e.Backends, b)
	}
	return nil
}

// UnmarshalJSON reads the one-key objects of the rule language, and plain text.
func (e *Expr) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		e.Op = "text"
		return json.Unmarshal(text, &e.Name)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	for _, op := range []string{"param", "output", "setting", "unknown", "call"} {
		if v, ok := raw[op]; ok {
			e.Op = op
			if err := json.Unmarshal(v, &e.Name); err != nil {
				return err
			}
		}
	}
	if v, ok := raw["const"]; ok {
		e.Op = "const"
		return json.Unmarshal(v, &e.Const)
	}
	if v, ok := raw["concat"]; ok {
		e.Op = "concat"
		return json.Unmarshal(v, &e.Parts)
	}
	if v, ok := raw["args"]; ok {
		var args map[string]Expr
		if err := json.Unmarshal(v, &args); err != nil {
			return err
		}
		for name, x := range args {
			e.Args = append(e.Args, NamedArg{name, x})
		}
		slices.SortFunc(e.Args, func(a, b NamedArg) int { return strings.Compare(a.Name, b.Name) })
	}
	if e.Op == "" {
		return fmt.Errorf("unknown expression %s", text)
	}
	return nil
}

// StepsGo writes the catalogues of both generations as a Go file of package schema.
func StepsGo(header string, files map[int]*StepsFile) ([]byte, error) {
	w := &writer{}
	w.printf("%s\n\npackage schema\n\n", header)
	for _, g := range []int{2, 3} {
		f := files[g]
		w.printf("// steps%d are the steps of Prefect %s, measured with %s.\nfunc steps%d() []*StepInfo {\n\treturn ", g, f.Versions["prefect"], versions(f.Versions), g)
		w.literal(reflect.ValueOf(f.Steps))
		w.printf("\n}\n\n// removed%d are the paths of steps that no longer exist.\nfunc removed%d() []Removal {\n\treturn ", g, g)
		w.literal(reflect.ValueOf(f.Removed))
		w.printf("\n}\n\n")
	}
	out, err := format.Source(w.Bytes())
	if err != nil {
		return nil, fmt.Errorf("format the steps: %w", err)
	}
	return out, nil
}

func versions(m map[string]string) string {
	var parts []string
	for name, v := range m {
		if name != "prefect" {
			parts = append(parts, name+" "+v)
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// literal writes a value as Go source, without zero fields, with one struct a line.
func (w *writer) literal(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		w.printf("&")
		w.literal(v.Elem())
	case reflect.Interface:
		if v.IsNil() {
			w.printf("nil")
			return
		}
		w.literal(v.Elem())
	case reflect.Struct:
		w.printf("%s{", v.Type().Name())
		for i := range v.NumField() {
			f := v.Field(i)
			if f.IsZero() || f.Kind() == reflect.Slice && f.Len() == 0 && v.Type().Field(i).Name != "Const" {
				continue
			}
			w.printf("%s: ", v.Type().Field(i).Name)
			w.literal(f)
			w.printf(", ")
		}
		w.printf("}")
	case reflect.Slice:
		elem := v.Type().Elem()
		name := elem.Name()
		if elem.Kind() == reflect.Pointer {
			name = "*" + elem.Elem().Name()
		}
		if elem.Kind() == reflect.Interface {
			name = "any"
		}
		w.printf("[]%s{", name)
		lines := elem.Kind() == reflect.Struct && elem.NumField() > 2 || elem.Kind() == reflect.Pointer
		for i := range v.Len() {
			if lines {
				w.printf("\n")
			}
			w.literal(v.Index(i))
			w.printf(", ")
		}
		if lines {
			w.printf("\n")
		}
		w.printf("}")
	case reflect.Map:
		w.printf("map[string]any{")
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			w.printf("%q: ", k.String())
			w.literal(v.MapIndex(k))
			w.printf(", ")
		}
		w.printf("}")
	case reflect.Float64:
		w.printf("float64(%v)", v.Float())
	default:
		w.printf("%#v", v.Interface())
	}
}
