package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// documented compiles a schema of docs/schemas.
func documented(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("../../docs/schemas/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mem:///"+name+".json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mem:///" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// runIn runs the program in a directory with an empty environment and gives its standard output.
func runIn(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	p := &Process{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Env: []string{"HOME=" + t.TempDir()}, Dir: dir}
	code = Main(t.Context(), p, args)
	return code, out.String(), errs.String()
}

// Everything that check and an offline plan print as JSON, for each of the recorded projects, is what docs/schemas describe.
func TestJSONIsAsDocumented(t *testing.T) {
	check, plan := documented(t, "check"), documented(t, "plan")
	files, err := filepath.Glob("../../testdata/oracle/cases/*/prefect.yaml")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Glob("../../examples/*/prefect.yaml")
	if err != nil {
		t.Fatal(err)
	}
	findings, plans := 0, 0
	for _, file := range append(files, examples...) {
		dir := filepath.Dir(file)
		code, out, errs := runIn(t, dir, "check", "--format", "json")
		if code > exitFindings {
			t.Errorf("%s: check ended with %d: %s", dir, code, errs)
			continue
		}
		findings += strings.Count(out, `"rule":`)
		validate(t, check, dir, out)
		for _, g := range []string{"2", "3"} {
			if code, out, _ := runIn(t, dir, "plan", "--offline", "--all", "--format", "json", "--prefect", g); code == exitOK {
				plans++
				validate(t, plan, dir, out)
			}
		}
	}
	if findings < 20 || plans < 40 {
		t.Errorf("only %d findings and %d plans were looked at", findings, plans)
	}
}

func validate(t *testing.T, s *jsonschema.Schema, name, text string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, text)
		return
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}
