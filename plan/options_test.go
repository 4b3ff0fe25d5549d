package plan

import (
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

const optionsFile = `deployments:
- name: one
  entrypoint: f.py:f
  work_pool: {name: p, job_variables: {image: file}}
- name: two
  entrypoint: f.py:f
`

func TestJobVariablesAsJSONKeepTheirEqualsSigns(t *testing.T) {
	for given, want := range map[string]string{
		`a=b=c`:                 `{"image":"file","a":"b=c"}`,
		`{"env": {"A": "x=y"}}`: `{"image":"file","env":{"A":"x=y"}}`,
		`{"a"=1`:                `{"image":"file","{\"a\"":"1"}`,
	} {
		o := Options{JobVariables: []string{given}}
		config := value.NewMap("work_pool", value.NewMap("job_variables", value.NewMap("image", "file")))
		if _, err := o.apply(config, schema.Prefect3); err != nil {
			t.Fatal(err)
		}
		got, err := value.JSON(sub(sub(config, "work_pool"), "job_variables"))
		if text := strings.TrimSpace(strings.ReplaceAll(string(got), ": ", ":")); err != nil || strings.ReplaceAll(text, ", ", ",") != want {
			t.Errorf("%s: %s, %v, want %s", given, text, err, want)
		}
	}
}

func TestOptionsForSeveralDeploymentsAreRefused(t *testing.T) {
	version := "2"
	in := Input{Model: fileOf(t, optionsFile, schema.Prefect3), Generation: schema.Prefect3, Dir: "/p", Env: environment,
		Selection: Selection{All: true}, Options: Options{Version: &version, NoTags: true}}
	_, err := Build(in)
	if e, ok := err.(*SelectionError); !ok || e.Kind != OptionsForSeveral || !strings.HasPrefix(e.Message, "--version, --empty-tag: ") {
		t.Errorf("got %v", err)
	}
	in.IgnoreOptions = true
	p, err := Build(in)
	if err != nil || len(p.Deployments) != 2 || len(p.Ignored) != 2 {
		t.Fatalf("%v, %v", p, err)
	}
	if v, _ := p.Deployments[0].Config.Get("version"); v != nil {
		t.Errorf("the version is %v", v)
	}
}
