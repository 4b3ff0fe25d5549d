package render_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/internal/render"
)

// realReport is what a check finds in every case of every rule.
func realReport(t *testing.T) *render.Report {
	t.Helper()
	c, err := compiler.Shared()
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("../../testdata/rules/*/*.yaml")
	if err != nil || len(names) < 200 {
		t.Fatalf("%d files: %v", len(names), err)
	}
	r := &render.Report{Version: "1.2.3", Base: "/project", FailOn: diag.Error, Fingerprint: func(i int) string { return fmt.Sprintf("%032x", i) }}
	for _, rule := range rules.All() {
		r.Rules = append(r.Rules, render.RuleInfo{
			Name: rule.Name, Summary: rule.Summary, Severity: rule.Severity, URL: rules.PageURL(rule.Name),
			Page: func() string { return "# " + rule.Name },
		})
	}
	for _, name := range names {
		text, err := os.ReadFile(name) //nolint:gosec // the test's own
		if err != nil {
			t.Fatal(err)
		}
		file := source.New("/project/"+filepath.ToSlash(name[len("../../"):]), text)
		checked, err := c.Check(context.Background(), compiler.Input{
			File: file, Read: func(string) ([]byte, error) { return nil, fs.ErrNotExist },
		})
		if err != nil {
			t.Fatal(err)
		}
		r.Files = append(r.Files, file.Path)
		r.Findings = append(r.Findings, checked.Diagnostics...)
	}
	if len(r.Findings) < 300 {
		t.Fatalf("only %d findings", len(r.Findings))
	}
	return r
}

// jsonFormats are the formats that are JSON, and where the rules of each are written.
var jsonFormats = map[string]string{
	"json":   "../../docs/schemas/check.json",
	"sarif":  "testdata/schemas/sarif-2.1.0.json",
	"gitlab": "testdata/schemas/gitlab.json",
	"rdjson": "testdata/schemas/rdjson.json",
}

func formatSchema(t *testing.T, path string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(path) //nolint:gosec // the test's own
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("mem:///schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mem:///schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every format that has a schema keeps to it: what is found in all cases of all rules, and text that is hard to write down.
func TestFormatsKeepToTheirSchemas(t *testing.T) {
	reports := map[string]*render.Report{"real": realReport(t), "hard": report(), "empty": {Version: "1.2.3"}}
	for format, path := range jsonFormats {
		s := formatSchema(t, path)
		for name, r := range reports {
			var b bytes.Buffer
			if err := r.Write(&b, format, render.Text{}); err != nil {
				t.Fatal(err)
			}
			doc, err := jsonschema.UnmarshalJSON(&b)
			if err != nil {
				t.Fatalf("%s of %s is no JSON: %v", format, name, err)
			}
			if err := s.Validate(doc); err != nil {
				t.Errorf("%s of %s: %v", format, name, err)
			}
			if format == "rdjson" {
				onlyKnown(t, s, doc)
			}
		}
	}
}

// onlyKnown holds if a document has only fields that its schema names, which reviewdog's schema itself does not ask for.
func onlyKnown(t *testing.T, s *jsonschema.Schema, doc any) {
	t.Helper()
	for s.Ref != nil {
		s = s.Ref
	}
	switch doc := doc.(type) {
	case map[string]any:
		for k, v := range doc {
			if s.Properties[k] == nil {
				t.Errorf("the schema has no %q", k)
				continue
			}
			onlyKnown(t, s.Properties[k], v)
		}
	case []any:
		items, ok := s.Items.(*jsonschema.Schema)
		for _, item := range doc {
			if !ok {
				t.Error("the schema has no list there")
				return
			}
			onlyKnown(t, items, item)
		}
	}
}

// A schema that accepts everything would prove nothing.
func TestSchemasOfFormatsRefuse(t *testing.T) {
	for format, text := range map[string]string{
		"sarif":  `{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": {}}]}]}`,
		"gitlab": `[{"description": "x", "check_name": "x", "fingerprint": "0", "severity": "warning", "location": {"path": "x", "positions": {"begin": {"line": 1}}}}]`,
		"rdjson": `{"diagnostics": [{"message": 1}]}`,
		"json":   `{"schema_version": 1, "findings": [{}], "summary": {"files": 0, "errors": 0, "warnings": 0, "infos": 0}}`,
	} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		if formatSchema(t, jsonFormats[format]).Validate(doc) == nil {
			t.Errorf("the schema of %s accepts %s", format, text)
		}
	}
}
