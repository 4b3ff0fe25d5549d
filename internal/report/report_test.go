package report

import (
	"strings"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/source"
)

// made is the page of a file, with dates in a zone.
func made(t *testing.T, text, zone string, plan *Plan) string {
	t.Helper()
	engine, err := compiler.Shared()
	if err != nil {
		t.Fatal(err)
	}
	r, err := engine.Check(t.Context(), compiler.Input{File: source.New("prefect.yaml", []byte(text))})
	if err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	in := Input{Files: []*compiler.Result{r}, Plan: plan, Now: time.Date(2026, 10, 24, 20, 30, 0, 0, time.UTC), Zone: loc, Version: "test"}
	if err := Write(&b, in); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Seven days across the end of summer time, a schedule too dense to count, one that nobody can foresee, and files in pieces.
func TestPages(t *testing.T) {
	for _, c := range []struct {
		name, text  string
		want, never []string
	}{
		{"end of summer time", "deployments:\n- name: a\n  work_pool: {name: p}\n  schedules: [{cron: '30 2 * * *', timezone: Europe/Berlin}]\n",
			[]string{"Sun 2026-10-25 02:30", "<td>1</td><td>1</td><td>1</td><td>1</td><td>1</td><td>1</td><td>1</td><td>7</td>"}, nil},
		{"every second", "deployments:\n- name: a\n  schedules: [{interval: 1}]\n", []string{"because it runs too often: a.", "no work pool"}, nil},
		{"at random", "deployments:\n- name: a\n  schedules: [{cron: 'R * * * *'}]\n", []string{"not known before the deploy: a."}, []string{"class=\"lane\""}},
		{"a template decides", "deployments:\n- name: a\n  schedules: [{cron: '{{ $CRON }}'}]\n", []string{"decided by a template", "not known before the deploy: a."}, nil},
		{"nothing", "", []string{"There are none.", "Nothing runs by itself.", "There is nothing to draw."}, nil},
		{"broken", "deployments:\n- name: [\n", []string{"class=\"error\""}, nil},
		{"markup", "deployments:\n- name: </script><script>x\n  tags: ['<img src=x>']\n", []string{"&lt;img src=x&gt;"}, []string{"<script>x", "<img"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := made(t, c.text, "Europe/Berlin", nil)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("the page has no %q", want)
				}
			}
			for _, never := range c.never {
				if strings.Contains(got, never) {
					t.Errorf("the page has %q", never)
				}
			}
		})
	}
}

func TestPlanOnPage(t *testing.T) {
	p, err := ReadPlan([]byte(`{"schema_version": 1, "server": "http://x", "deployments": [
		{"flow_name": "f", "name": "d", "action": "update", "changes": [{"path": "tags", "old": ["a"], "new": ["b"]}]},
		{"flow_name": "f", "name": "e", "action": "none", "changes": []}]}`))
	if err != nil {
		t.Fatal(err)
	}
	got := made(t, "deployments: []\n", "UTC", p)
	for _, want := range []string{"Compared with http://x.", "update", "f/d", "[&#34;a&#34;]", "[&#34;b&#34;]", "unchanged"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	for _, bad := range []string{"", "[]", `{"schema_version": 2}`, `{}`} {
		if _, err := ReadPlan([]byte(bad)); err == nil {
			t.Errorf("%q passes for a plan", bad)
		}
	}
}
