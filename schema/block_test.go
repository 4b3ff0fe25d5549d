package schema

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestBlocks(t *testing.T) {
	lang := load(t)
	for _, tt := range []struct {
		gen        Generation
		slug       string
		resolvesTo string
		secret     string // a field that must be secret
	}{
		{Prefect2, "secret", "value", "value"},
		{Prefect3, "secret", "value", "value"},
		{Prefect2, "json", "value", ""},
		{Prefect3, "github-credentials", "object", "token"},
		{Prefect3, "aws-credentials", "object", "aws_secret_access_key"},
	} {
		b, err := lang.Block(tt.gen, tt.slug)
		if err != nil || b == nil {
			t.Errorf("Prefect %d: block type %s: %v, %v", tt.gen, tt.slug, b, err)
			continue
		}
		if b.ResolvesTo != tt.resolvesTo {
			t.Errorf("Prefect %d: %s resolves to %q, want %q", tt.gen, tt.slug, b.ResolvesTo, tt.resolvesTo)
		}
		if f := b.Field(tt.secret); tt.secret != "" && (f == nil || !f.Secret) {
			t.Errorf("Prefect %d: field %s of %s is not secret: %+v", tt.gen, tt.secret, tt.slug, f)
		}
	}
	if b, err := lang.Block(Prefect3, "json"); b != nil || err != nil {
		t.Errorf("Prefect 3 has no json block, got %v, %v", b, err)
	}
}

// Each block type that a step names exists in its generation.
func TestStepsNameBlocksThatExist(t *testing.T) {
	lang := load(t)
	for _, g := range []Generation{Prefect2, Prefect3} {
		for _, s := range lang.Steps(g).Steps {
			for _, p := range s.Params {
				for _, slug := range p.BlockTypes {
					if b, err := lang.Block(g, slug); b == nil || err != nil {
						t.Errorf("Prefect %d: %s: %s: block type %s is not in the catalogue (%v)", g, s.Path, p.Name, slug, err)
					}
				}
			}
		}
	}
}

// The schema of every pool type compiles, and judges values.
func TestJobVariables(t *testing.T) {
	lang := load(t)
	for _, g := range []Generation{Prefect2, Prefect3} {
		types := lang.PoolTypes(g)
		if len(types) < 8 {
			t.Errorf("Prefect %d: only the types %v", g, types)
		}
		for _, pool := range types {
			text, ok := lang.JobVariables(pool, g)
			if !ok {
				t.Errorf("Prefect %d: no schema for %s", g, pool)
				continue
			}
			compileSchema(t, text)
		}
	}
	text, _ := lang.JobVariables("docker", Prefect3)
	s := compileSchema(t, text)
	for doc, valid := range map[string]bool{
		`{"image": "a:b", "env": {"A": "b"}}`: true,
		`{"image": 5}`:                        false,
		`{"stream_output": "often"}`:          false,
	} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(doc))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); (err == nil) != valid {
			t.Errorf("%s: valid is %v: %v", doc, err == nil, err)
		}
	}
	for _, name := range []string{"", "nosuch", "index", "../prefect2/docker", "bundled/docker"} {
		if _, ok := lang.JobVariables(name, Prefect3); ok {
			t.Errorf("a schema for the pool type %q", name)
		}
	}
}

func compileSchema(t testing.TB, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mem:///s.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mem:///s.json")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return s
}
