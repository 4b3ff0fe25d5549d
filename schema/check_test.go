package schema

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// say is a violation as a report would have it.
func say(v Violation) string {
	s := fmt.Sprintf("%s: %s", PathText(v.Path), v.Kind)
	if v.Got != "" {
		s += ", got " + v.Got
	}
	if v.Want != "" {
		s += ", want " + v.Want
	}
	if v.Nearest != "" {
		s += ", meant " + v.Nearest
	}
	if v.BelongsIn != "" {
		s += ", belongs in " + v.BelongsIn
	}
	return s + ", " + v.Effect.String()
}

func TestWhatPeopleAreTold(t *testing.T) {
	lang := load(t)
	for _, tt := range []struct {
		name string
		gen  Generation
		text string
		want []string
	}{
		{"the file of the guide", Prefect3, `
deployments:
- name: deployment-1
  entrypoint: flows/hello.py:my_flow
  schedule: {interval: 600}
  parameters: {number: "42,", message: Don't panic!}
  work_pool: {name: my-process-work-pool, work_queue_name: primary-queue}
`, nil},
		{"what prefect init leaves", Prefect3, `
name: null
prefect-version: null
build: null
push: []
pull: null
deployments:
- {name: null, version: null, tags: [], description: null, schedule: {}, entrypoint: null, parameters: {}, work_pool: {name: null, work_queue_name: null, job_variables: {}}}
`, nil},
		{"a misspelled key", Prefect3, `deployments: [{entrypont: "a.py:f"}]`,
			[]string{`deployments[0].entrypont: unknown field, got "a.py:f", meant entrypoint, is ignored`}},
		{"a key of another tool", Prefect3, `deployments: [{schedules: [{cron: "0 0 * * *", tz: UTC}]}]`,
			[]string{`deployments[0].schedules[0].tz: unknown field, got "UTC", meant timezone, discards the file`}},
		{"a key beside its mapping", Prefect3, `deployments: [{work_pool: {name: a}, job_variables: {image: x}}]`,
			[]string{`deployments[0].job_variables: unknown field, got a mapping, belongs in work_pool, is ignored`}},
		{"a job variable in the pool", Prefect3, `deployments: [{work_pool: {name: a, image: x}}]`,
			[]string{`deployments[0].work_pool.image: unknown field, got "x", belongs in job_variables, is ignored`}},
		{"schedules one level too deep", Prefect3, `deployments: [{work_pool: {name: a, schedules: []}}]`,
			[]string{`deployments[0].work_pool.schedules: unknown field, got a list without anything in it, belongs in a deployment, is ignored`}},
		{"a deployment's field at the top", Prefect3, `{entrypoint: "a.py:f"}`,
			[]string{`entrypoint: unknown field, got "a.py:f", belongs in deployments, is ignored`}},
		{"a cron beside the schedules", Prefect3, `deployments: [{cron: "0 0 * * *"}]`,
			[]string{`deployments[0].cron: unknown field, got "0 0 * * *", belongs in schedules, is ignored`}},
		{"an unquoted version", Prefect3, `deployments: [{version: 1.10}]`,
			[]string{`deployments[0].version: wrong type, got the number 1.10, want text, discards the file`}},
		{"which Prefect 2 writes as text", Prefect2, `deployments: [{version: 1.10}]`,
			[]string{`deployments[0].version: wrong type, got the number 1.10, want text, is converted`}},
		{"parameters left empty", Prefect3, `deployments: [{parameters: }]`,
			[]string{`deployments[0].parameters: not null, got null, want a mapping, discards the file`}},
		{"which Prefect 2 takes", Prefect2, `deployments: [{parameters: }]`, nil},
		{"a pool by name alone", Prefect3, `deployments: [{work_pool: my-pool}]`,
			[]string{`deployments[0].work_pool: wrong type, got "my-pool", want a mapping, discards the file`}},
		{"the same in Prefect 2", Prefect2, `deployments: [{work_pool: my-pool}]`,
			[]string{`deployments[0].work_pool: wrong type, got "my-pool", want a mapping, fails`}},
		{"two kinds of schedule", Prefect3, `deployments: [{schedule: {cron: "0 0 * * *", interval: 60}}]`,
			[]string{`deployments[0].schedule.interval: exclusive, got both cron and interval, want exactly one of cron, interval or rrule, discards the file`}},
		{"Prefect 2 takes the first", Prefect2, `deployments: [{schedule: {cron: "0 0 * * *", interval: 60}}]`,
			[]string{`deployments[0].schedule.interval: exclusive, got both cron and interval, want exactly one of cron, interval or rrule, is ignored`}},
		{"a schedule split in two", Prefect3, `deployments: [{schedules: [{cron: "0 0 * * *"}, {timezone: UTC}]}]`,
			[]string{`deployments[0].schedules[1]: missing, got none of them, want exactly one of cron, interval or rrule, discards the file`}},
		{"an interval of no time", Prefect3, `deployments: [{schedule: {interval: 0}}]`,
			[]string{`deployments[0].schedule.interval: out of range, got the number 0, want a number of seconds, more than 0, fails`}},
		{"an ISO interval", Prefect3, `deployments: [{schedule: {interval: PT10M}}]`, nil},
		{"which Prefect 2 cannot read", Prefect2, `deployments: [{schedule: {interval: PT10M}}]`,
			[]string{`deployments[0].schedule.interval: wrong type, got "PT10M", want a number of seconds, more than 0, fails`}},
		{"a template where it is resolved too late", Prefect3, `deployments: [{paused: "{{ $PAUSED }}"}]`,
			[]string{`deployments[0].paused: bad format, got "{{ $PAUSED }}", want true or false, discards the file`}},
		{"and where it is not", Prefect2, `deployments: [{paused: "{{ $PAUSED }}"}]`, nil},
		{"templates in text", Prefect3, `deployments: [{name: "{{ $N }}", entrypoint: "{{ $E }}", tags: "{{ prefect.variables.t }}", schedules: [{cron: "0 0 * * *", timezone: "{{ $TZ }}", active: "{{ $ON }}"}]}]`, nil},
		{"one tag as text", Prefect3, `deployments: [{tags: dev}]`,
			[]string{`deployments[0].tags: bad format, got "dev", want a list of texts or a template that gives a list, is converted`}},
		{"a field of Prefect 3", Prefect2, `deployments: [{concurrency_limit: 1}]`,
			[]string{`deployments[0].concurrency_limit: too new, got the number 1, want Prefect 3, is ignored`}},
		{"a field of Prefect 2", Prefect3, `deployments: [{schedules: [{cron: "0 0 * * *", catchup: false}]}]`,
			[]string{`deployments[0].schedules[0].catchup: too old, got false, want Prefect 2, discards the file`}},
		{"a strategy in lower case", Prefect3, `deployments: [{concurrency_limit: {limit: 1, collision_strategy: enqueue}}]`,
			[]string{`deployments[0].concurrency_limit.collision_strategy: bad value, got "enqueue", want "ENQUEUE" or "CANCEL_NEW", meant ENQUEUE, fails`}},
		{"a limit without a strategy", Prefect3, `deployments: [{concurrency_limit: {limit: 1}}]`,
			[]string{`deployments[0].concurrency_limit: missing, want "ENQUEUE" or "CANCEL_NEW", fails`}},
		{"a misspelled trigger key", Prefect3, `deployments: [{triggers: [{expects: [a]}]}]`,
			[]string{`deployments[0].triggers[0].expects: unknown field, got a list, meant expect, is ignored`}},
		{"an unknown kind of trigger", Prefect3, `deployments: [{triggers: [{type: evnt}]}]`,
			[]string{`deployments[0].triggers[0].type: unknown variant, got "evnt", want "event", "metric", "compound" or "sequence", meant event, fails`}},
		{"inside a compound trigger", Prefect3, `deployments: [{triggers: [{type: compound, require: all, triggers: [{expect: a}]}]}]`,
			[]string{`deployments[0].triggers[0].triggers[0].expect: wrong type, got "a", want a list of texts, fails`}},
		{"arguments at the step's own indent", Prefect3, `pull: [{prefect.deployments.steps.git_clone: null, repository: x}]`,
			[]string{
				`pull[0]: not one key, got 2 keys, want one key, the step, with its arguments under it, fails`,
				`pull[0].prefect.deployments.steps.git_clone: wrong type, got null, want a mapping, fails`,
				`pull[0].repository: wrong type, got "x", want a mapping, fails`,
			}},
		{"a step as text", Prefect3, `build: [prefect.deployments.steps.git_clone]`,
			[]string{`build[0]: wrong type, got "prefect.deployments.steps.git_clone", want a mapping, discards the file`}},
		{"a single step without its dash", Prefect3, `pull: {prefect.deployments.steps.set_working_directory: {directory: .}}`, nil},
		{"which Prefect 2 does not take", Prefect2, `pull: {prefect.deployments.steps.set_working_directory: {directory: .}}`,
			[]string{`pull: wrong type, got a mapping, want a list of mappings, fails`}},
		{"an entrypoint without a function", Prefect3, `deployments: [{entrypoint: flows/hello.py}]`,
			[]string{`deployments[0].entrypoint: bad format, got "flows/hello.py", want path/to/file.py:function or package.module:function, fails`}},
		{"every form of entrypoint", Prefect3, `deployments: [{entrypoint: "a/b.py:f"}, {entrypoint: "./b.py:f"}, {entrypoint: "/opt/b.py:f"}, {entrypoint: "p.m:f"}, {entrypoint: "p.m.f"}, {entrypoint: 'a\b.py:f'}, {entrypoint: 'C:\b.py:f'}, {entrypoint: "b.py:C.m"}, {entrypoint: ""}]`, nil},
		{"a key that is not text", Prefect3, `deployments: [{parameters: {5: a}}]`,
			[]string{`deployments[0].parameters.5: key not text, got the number 5, want text, discards the file`}},
		{"a list for the file", Prefect3, `[a, b]`,
			[]string{`.: wrong type, got a list, want a mapping, discards the file`}},
	} {
		var got []string
		for _, v := range lang.Check("File", tt.gen, parse(t, tt.text)) {
			got = append(got, say(v))
			if v.Tolerated != (v.Effect == Ignores || v.Effect == Converts) {
				t.Errorf("%s: tolerated is %v for an effect %v", tt.name, v.Tolerated, v.Effect)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s, Prefect %d:\n%s\ngot:\n  %s\nwant:\n  %s", tt.name, tt.gen, tt.text, strings.Join(got, "\n  "), strings.Join(tt.want, "\n  "))
		}
	}
}

// A key that is there twice, or is no text, is found again by its place among the entries.
func TestViolationsKnowTheEntry(t *testing.T) {
	lang := load(t)
	found := lang.Check("Deployment", Prefect3, parse(t, `{name: a, 5: b, nmae: c, tags: {}}`))
	var got []string
	for _, v := range found {
		got = append(got, fmt.Sprintf("%s at %d", v.Kind, v.At))
	}
	if want := []string{"key not text at 1", "unknown field at 2", "wrong type at 3"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestObjectsDescribeThemselves(t *testing.T) {
	lang := load(t)
	for _, o := range lang.Objects() {
		if o.Title == "" || o.Doc == "" {
			t.Errorf("%s has the title %q and the documentation %q", o.Name, o.Title, o.Doc)
		}
		if len(o.Fields) > 64 {
			t.Errorf("%s has more fields than the gate can count", o.Name)
		}
		for _, f := range o.Fields {
			if f.Doc == "" {
				t.Errorf("%s.%s is not documented", o.Name, f.Name)
			}
			if f.Deprecated != "" && o.Field(f.ReplacedBy) == nil {
				t.Errorf("%s.%s is replaced by %q, which there is not", o.Name, f.Name, f.ReplacedBy)
			}
		}
	}
	d := lang.Object("Deployment")
	for name, want := range map[string]string{
		"name":              "text or null",
		"parameters":        "a mapping",
		"concurrency_limit": "a whole number, at least 1 or a mapping or null",
		"entrypoint":        "path/to/file.py:function or package.module:function or null",
	} {
		if got := d.Field(name).Text(Prefect3); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if o := d.Field("schedules").ItemObject(Prefect3); o == nil || o.Name != "Schedule" {
		t.Errorf("an item of schedules is %v", o)
	}
	if u := d.Field("triggers").Union(Prefect3); u == nil || len(u.Variants) != 4 {
		t.Errorf("an item of triggers is %v", u)
	}
}

// Many goroutines share one language; run with -race.
func TestLanguageIsSafeForConcurrentUse(t *testing.T) {
	lang := load(t)
	docs := documents(lang)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := i; n < len(docs); n += 400 {
				d, err := readYAML([]byte(docs[n]))
				if err != nil {
					continue
				}
				one := lang.Check("File", Prefect3, d)
				two := lang.Check("File", Prefect3, d)
				if len(one) != len(two) {
					t.Errorf("%s: %d violations, then %d", docs[n], len(one), len(two))
				}
				lang.Check("File", Prefect2, d)
				lang.Steps(Prefect2).Lookup("prefect.deployments.steps.git_clone")
			}
		})
	}
	wg.Wait()
}

func FuzzCheck(f *testing.F) {
	f.Add("deployments: [{name: 5, schedule: {cron: a, interval: -1}}]", true)
	f.Add("deployments: [{triggers: [{type: compound, triggers: [{type: x}], require: 9}]}]", false)
	f.Add("a: &a [*a]", true)
	f.Add("deployments: [{sla: [{name: a, within: .inf}], work_pool: {? [x] : y}}]", true)
	f.Add("{[]}0", true)
	f.Add("deployments: &a [{triggers: &t [{triggers: *t}]}]", true)
	lang, err := Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, two bool) {
		d, err := readYAML([]byte(text))
		if err != nil || d == nil {
			return
		}
		g := Prefect3
		if two {
			g = Prefect2
		}
		for _, v := range lang.Check("File", g, d) {
			if v.Kind == 0 || v.Object == nil || v.Got == "" && v.Want == "" {
				t.Errorf("%q: an empty violation %+v", text, v)
			}
		}
		Plain(d)
	})
}

// Aliases can repeat a few lines into more data than there is memory; the check ends soon all the same, and says so.
func TestHugeDataEndsSoon(t *testing.T) {
	lang := load(t)
	for name, text := range map[string]string{
		"a trigger inside itself, twice": `deployments: [{triggers: &t [{type: sequence, triggers: *t}, {type: sequence, triggers: *t}]}]`,
		"ten times ten times ten": `
definitions: {a: &a {type: event, nope: 1}, b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]}
c: &c {type: sequence, triggers: *b}
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e {type: sequence, triggers: *d}
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
g: &g {type: sequence, triggers: *f}
deployments: [{triggers: [*g, *g, *g, *g, *g, *g, *g, *g, *g, *g]}]`,
	} {
		found := lang.Check("File", Prefect3, parse(t, text))
		if n := len(found); n == 0 || found[n-1].Kind != TooLarge {
			t.Errorf("%s: %d violations, and nothing said of the size", name, n)
		}
		Plain(parse(t, text))
	}
	// One deployment of many values, one of them wrong.
	tags := "deployments: [{tags: [" + strings.Repeat("a, ", 50_000) + "[b]]}]"
	if found := lang.Check("File", Prefect3, parse(t, tags)); len(found) != 1 {
		t.Errorf("%d violations for one wrong tag among many", len(found))
	}
}
