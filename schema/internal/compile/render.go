package compile

import (
	"bytes"
	"fmt"
	"go/format"
	"reflect"
	"strings"
)

// Go writes the table as a Go file of package schema.
func (t *Table) Go(header string) ([]byte, error) {
	w := &writer{}
	w.printf("%s\n\npackage schema\n\n", header)
	w.printf("// table is the language as the CUE files say it, not yet linked.\nfunc table() ([]*Object, []*Union) {\n\treturn []*Object{\n")
	for _, o := range t.Objects {
		w.object(o)
	}
	w.printf("}, []*Union{\n")
	for _, u := range t.Unions {
		w.printf("{Name: %q, Doc: %q, Discriminator: %q, variants: %#v},\n", u.Name, u.Doc, u.Discriminator, u.Variants)
	}
	w.printf("}\n}\n")
	out, err := format.Source(w.Bytes())
	if err != nil {
		return nil, fmt.Errorf("format the table: %w", err)
	}
	return out, nil
}

type writer struct{ bytes.Buffer }

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(w, format, args...) }

// set writes "name: value, " unless the value is zero.
func (w *writer) set(name string, v any) {
	if reflect.ValueOf(v).IsZero() {
		return
	}
	switch v := v.(type) {
	case Gens:
		w.printf("%s: %s, ", name, [...]string{1: "in2", 2: "in3", 3: "in2 | in3"}[v])
	case [2][]string:
		w.printf("%s: [2]kinds{%s, %s}, ", name, kindSet(v[0]), kindSet(v[1]))
	default:
		w.printf("%s: %#v, ", name, v)
	}
}

func (w *writer) object(o *Object) {
	w.printf("{\n")
	w.set("Name", o.Name)
	w.set("Title", o.Title)
	w.set("Doc", o.Doc)
	w.set("Open", o.Open)
	w.set("OneKey", o.OneKey)
	w.set("ExactlyOne", o.ExactlyOne)
	w.set("model", o.Model)
	w.set("textKeys", o.TextKeys)
	w.set("forbid", o.Forbid)
	w.set("several", o.Several)
	w.set("infer", o.Infer)
	if o.Rest[1] != nil {
		w.printf("Rest: ")
		w.typ(o.Rest[1])
		w.printf(",")
	}
	if len(o.Variants) > 0 {
		w.printf("variants: []variant{")
		for _, v := range o.Variants {
			w.printf("{%q, %q},", v[0], v[1])
		}
		w.printf("},")
	}
	w.printf("Fields: []*Field{\n")
	for i, f := range o.Fields {
		w.field(i, f)
	}
	w.printf("},\n},\n")
}

func (w *writer) field(i int, f *Field) {
	w.printf("{")
	w.set("Name", f.Name)
	w.set("Doc", f.Doc)
	w.set("Default", f.Default)
	w.set("Example", f.Example)
	w.set("Unit", f.Unit)
	w.set("Since", f.Since)
	w.set("Until", f.Until)
	w.set("Required", f.Required)
	w.set("Deprecated", f.Deprecated)
	w.set("ReplacedBy", f.ReplacedBy)
	w.set("Ignored", f.Ignored)
	w.set("index", i)
	w.set("null", f.Null)
	w.set("lateNull", f.LateNull)
	w.set("late", f.Late)
	w.set("template", f.Template)
	w.set("empty", f.Empty)
	w.set("tolerates", f.Tolerates)
	w.printf("types: [2]*Type{")
	w.typ(f.Types[0])
	if !reflect.DeepEqual(f.Types[0], f.Types[1]) {
		w.printf(",")
		w.typ(f.Types[1])
	}
	w.printf("}},\n")
}

func (w *writer) typ(t *Type) {
	w.printf("&Type{")
	w.set("Any", t.Any)
	w.set("late", t.Late)
	w.set("tolerates", t.Tolerates)
	if len(t.Alts) > 0 {
		w.printf("Alts: []Alt{")
		for _, a := range t.Alts {
			w.alt(a)
		}
		w.printf("}")
	}
	w.printf("}")
}

func (w *writer) alt(a Alt) {
	w.printf("{Kind: %s, ", kindName[a.Kind])
	w.set("Enum", a.Enum)
	if a.Min != "" {
		w.printf("HasMin: true, Min: %s, MinExcl: %v, ", a.Min, a.MinExcl)
	}
	if a.Max != "" {
		w.printf("HasMax: true, Max: %s, MaxExcl: %v, ", a.Max, a.MaxExcl)
	}
	if a.Match != "" {
		w.printf("Match: &Pattern{Source: %q}, ", a.Match)
	}
	if a.Unlike != "" {
		w.printf("Unlike: &Pattern{Source: %q}, ", a.Unlike)
	}
	w.set("Whole", a.Whole)
	w.set("Words", a.Words)
	w.set("object", a.Object)
	w.set("union", a.Union)
	if a.Item != nil {
		w.printf("Item: ")
		w.typ(a.Item)
	}
	w.printf("},")
}

var kindName = map[string]string{
	"text": "KindString", "int": "KindInt", "number": "KindFloat", "bool": "KindBool",
	"date": "KindDate", "list": "KindList", "map": "KindMap", "null": "KindNull", "float": "KindFloat",
}

func kindSet(words []string) string {
	var parts []string
	for _, w := range words {
		switch w {
		case "any":
			return "allKinds"
		case "number":
			parts = append(parts, "1 << KindInt", "1 << KindFloat")
		default:
			parts = append(parts, "1 << "+kindName[w])
		}
	}
	if len(parts) == 0 {
		return "0"
	}
	return strings.Join(parts, " | ")
}
