package policy

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var known = Known{Rules: []string{"unknown-key", "unused-anchor", "yaml-syntax"}, Fixed: []string{"yaml-syntax"}}

func read(t *testing.T, text string) *Config {
	t.Helper()
	c, found := Read(context.Background(), source.New(FileName, []byte(text)), known)
	for _, d := range found {
		t.Fatalf("%v: %s\n%s", d.File.Position(d.Span.Start), d.Message, text)
	}
	return c
}

// check holds a prefect.yaml against a prefectc.cue and writes what is broken as "line: text: message".
func check(t *testing.T, config, text string, files map[string]string) string {
	t.Helper()
	m := model.New(yamldoc.Read(source.New("prefect.yaml", []byte(text))), 0)
	flows := entrypoint.NewLoader(func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, fmt.Errorf("no %s", name)
	})
	found, err := read(t, config).Check(context.Background(), Input{
		Model: m, Flow: func(d *model.Deployment) *entrypoint.Result { return flows.Load(d.Entrypoint()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, d := range found {
		lines = append(lines, fmt.Sprintf("%d %s %q: %s (%s)", m.Source.Position(d.Span.Start).Line, d.Path, m.Source.Slice(d.Span), d.Message, d.Rule))
	}
	return strings.Join(lines, "\n")
}

// TestConstraints shows which deployments satisfy which constraint.
func TestConstraints(t *testing.T) {
	const deployments = `deployments:
  - name: nightly
    entrypoint: flows/a.py:run
    tags: [etl]
    parameters: {n: 3, "a.b": x}
    work_pool: {name: dev, job_variables: {image: "team/a:latest"}}
    schedules:
      - cron: "0 0 * * *"
        timezone: UTC
    build:
      - my.step:
          tag: latest
`
	for name, test := range map[string]struct{ want, broken string }{
		"a field that is there":                {`name: string`, ""},
		"a field that CUE would add":           {`description: "x"`, `2 deployments[0] "nightly"`},
		"a field that is not there":            {`description: string`, `2 deployments[0] "nightly"`},
		"a required field":                     {`description!: _`, `2 deployments[0] "nightly"`},
		"a field with a default":               {`description: string | *"x"`, ""},
		"an optional field of another type":    {`parameters: n?: string`, `5 deployments[0].parameters.n "3"`},
		"a nested field that is added":         {`work_pool: work_queue_name: "high"`, `6 deployments[0].work_pool "work_pool"`},
		"another value":                        {`work_pool: name: "prod"`, `6 deployments[0].work_pool.name "dev"`},
		"one of several values":                {`work_pool: name: "prod" | "dev"`, ""},
		"none of several values":               {`work_pool: name: "prod" | "test"`, `6 deployments[0].work_pool.name "dev"`},
		"a pattern":                            {`work_pool: job_variables: image: !~":latest$"`, `6 deployments[0].work_pool.job_variables.image "\"team/a:latest\""`},
		"at least one tag":                     {`tags: [_, ...]`, ""},
		"at least two tags":                    {`tags: [_, _, ...]`, `4 deployments[0].tags "[etl]"`},
		"every parameter":                      {`parameters: [string]: int`, `5 deployments[0].parameters."a.b" "x"`},
		"every schedule":                       {`schedules: [...{timezone: "Europe/Paris"}]`, `9 deployments[0].schedules[0].timezone "UTC"`},
		"a field that every schedule lacks":    {`schedules: [...{slug: "a"}]`, `8 deployments[0].schedules[0] "cron"`},
		"alternatives, one holds":              {`schedules: [...({interval!: _} | {timezone!: string})]`, ""},
		"alternatives, the other way round":    {`schedules: [...({timezone: string} | {interval: _})]`, ""},
		"alternatives, none holds":             {`schedules: [...({interval!: _} | {rrule!: string})]`, `8 deployments[0].schedules[0] "cron"`},
		"alternatives in alternatives":         {`({name: "x"} | {schedules: [...({interval!: _} | {timezone!: string})]})`, ""},
		"a condition that does not hold":       {`{name: string, if name == "x" {description: string}}`, ""},
		"a condition that holds":               {`{name: string, if name == "nightly" {description: string}}`, `2 deployments[0] "nightly"`},
		"the arguments of steps":               {`build: [...{[string]: {tag?: !="latest", ...}}]`, `12 deployments[0].build[0]."my.step".tag "latest"`},
		"a builtin":                            {`name: strings.MaxRunes(3)`, `2 deployments[0].name "nightly"`},
		"a definition":                         {`#Tagged`, ""},
		"parts that are empty when not set":    {`{triggers: [], push: [], pull: []}`, ""},
		"a loop":                               {`{parameters: _, work_pool: job_variables: {for k, _ in parameters {(k): _}}}`, `6 deployments[0].work_pool.job_variables "job_variables"`},
		"two fields that are to be equal":      {`{name: string, entrypoint: name}`, `3 deployments[0].entrypoint "flows/a.py:run"`},
		"what the flow takes":                  {`{flow: parameters: n: required: true}`, ""},
		"what the flow takes by default":       {`{flow: parameters: m: required: true}`, `3 deployments[0].entrypoint "flows/a.py:run"`},
		"every parameter of the flow is given": {`{flow: _, parameters: {for k, _ in flow.parameters {(k)!: _}}}`, `5 deployments[0].parameters "parameters"`},
	} {
		t.Run(name, func(t *testing.T) {
			config := "import \"strings\"\n_long: strings.MinRunes(1)\n#Tagged: {tags: [_, ...], ...}\npolicies: p: {message: \"no\", deployment: " + test.want + "}\n"
			if !strings.Contains(test.want, "strings.") {
				config = strings.Replace(config, "import \"strings\"\n_long: strings.MinRunes(1)\n", "", 1)
			}
			got := check(t, config, deployments, map[string]string{"flows/a.py": "from prefect import flow\n\n@flow\ndef run(n: int, m: int = 2):\n    pass\n"})
			want := test.broken
			if want != "" {
				want += ": no (policy/p)"
			}
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// TestManyAtOnce checks files at the same time with one configuration, as the command line and the language server do.
func TestManyAtOnce(t *testing.T) {
	c := read(t, fivePolicies+"policies: own: {message: \"m\", deployment: {name: string, if name =~ \"prod$\" {description!: string}}}\n")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			m := deployments(10)
			found, err := c.Check(context.Background(), Input{Model: m})
			if err != nil || len(found) != 10 {
				t.Errorf("%d findings, want 10 (%v)", len(found), err)
			}
		})
	}
	wait.Wait()
}

// TestOutOfReach shows what policies are not held against.
func TestOutOfReach(t *testing.T) {
	const config = "deployments: [...{tags: [_, ...]}]\n"
	for name, test := range map[string]struct{ text, want string }{
		"no deployments":           {"name: x\n", ""},
		"a deployment too large":   {"deployments:\n- name: a\n  parameters: {x: [" + strings.Repeat("1, ", 30000) + "]}\n", `2 deployments[0] "a": deployment "a" is too large for the policies of prefectc.cue, which do not look at it (configuration)`},
		"a deployment by itself":   {"deployments:\n- &a\n  name: a\n  parameters: {x: *a}\n", `3 deployments[0] "a": deployment "a" is not as prefectc.cue wants all deployments: tags must satisfy [_, ...] (policy/deployments)`},
		"a deployment as an alias": {"definitions: {d: &d {name: a, tags: [x]}}\ndeployments:\n- *d\n- {<<: *d, tags: []}\n", `4 deployments[1].tags "[]": deployment "a" is not as prefectc.cue wants all deployments: tags must satisfy [_, ...] (policy/deployments)`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := check(t, config, test.text, nil); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestWholeList shows policies on the list of deployments.
func TestWholeList(t *testing.T) {
	const two = "deployments:\n- name: a\n  tags: [x]\n- name: b\n"
	for config, want := range map[string]string{
		"deployments: [{name: \"a\"}, {name: \"b\"}]\n":                     "",
		"deployments: [_, ...{name: \"c\"}]\n":                              `4 deployments[1].name "b": deployment "b" is not as prefectc.cue wants all deployments: name must satisfy "c" (policy/deployments)`,
		"import \"list\"\ndeployments: list.MaxItems(1)\n":                  `1 deployments "deployments": the list of deployments is not as prefectc.cue wants it (policy/deployments)`,
		"deployments: [...{tags: [_, ...]}]\n":                              `4 deployments[1] "b": deployment "b" is not as prefectc.cue wants all deployments: tags must satisfy [_, ...] (policy/deployments)`,
		"#Tagged: {tags: [_, ...], ...}\ndeployments: [...#Tagged]\n":       `4 deployments[1] "b": deployment "b" is not as prefectc.cue wants all deployments: tags must satisfy [_, ...] (policy/deployments)`,
		"deployments: [...({tags: [_, ...]} | {name: =~\"^[a-b]$\"})]\n":    "",
		"deployments: [...({tags: [_, _, ...]} | {name: =~\"^[c-d]$\"})]\n": "2 deployments[0] \"a\": deployment \"a\" is not as prefectc.cue wants all deployments (policy/deployments)\n4 deployments[1] \"b\": deployment \"b\" is not as prefectc.cue wants all deployments (policy/deployments)",
	} {
		if got := check(t, config, two, nil); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", config, got, want)
		}
	}
}
