package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/format"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/encoding/jsonschema"
)

// JSONSchema is the language of a generation as JSON Schema 2020-12, made from the CUE definitions. What CUE keeps in
// attributes is added: where null may stand, templates for values that are not text, exactly one of cron, interval and
// rrule, and one key a step. Unknown keys are refused, though Prefect ignores them in most places.
func JSONSchema(g Generation) ([]byte, error) {
	l, err := Load()
	if err != nil {
		return nil, err
	}
	f, err := instance(g)
	if err != nil {
		return nil, err
	}
	text, err := format.Node(f)
	if err != nil {
		return nil, fmt.Errorf("write the language: %w", err)
	}
	if f, err = parser.ParseFile("language.cue", text, parser.ParseComments); err != nil {
		return nil, err
	}
	ctx := cuecontext.New()
	root := ctx.BuildFile(f)
	expr, err := jsonschema.Generate(root.LookupPath(cue.MakePath(cue.Def("File"))), &jsonschema.GenerateConfig{
		Version: jsonschema.VersionDraft2020_12,
	})
	if err != nil {
		return nil, fmt.Errorf("export the language: %w", err)
	}
	raw, err := ctx.BuildExpr(expr).MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("export the language: %w", err)
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	x := &exporter{lang: l, gen: g}
	if err := x.complete(doc); err != nil {
		return nil, err
	}
	doc["$id"] = fmt.Sprintf("urn:prefectc:schema:prefect%d", g)
	doc["title"] = fmt.Sprintf("prefect.yaml for Prefect %d", g)
	return json.MarshalIndent(doc, "", "  ")
}

// exporter adds to an exported schema what CUE keeps in attributes.
type exporter struct {
	lang *Language
	gen  Generation
}

func (x *exporter) complete(doc map[string]any) error {
	defs, _ := doc["$defs"].(map[string]any)
	for _, o := range x.lang.objects {
		at := doc
		if o.Name != "File" {
			at, _ = defs[o.Name].(map[string]any)
		}
		if at == nil {
			if x.reached(o) {
				return fmt.Errorf("export the language: no definition of %s", o.Name)
			}
			continue
		}
		x.object(o, at)
	}
	if moment, ok := defs["Moment"].(map[string]any); ok {
		delete(moment, "anyOf") // a YAML date is text in JSON
		moment["type"] = "string"
	}
	return nil
}

// reached says whether the generation has the object at all: some field that it knows leads there.
func (x *exporter) reached(o *Object) bool {
	for _, from := range x.lang.objects {
		for _, f := range from.Fields {
			if f.In(x.gen) && slices.Contains(f.objects(x.gen), o) {
				return true
			}
		}
	}
	return false
}

func (x *exporter) object(o *Object, at map[string]any) {
	if o.Doc != "" {
		at["description"] = o.Doc
	}
	if o.OneKey {
		at["maxProperties"] = 1
	}
	var choices []any
	for _, name := range o.ExactlyOne {
		choices = append(choices, map[string]any{
			"required":   []any{name},
			"properties": map[string]any{name: map[string]any{"not": map[string]any{"type": "null"}}},
		})
	}
	if choices != nil {
		at["oneOf"] = choices
	}
	props, _ := at["properties"].(map[string]any)
	for _, f := range o.Fields {
		if p, ok := props[f.Name].(map[string]any); ok {
			props[f.Name] = x.field(f, p)
		}
	}
}

func (x *exporter) field(f *Field, p map[string]any) map[string]any {
	delete(p, "description")
	var others []any
	if f.Nullable(x.gen) {
		others = append(others, map[string]any{"type": "null"})
	}
	if f.Templates(x.gen) {
		others = append(others, map[string]any{"type": "string", "pattern": `\{\{.*\}\}`})
	}
	if f.empty {
		others = append(others, map[string]any{"type": "object", "maxProperties": 0})
	}
	out := maps.Clone(p)
	if len(others) > 0 && len(p) > 0 {
		out = map[string]any{"anyOf": append([]any{p}, others...)}
	}
	if f.Doc != "" {
		out["description"] = f.Doc
		out["markdownDescription"] = f.Doc + x.notes(f)
	}
	if f.Deprecated != "" || f.Ignored != "" {
		out["deprecated"] = true
	}
	return out
}

// notes say of a field, for editors that show Markdown, which Prefects know it and what to write in its place.
func (x *exporter) notes(f *Field) string {
	var text string
	if f.In(Prefect2) != f.In(Prefect3) {
		text += fmt.Sprintf("\n\n*Only Prefect %d knows it.*", x.gen)
	}
	if f.Deprecated != "" {
		text += "\n\n*Deprecated.*"
	}
	return text
}
