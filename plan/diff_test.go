package plan

import (
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

func fromJSON(t *testing.T, text string) *value.Map {
	t.Helper()
	v, err := value.FromJSON([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v.(*value.Map)
}

// said writes changes as path:old→new, with - for what is not there.
func said(t *testing.T, changes []Change) string {
	t.Helper()
	var out []string
	text := func(v value.Value, set bool) string {
		if !set {
			return "-"
		}
		if h, ok := v.(Hole); ok {
			return "?" + h.Ref
		}
		b, err := value.JSON(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, c := range changes {
		out = append(out, c.Path+":"+text(c.Old, c.OldSet)+"→"+text(c.New, c.NewSet))
	}
	return strings.Join(out, " ")
}

// What a server holds after this file was registered, and after each change by hand.
func TestDiff(t *testing.T) {
	const file = `deployments:
- name: d
  entrypoint: a.py:f
  version: "1"
  tags: [a, b]
  parameters: {n: 1, nested: {x: [1, 2]}}
  work_pool: {name: p, work_queue_name: q, job_variables: {cpu: 1}}
  schedules: [{cron: "0 0 * * *"}, {interval: 60}]
`
	live := func(g schema.Generation) *value.Map {
		r := registered(t, file, evaluation(g))
		m := r.CreateBody("id")
		m.Set("id", "deployment-id")
		m.Set("created", "2026-01-01T00:00:00Z")
		text, err := value.JSON(m)
		if err != nil {
			t.Fatal(err)
		}
		return fromJSON(t, string(text))
	}
	schedules := func(m *value.Map) []value.Value {
		list, _ := m.Get("schedules")
		return list.([]value.Value)
	}
	for _, c := range []struct {
		about string
		by    func(m *value.Map)
		want  string
	}{
		{"nothing", func(*value.Map) {}, ""},
		{"what the server adds", func(m *value.Map) {
			schedules(m)[0].(*value.Map).Set("id", "x")
			schedules(m)[0].(*value.Map).Set("slug", nil)
		}, ""},
		{"schedules in another order", func(m *value.Map) { s := schedules(m); s[0], s[1] = s[1], s[0] }, ""},
		{"another anchor, when the file has none", func(m *value.Map) {
			sub(schedules(m)[1].(*value.Map), "schedule").Set("anchor_date", "2020-01-01T00:00:00Z")
		}, ""},
		{"paused by hand", func(m *value.Map) { m.Set("paused", true) }, ""},
		{"numbers as JSON writes them", func(m *value.Map) { sub(m, "parameters").Set("n", 1.0) }, ""},
		{"a parameter", func(m *value.Map) { sub(m, "parameters").Set("n", int64(2)) }, "parameters.n:2→1"},
		{"an item deep inside", func(m *value.Map) {
			sub(sub(m, "parameters"), "nested").Set("x", []value.Value{int64(1), int64(3)})
		}, "parameters.nested.x[1]:3→2"},
		{"a longer list", func(m *value.Map) { m.Set("tags", []value.Value{"a"}) }, `tags:["a"]→["a","b"]`},
		{"a parameter that the file lacks", func(m *value.Map) { sub(m, "parameters").Set("more", true) }, "parameters.more:true→-"},
		{"a parameter that is gone", func(m *value.Map) { sub(m, "parameters").Delete("n") }, "parameters.n:-→1"},
		{"another queue", func(m *value.Map) { m.Set("work_queue_name", "default") }, `work_queue_name:"default"→"q"`},
		{"another pool", func(m *value.Map) { m.Set("work_pool_name", "other") }, `work_pool_name:"other"→"p"`},
		{"a description by hand", func(m *value.Map) { m.Set("description", "text") }, `description:"text"→null`},
	} {
		for _, g := range []schema.Generation{schema.Prefect2, schema.Prefect3} {
			m := live(g)
			c.by(m)
			if got := said(t, registered(t, file, evaluation(g)).Diff(m)); got != c.want {
				t.Errorf("%s, Prefect %d: got %s, want %s", c.about, g, got, c.want)
			}
		}
	}
	m := live(schema.Prefect3)
	m.Set("schedules", schedules(m)[:1])
	if got := said(t, registered(t, file, evaluation(schema.Prefect3)).Diff(m)); !strings.HasPrefix(got, "schedules:[{") {
		t.Errorf("a schedule that is gone: %s", got)
	}
	d := planOf(t, file, schema.Prefect3)
	r, err := d.Evaluate(evaluation(schema.Prefect3))
	if err != nil {
		t.Fatal(err)
	}
	if got := said(t, r.Diff(live(schema.Prefect3))); got != `parameter_openapi_schema:{"type":"object"}→?parameter schema of the flow` {
		t.Errorf("a schema that only Python knows: %s", got)
	}
	for path, want := range map[string]string{"parameters.nested.x": "[1, 2]", "tags[1]": "b", "job_variables.cpu": "1", "work_pool_name": "p", "version": `"1"`} {
		if span, ok := d.Source(path); !ok || d.File.Slice(span) != want {
			t.Errorf("%s is written at %q, want %q", path, d.File.Slice(span), want)
		}
	}
	if _, ok := d.Source("gone"); ok {
		t.Error("a field that is not written has a place")
	}
}

func TestUnresolved(t *testing.T) {
	for text, want := range map[string]bool{`"a"`: false, `"{{ a }}"`: true, `["x", {"k": "{{ a.b }}"}]`: true, `{"{{ key }}": 1}`: false, `5`: false} {
		v, err := value.FromJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if Unresolved(v) != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
}
