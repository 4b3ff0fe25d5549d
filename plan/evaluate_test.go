package plan

import (
	"strings"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

func environment(name string) (string, bool) {
	v, ok := map[string]string{"SET": "from env", "EMPTY": ""}[name]
	return v, ok
}

// secrets are the blocks of a server.
type secrets map[string]*value.Map

func (s secrets) BlockByName(slug, name string) (*value.Map, error) { return s[slug+"/"+name], nil }
func (s secrets) BlockByID(id string) (*value.Map, error)           { return s[id], nil }

var _ template.BlockSource = secrets{}

// evaluation is what a server, the steps and the machine give in these tests.
func evaluation(g schema.Generation) Evaluation {
	return Evaluation{
		Generation: g, Env: environment, Now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Outputs: value.NewMap("s", value.NewMap("out", "done", "n", int64(7), "list", []value.Value{"a"}), "out", "done"),
		Blocks:  secrets{"secret/token": value.NewMap("value", "hush")},
		Variables: func(name string) (value.Value, bool, error) {
			v, ok := map[string]value.Value{"v": "from variable"}[name]
			return v, ok, nil
		},
	}
}

func planOf(t *testing.T, text string, g schema.Generation) *Deployment {
	t.Helper()
	p, err := Build(Input{Model: fileOf(t, text, g), Generation: g, Dir: "/srv/project", Env: environment})
	if err != nil || len(p.Deployments) != 1 {
		t.Fatalf("%s: %v", text, err)
	}
	return p.Deployments[0]
}

// registered is one deployment of a file as it would be registered. Its flow is known.
func registered(t *testing.T, text string, e Evaluation) *Registration {
	t.Helper()
	d := planOf(t, text, e.Generation)
	d.Flow = Flow{Name: "my-flow", Schema: value.NewMap("type", "object"), Known: true, SchemaKnown: true}
	r, err := d.Evaluate(e)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return r
}

// at reads a.b[0] of a body as JSON, "-" when it is not there.
func at(t *testing.T, body *value.Map, path string) string {
	t.Helper()
	v, ok := template.Lookup(body, path)
	if !ok {
		return "-"
	}
	text, err := value.JSON(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What is filled in where, and when: the table of Prefect's passes, with the differences that are ours on purpose.
func TestWhatTemplatesBecome(t *testing.T) {
	for _, c := range []struct {
		about, text, path string
		two, three        string
		partial           string // in a plan, before the steps ran
	}{
		{"an output in a parameter keeps its type", "parameters: {p: '{{ s.n }}'}", "parameters.p", "7", "7", `"{{ s.n }}"`},
		{"in text", "description: 'is {{ s.out }}'", "description", `"is done"`, `"is done"`, `"is {{ s.out }}"`},
		{"by its flat name", "description: '{{ out }}'", "description", `"done"`, `"done"`, `"{{ out }}"`},
		{"a list item that is one placeholder stays", "tags: ['{{ s.out }}', x]", "tags", `["done","x"]`, `["done","x"]`, `["{{ s.out }}","x"]`},
		{"what nothing gives disappears", "parameters: {p: '{{ gone }}', q: 'a{{ gone }}b'}", "parameters", `{"q":"ab"}`, `{"q":"ab"}`, `{"p":"{{ gone }}","q":"a{{ gone }}b"}`},
		{"the environment", "description: 'is {{ $SET }}'", "description", `"is from env"`, `"is from env"`, `"is from env"`},
		{"a variable of the environment that is not set", "description: 'is {{ $UNSET }}'", "description", `"is "`, `"is "`, `"is {{ $UNSET }}"`},
		{"a name without $ is not of the environment", "parameters: {p: '{{ SET }}'}", "parameters", "{}", "{}", `{"p":"{{ SET }}"}`},
		{"a Prefect variable", "description: '{{ prefect.variables.v }}'", "description", `"from variable"`, `"from variable"`, `"from variable"`},
		{"one that does not exist is empty text", "parameters: {p: '{{ prefect.variables.x }}'}", "parameters.p", `""`, `""`, `""`},
		{"a block in parameters", "parameters: {p: '{{ prefect.blocks.secret.token }}'}", "parameters.p", `"hush"`, `"hush"`, `"hush"`},
		{"job variables", "work_pool: {job_variables: {image: '{{ s.out }}', n: 5}}", "JOB", `{"image":"done","n":5}`, `{"image":"done","n":5}`, `{"image":"{{ s.out }}","n":5}`},
		{"a block in job variables is the worker's", "work_pool: {job_variables: {t: '{{ prefect.blocks.secret.token }}'}}", "JOB.t",
			`"{{ prefect.blocks.secret.token }}"`, `"{{ prefect.blocks.secret.token }}"`, `"{{ prefect.blocks.secret.token }}"`},
		{"a variable in job variables", "work_pool: {job_variables: {t: '{{ prefect.variables.v }}'}}", "JOB.t", `"{{ prefect.variables.v }}"`, `"from variable"`, `"from variable"`},
		{"the flow run's context", "work_pool: {job_variables: {t: '{{ ctx.flow_run.id }}'}}", "JOB", "{}", `{"t":"{{ ctx.flow_run.id }}"}`, `{"t":"{{ ctx.flow_run.id }}"}`},
		{"the parameters of a schedule", "schedules: [{cron: '0 0 * * *', parameters: {p: '{{ s.out }}'}}]", "schedules[0].parameters.p", "-", `"done"`, `"{{ s.out }}"`},
		{"pull steps keep what the run gives", "pull: [{a.b: {x: '{{ s.out }}', y: '{{ clone.directory }}', z: '{{ $UNSET }}', w: '{{ $SET }}'}}]", "pull_steps[0]",
			`{"a.b":{"x":"done","y":"{{ clone.directory }}","z":"{{ $UNSET }}","w":"from env"}}`,
			`{"a.b":{"x":"done","y":"{{ clone.directory }}","z":"{{ $UNSET }}","w":"from env"}}`,
			`{"a.b":{"x":"{{ s.out }}","y":"{{ clone.directory }}","z":"{{ $UNSET }}","w":"from env"}}`},
		{"numbers and flags are text in Prefect 2", "version: 5", "version", `"5"`, "5", "5"},
	} {
		text := "deployments:\n- {name: d, entrypoint: 'a.py:f', " + c.text + "}\n"
		for _, g := range []schema.Generation{schema.Prefect2, schema.Prefect3} {
			want := c.three
			if g == schema.Prefect2 {
				want = c.two
			}
			path := c.path
			if strings.HasPrefix(path, "JOB") {
				path = registered(t, text, evaluation(g)).jobVariablesKey() + path[len("JOB"):]
			}
			if got := at(t, registered(t, text, evaluation(g)).CreateBody("id"), path); got != want {
				t.Errorf("%s, Prefect %d: got %s, want %s", c.about, g, got, want)
			}
		}
		e := evaluation(schema.Prefect3)
		e.Outputs, e.Partial = nil, true
		if got := at(t, registered(t, text, e).CreateBody("id"), strings.Replace(c.path, "JOB", "job_variables", 1)); got != c.partial {
			t.Errorf("%s, before the steps: got %s, want %s", c.about, got, c.partial)
		}
	}
	e := evaluation(schema.Prefect3)
	e.ResolveBlocks = true
	r := registered(t, "deployments: [{name: d, work_pool: {job_variables: {t: '{{ prefect.blocks.secret.token }}'}}}]", e)
	if got := at(t, r.CreateBody(""), "job_variables.t"); got != `"hush"` {
		t.Errorf("blocks in job variables by value: got %s", got)
	}
}

// A plan uses the outputs that follow from the file, and the job variables of the command line like outputs.
func TestPartialUsesKnownOutputs(t *testing.T) {
	d := planOf(t, "deployments: [{name: d, description: '{{ image }} {{ s.id }} {{ extra }}', work_pool: {job_variables: {image: '{{ s.image }}'}}}]", schema.Prefect3)
	d.JobVariables = value.NewMap("extra", "given")
	e := evaluation(schema.Prefect3)
	e.Outputs, e.Partial = nil, true
	e.Known = func(m *model.Deployment) *value.Map {
		if m != d.Model {
			t.Error("asked for another deployment")
		}
		return value.NewMap("image", "repo:1", "s", value.NewMap("image", "repo:1"))
	}
	r, err := d.Evaluate(e)
	if err != nil {
		t.Fatal(err)
	}
	if got := at(t, r.CreateBody(""), "description"); got != `"repo:1 {{ s.id }} given"` {
		t.Errorf("description: %s", got)
	}
	if got := at(t, r.CreateBody(""), "job_variables.image"); got != `"repo:1"` {
		t.Errorf("image: %s", got)
	}
	e.Partial, e.Outputs = false, &value.Map{}
	if r, err = d.Evaluate(e); err != nil || at(t, r.CreateBody(""), "job_variables") != "{}" {
		t.Errorf("after the steps only their own outputs count: %s, %v", at(t, r.CreateBody(""), "job_variables"), err)
	}
}

func TestBodies(t *testing.T) {
	const plain = "deployments: [{name: d, entrypoint: 'a.py:f', work_pool: {name: p}}]"
	three := registered(t, plain, evaluation(schema.Prefect3))
	two := registered(t, plain, evaluation(schema.Prefect2))
	for _, c := range []struct {
		about string
		body  *value.Map
		path  string
		want  string
	}{
		{"Prefect 3 makes text of a missing description", three.CreateBody("id"), "description", `"None"`},
		{"Prefect 2 does not", two.CreateBody("id"), "description", "null"},
		{"a new deployment runs", three.CreateBody("id"), "paused", "false"},
		{"an old one stays as it is", three.UpdateBody(false), "paused", "-"},
		{"Prefect 2 keeps it too", two.ReplaceBody("id", value.NewMap("paused", true)), "paused", "true"},
		{"unchanged schedules are not sent", three.UpdateBody(false), "schedules", "-"},
		{"a file without schedules removes them", three.UpdateBody(true), "schedules", "[]"},
		{"parameters are enforced in Prefect 3", three.CreateBody("id"), "enforce_parameter_schema", "true"},
		{"and not in Prefect 2", two.CreateBody("id"), "enforce_parameter_schema", "false"},
		{"the default pull step", three.CreateBody("id"), "pull_steps", `[{"prefect.deployments.steps.set_working_directory":{"directory":"/srv/project"}}]`},
		{"job variables have another name in Prefect 2", two.CreateBody("id"), "infra_overrides", "{}"},
		{"the flow", three.CreateBody("id"), "flow_id", `"id"`},
		{"the pool", three.UpdateBody(false), "work_pool_name", `"p"`},
	} {
		if got := at(t, c.body, c.path); got != c.want {
			t.Errorf("%s: %s is %s, want %s", c.about, c.path, got, c.want)
		}
	}
	paused := registered(t, "deployments: [{name: d, paused: true, enforce_parameter_schema: false, concurrency_limit: {limit: 2, collision_strategy: ENQUEUE}}]", evaluation(schema.Prefect3))
	for path, want := range map[string]string{"paused": "true", "enforce_parameter_schema": "false", "concurrency_limit": "2", "concurrency_options.collision_strategy": `"ENQUEUE"`} {
		if got := at(t, paused.UpdateBody(false), path); got != want {
			t.Errorf("what the file says is sent: %s is %s, want %s", path, got, want)
		}
	}
}
