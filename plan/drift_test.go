package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

func plain(text []byte) string { return string(text) }

// registration3 is a registration of Prefect 3 with the given tags, parameters and version.
func registration3(tags, parameters value.Value, version string) *Registration {
	return &Registration{
		Generation: schema.Prefect3, Name: "d", Version: version, Tags: tags, Parameters: parameters, JobVariables: &value.Map{},
		ParameterSchema: value.NewMap("type", "object"), WorkPool: "pool", Entrypoint: "f.py:f",
	}
}

// liveOf is what a server holds after a registration.
func liveOf(r *Registration) *value.Map {
	return value.NewMap("version", r.Version, "tags", r.Tags, "parameters", r.Parameters, "job_variables", r.JobVariables,
		"parameter_openapi_schema", r.ParameterSchema, "work_pool_name", r.WorkPool, "entrypoint", r.Entrypoint)
}

func list(items ...value.Value) []value.Value { return items }

// Who changed what, by what the last apply registered, what the server holds and what the file says now.
func TestAttribute(t *testing.T) {
	m := value.NewMap
	for _, c := range []struct {
		name             string
		base, live, file *Registration
		want             string // path by, …
		kept             string // what is left to change when the server's changes are kept
	}{
		{"nobody", registration3(list("a"), m("x", int64(1)), "1"), registration3(list("a"), m("x", int64(1)), "1"), registration3(list("a"), m("x", int64(1)), "1"), "", ""},
		{"the file", registration3(list("a"), m("x", int64(1)), "1"), registration3(list("a"), m("x", int64(1)), "1"), registration3(list("b"), m("x", int64(2)), "1"),
			"tags[0] file, parameters.x file", "tags[0], parameters.x"},
		{"the server", registration3(list("a"), m("x", int64(1)), "1"), registration3(list("b"), m("x", int64(2), "y", int64(3)), "1"), registration3(list("a"), m("x", int64(1)), "1"),
			"tags[0] server, parameters.x server, parameters.y server", ""},
		{"each its own", registration3(list("a"), m("x", int64(1)), "1"), registration3(list("b"), m("x", int64(1)), "1"), registration3(list("a"), m("x", int64(2)), "2"),
			"version file, tags[0] server, parameters.x file", "version, parameters.x"},
		{"both the same field", registration3(list("a"), m("x", int64(1)), "1"), registration3(list("a"), m("x", int64(2)), "1"), registration3(list("a"), m("x", int64(3)), "1"),
			"parameters.x both", "parameters.x"},
		{"the server adds where the file changes", registration3(list(), m("x", int64(1)), "1"), registration3(list(), m("x", int64(1), "y", int64(3)), "1"), registration3(list(), m("x", int64(2)), "1"),
			"parameters.x file, parameters.y server", "parameters.x"},
		{"the file drops what the server changed", registration3(list(), m("x", int64(1), "y", int64(1)), "1"), registration3(list(), m("x", int64(1), "y", int64(3)), "1"), registration3(list(), m("x", int64(1)), "1"),
			"parameters.y both", "parameters.y"},
		{"the server drops", registration3(list(), m("x", int64(1), "y", int64(1)), "1"), registration3(list(), m("x", int64(1)), "1"), registration3(list(), m("x", int64(1), "y", int64(1)), "1"),
			"parameters.y server", ""},
		{"deep down", registration3(list(), m("a", m("b", m("c", int64(1), "d", int64(1)))), "1"), registration3(list(), m("a", m("b", m("c", int64(2), "d", int64(1)))), "1"), registration3(list(), m("a", m("b", m("c", int64(1), "d", int64(1)))), "1"),
			"parameters.a.b.c server", ""},
		{"a list of another length", registration3(list("a"), m(), "1"), registration3(list("a", "b"), m(), "1"), registration3(list("a"), m(), "1"), "tags server", ""},
		{"a value that a step gives", registration3(list("v7"), m(), "1"), registration3(list("v7"), m(), "1"), registration3(list("{{ tag.stdout }}"), m(), "1"),
			"tags[0] file", "tags[0]"},
		{"a value that a step gave, changed since", registration3(list("v7"), m(), "1"), registration3(list("by-hand"), m(), "1"), registration3(list("{{ tag.stdout }}"), m(), "1"),
			"tags[0] server", ""},
		{"nothing remembered", nil, registration3(list("b"), m(), "1"), registration3(list("a"), m(), "1"), "tags[0] file", "tags[0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			applied := Applied{Digest: plain}
			if c.base != nil {
				applied.Fields = c.base.Fingerprints(plain)
			}
			live := liveOf(c.live)
			d := &Deployment{Config: m("name", "d"), Registration: c.file, Live: &Live{ID: "1", Deployment: live}, Action: Update}
			d.Changes = d.Registration.Diff(live)
			d.Attribute(applied)
			var got []string
			for _, ch := range d.Changes {
				by := ch.By
				if by == ByFile {
					by = "file"
				}
				got = append(got, fmt.Sprintf("%s %s", ch.Path, by))
			}
			if text := strings.Join(got, ", "); text != c.want {
				t.Errorf("changes are %q, want %q", text, c.want)
			}
			d.KeepDrift()
			var left []string
			for _, ch := range d.Registration.Diff(live) {
				left = append(left, ch.Path)
			}
			if text := strings.Join(left, ", "); text != c.kept {
				t.Errorf("with the server's changes kept, these are left: %q, want %q", text, c.kept)
			}
			if (d.Action == None) != (c.kept == "" && c.want != "") && c.want != "" {
				t.Errorf("the action is %s", d.Action)
			}
		})
	}
}

// What was not touched since the last apply may be pruned; what was, is somebody's.
func TestUntouched(t *testing.T) {
	r := registration3(list("a"), value.NewMap("x", int64(1)), "1")
	applied := Applied{plain, r.Fingerprints(plain)}
	live := liveOf(r)
	live.Set("paused", true)
	live.Set("updated", "now")
	if !applied.Untouched(live) {
		t.Error("pausing counts as touching")
	}
	live.Set("entrypoint", "elsewhere.py:f")
	if applied.Untouched(live) {
		t.Error("another entrypoint does not count")
	}
}

func TestNamesArePatterns(t *testing.T) {
	for name, want := range map[string]string{
		"plain": "plain", "job-{{ $ENV }}": "job-*", "{{ a.b }}-{{ $C }}x": "*-*x", "file.py": "file",
	} {
		if got := pattern(name, schema.Prefect3); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

// The digest of a deployment is the same for the same things and another for others, and secrets take part in it.
func TestDigest(t *testing.T) {
	digest := func(tags value.Value, hash string) string {
		d := &Deployment{Config: value.NewMap("name", "d", "odd", value.Date{}), Registration: registration3(tags, value.NewMap(), "1"), Flow: Flow{Hash: hash}}
		return d.Digest(plain)
	}
	all := []string{digest(list("a"), "1"), digest(list("b"), "1"), digest(list("a"), "2")}
	if digest(list("a"), "1") != all[0] {
		t.Error("the same is not the same")
	}
	slices.Sort(all)
	if len(slices.Compact(all)) != 3 {
		t.Error("others are the same")
	}
}

// Kept schedules are those of the server, however many the file has, in Prefect 2 too, which takes whole deployments only.
func TestKeptSchedules(t *testing.T) {
	cron := value.NewMap("schedule", value.NewMap("cron", "0 1 * * *", "timezone", "UTC", "day_or", true), "active", false, "id", "x")
	live := value.NewMap("schedules", list(cron))
	now := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, g := range []schema.Generation{schema.Prefect2, schema.Prefect3} {
		r := registration3(list(), value.NewMap(), "1")
		r.Generation = g
		for _, written := range []*value.Map{value.NewMap("interval", int64(60)), value.NewMap("interval", int64(90))} {
			item, err := schedule.Normalize(written, int(g), now)
			if err != nil {
				t.Fatal(err)
			}
			r.Schedules = append(r.Schedules, Schedule{Item: item, Written: written})
		}
		r.Keep([]Change{{Path: "schedules"}}, live)
		for _, c := range r.Diff(live) {
			if c.Path == "schedules" {
				t.Errorf("Prefect %d: schedules differ: %+v", g, c)
			}
		}
		sent, _ := r.ReplaceBody("f", live).Get("schedules")
		if text := value.Repr(sent); !strings.Contains(text, "0 1 * * *") || !strings.Contains(text, "'active': False") || strings.Contains(text, "interval") {
			t.Errorf("Prefect %d: sent is %s", g, text)
		}
	}
}
