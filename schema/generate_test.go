package schema

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"

	"github.com/prefectc/prefectc/schema/internal/compile"
)

// The generated files are what go generate makes of the CUE files and the data.
func TestGeneratedFilesAreFresh(t *testing.T) {
	files, err := compile.Generate(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is stale: run go generate ./schema", name)
		}
	}
}

// The steps in CUE are those of the catalogue: the same arguments with the same documentation, and the same outputs.
func TestStepsInCUEAreTheCatalogue(t *testing.T) {
	lang := load(t)
	for g, name := range map[Generation]string{Prefect2: "steps2_gen.cue", Prefect3: "steps3_gen.cue"} {
		text, err := sources.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		root := cuecontext.New().CompileBytes(text)
		if err := root.Err(); err != nil {
			t.Fatal(err)
		}
		steps := root.LookupPath(cue.ParsePath("#Steps"))
		for _, s := range lang.Steps(g).Steps {
			v := steps.LookupPath(cue.MakePath(cue.Str(s.Path)))
			if !v.Exists() {
				t.Errorf("Prefect %d: %s is not in %s", g, s.Path, name)
				continue
			}
			fields := map[string]cue.Value{}
			required := []string{}
			iter, err := v.LookupPath(cue.ParsePath("arguments")).Fields(cue.Optional(true))
			if err != nil {
				t.Fatalf("%s: %v", s.Path, err)
			}
			for iter.Next() {
				sel := iter.Selector()
				n := strings.TrimRight(sel.Unquoted(), "?!")
				fields[n] = iter.Value()
				if sel.ConstraintType() == cue.RequiredConstraint {
					required = append(required, n)
				}
			}
			for _, p := range s.Params {
				f, ok := fields[p.Name]
				if !ok || docText(f) != p.Doc {
					t.Errorf("Prefect %d: %s: argument %s is documented as %q, want %q", g, s.Path, p.Name, docText(f), p.Doc)
				}
				if p.Required != slices.Contains(required, p.Name) {
					t.Errorf("Prefect %d: %s: argument %s: required is %v", g, s.Path, p.Name, p.Required)
				}
				for _, typ := range p.Types {
					kind := map[string]cue.Kind{
						"string": cue.StringKind, "boolean": cue.BoolKind, "integer": cue.IntKind, "number": cue.FloatKind,
						"array": cue.ListKind, "object": cue.StructKind,
					}[typ]
					if f.IncompleteKind()&kind == 0 {
						t.Errorf("Prefect %d: %s: argument %s is %v, want %s", g, s.Path, p.Name, f.IncompleteKind(), typ)
					}
				}
			}
			for _, o := range s.Outputs {
				if f := v.LookupPath(cue.MakePath(cue.Str("outputs"), cue.Str(o.Name))); !f.Exists() || docText(f) != o.Doc {
					t.Errorf("Prefect %d: %s: output %s is documented as %q, want %q", g, s.Path, o.Name, docText(f), o.Doc)
				}
			}
		}
	}
}

func docText(v cue.Value) string {
	var b strings.Builder
	for _, g := range v.Doc() {
		b.WriteString(strings.TrimSpace(g.Text()))
	}
	return b.String()
}

func TestCUETextHoldsEverything(t *testing.T) {
	text := CUE()
	for _, want := range []string{"#Deployment:", "#Trigger:", "#SLA:", "#Entrypoint:", "// prefect3.cue", "build_docker_image"} {
		if !strings.Contains(text, want) {
			t.Errorf("the CUE text lacks %s", want)
		}
	}
}
