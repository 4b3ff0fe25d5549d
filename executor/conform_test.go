package executor

import (
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// The verdicts are those of prefect.utilities.schema_tools.validate of 3.8.8, with required properties ignored.
func TestValuesConformAsTheServerSeesThem(t *testing.T) {
	const variables = `{"type": "object", "required": ["image"], "properties": {
		"image": {"type": "string"},
		"stream": {"type": "boolean", "default": true},
		"labels": {"type": "object", "additionalProperties": {"type": "string"}},
		"cpu": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": null},
		"policy": {"enum": ["Always", "Never"], "type": "string"},
		"env": {"$ref": "#/definitions/Env"},
		"pair": {"type": "array", "items": [{"type": "integer"}, {"type": "string"}]},
		"needs": {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]}},
		"definitions": {"Env": {"type": "object", "properties": {"A": {"type": "string"}}}}}`
	for name, test := range map[string]struct {
		given string
		allow nulls
		gen   schema.Generation
		want  []string
	}{
		"nothing wrong":                     {given: `{"image": "a:b", "cpu": 2, "policy": "Never"}`},
		"unknown variables pass":            {given: `{"imagee": 5}`},
		"required ones may be missing":      {given: `{"stream": false}`},
		"text for a flag":                   {given: `{"stream": "yes"}`, want: []string{"stream: it is string, but must be boolean"}},
		"a number among texts":              {given: `{"labels": {"a": 1}}`, want: []string{"labels.a: it is integer, but must be string"}},
		"no kind of a choice":               {given: `{"cpu": "2"}`, want: []string{"cpu: it is string, but must be integer or null"}},
		"not one of the values":             {given: `{"policy": "Allways"}`, want: []string{"policy: it must be one of 'Always', 'Never'"}},
		"inside a definition":               {given: `{"env": {"A": true}}`, want: []string{"env.A: it is boolean, but must be string"}},
		"a tuple as pydantic 1 wrote it":    {given: `{"pair": ["x", "y"]}`, allow: nullsAnywhere, want: []string{"pair.0: it is string, but must be integer"}},
		"required inside is ignored too":    {given: `{"needs": {}}`},
		"null where it is not required":     {given: `{"labels": null}`, allow: nullsWithoutDefault},
		"null over a default, create":       {given: `{"stream": null}`, allow: nullsAnywhere},
		"null over a default, update":       {given: `{"stream": null}`, allow: nullsWithoutDefault, want: []string{"stream: it is null, but must be boolean"}},
		"null for a required one":           {given: `{"image": null}`, allow: nullsAnywhere, want: []string{"image: it is null, but must be string"}},
		"null inside":                       {given: `{"labels": {"A": null}}`, allow: nullsAnywhere, want: []string{"labels.A: it is null, but must be string"}},
		"a step's output is not known":      {given: `{"stream": "{{ build.flag }}"}`},
		"nor the environment":               {given: `{"stream": "{{ $FLAG }}"}`},
		"a block reference is text":         {given: `{"stream": "{{ prefect.blocks.json.x.y }}"}`, want: []string{"stream: it is string, but must be boolean"}},
		"the run's context is text":         {given: `{"stream": "{{ ctx.flow_run.id }}"}`, gen: schema.Prefect3, want: []string{"stream: it is string, but must be boolean"}},
		"which Prefect 2 takes for a step":  {given: `{"stream": "{{ ctx.flow_run.id }}"}`, gen: schema.Prefect2},
		"the server fills its own kinds in": {given: `{"stream": {"__prefect_kind": "workspace_variable", "variable_name": "x"}}`},
		"each mistake is told":              {given: `{"image": 1, "stream": 2}`, want: []string{"image: it is integer, but must be string", "stream: it is integer, but must be boolean"}},
	} {
		t.Run(name, func(t *testing.T) {
			var c conformity
			if test.allow == nullsNowhere { // the servers mend the schema of job variables always
				test.allow = nullsWithoutDefault
			}
			found := c.check(parse(t, test.given), parse(t, variables), test.allow, test.gen)
			if len(found) != len(test.want) {
				t.Fatalf("found %v, want %q", found, test.want)
			}
			for i, m := range found {
				if got := strings.Join(m.path, ".") + ": " + m.message; !strings.HasPrefix(got, test.want[i]) {
					t.Errorf("found %q, want %q", got, test.want[i])
				}
			}
		})
	}
}

func TestASchemaThatCannotBeReadSaysNothing(t *testing.T) {
	for name, text := range map[string]string{
		"schema from elsewhere":  `{"properties": {"a": {"$ref": "https://example.invalid/schema.json"}}}`,
		"missing definition":     `{"properties": {"a": {"$ref": "#/definitions/Gone"}}}`,
		"no such type":           `{"properties": {"a": {"type": "colour"}}}`,
		"a pattern of no engine": `{"properties": {"a": {"type": "string", "pattern": "(?<=x)y("}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			var c conformity
			if found := c.check(parse(t, `{"a": 1}`), parse(t, text), nullsNowhere, schema.Prefect3); len(found) > 0 {
				t.Errorf("found %v", found)
			}
		})
	}
}

func parse(t *testing.T, text string) *value.Map {
	t.Helper()
	v, err := value.FromJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v.(*value.Map)
}
