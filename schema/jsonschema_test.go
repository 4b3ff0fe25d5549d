package schema

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
)

// plainJSON is data as JSON has it; ok is false for what JSON cannot say: dates, keys that are no text, .inf.
func plainJSON(d Data) (v any, ok bool) {
	switch d.Kind() {
	case KindNull:
		return nil, true
	case KindBool:
		return d.Bool(), true
	case KindInt, KindFloat:
		x := d.Number()
		return x, !math.IsInf(x, 0) && !math.IsNaN(x)
	case KindString:
		return d.Text(), true
	case KindList:
		out := []any{}
		for i := range d.Len() {
			item, ok := plainJSON(d.Item(i))
			if !ok {
				return nil, false
			}
			out = append(out, item)
		}
		return out, true
	case KindMap:
		out := map[string]any{}
		for i := range d.Len() {
			k, v := d.Field(i)
			item, ok := plainJSON(v)
			if !ok || k.Kind() != KindString {
				return nil, false
			}
			out[k.Text()] = item
		}
		return out, true
	}
	return nil, false
}

// An editor with the exported schema says the same of a file as Check does: all is well, or it is not.
func TestJSONSchemaAgreesWithCheck(t *testing.T) {
	t.Parallel()
	lang := load(t)
	for _, g := range []Generation{Prefect2, Prefect3} {
		text, err := JSONSchema(g)
		if err != nil {
			t.Fatal(err)
		}
		if os.Getenv("SCHEMA_OUT") != "" {
			os.WriteFile(os.Getenv("SCHEMA_OUT"), text, 0o644)
		}
		s := compileSchema(t, text)
		compared, bad := 0, 0
		compare := func(name string, text []byte) {
			d, err := readYAML(text)
			if err != nil || d.Kind() != KindMap {
				return
			}
			doc, ok := plainJSON(d)
			if !ok {
				return
			}
			compared++
			err = s.Validate(doc)
			found := explain(lang.Object("File"), g, d).found
			if len(found) > 0 {
				bad++
			}
			if (err != nil) != (len(found) > 0) {
				t.Errorf("%s: Prefect %d: the schema says %v, Check says %v", name, g, err, found)
			}
		}
		for _, doc := range documents(lang) {
			compare(doc, []byte(doc))
		}
		if _, err := os.Stat(shared + "/corpus"); err == nil {
			corpus(t, func(_ *testing.T, name string, text []byte) { compare(name, text) })
		}
		if compared < 2000 || bad < 500 {
			t.Errorf("Prefect %d: compared %d documents, %d with mistakes", g, compared, bad)
		}
	}
}

func TestJSONSchemaDescribesFields(t *testing.T) {
	text, err := JSONSchema(Prefect3)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Defs map[string]struct {
			Properties map[string]struct {
				Description         string
				MarkdownDescription string
				Deprecated          bool
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	for _, o := range load(t).Objects() {
		if o.Name == "File" {
			continue
		}
		for _, f := range o.Fields {
			if p, ok := doc.Defs[o.Name].Properties[f.Name]; f.In(Prefect3) && (!ok || p.Description != f.Doc) {
				t.Errorf("%s.%s is described as %q, want %q", o.Name, f.Name, p.Description, f.Doc)
			}
		}
	}
	if md := doc.Defs["Deployment"].Properties["concurrency_limit"].MarkdownDescription; !strings.Contains(md, "Only Prefect 3 knows it") {
		t.Errorf("concurrency_limit is described as %q", md)
	}
	if md := doc.Defs["Deployment"].Properties["schedule"].MarkdownDescription; !strings.Contains(md, "Deprecated") {
		t.Errorf("schedule is described as %q", md)
	}
	if !doc.Defs["Deployment"].Properties["schedule"].Deprecated {
		t.Error("schedule is not marked as deprecated")
	}
}
