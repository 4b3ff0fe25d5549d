package schema

import (
	"slices"
	"testing"
)

func TestWalkFindsWhatHasNoEffect(t *testing.T) {
	lang := load(t)
	d := parse(t, `
name: project
deployments:
- name: a
  flow_name: b
  schedule: {cron: "0 0 * * *", active: true}
  triggers: [{type: compound, require: all, triggers: [{expect: [x]}]}]
- {name: c, path: ., build: [{a.step: {id: x, other: y}}]}
`)
	var ignored, deprecated []string
	visited := 0
	lang.Walk("File", Prefect3, d, func(path []Step, _ *Object, f *Field, _ Data) {
		visited++
		if f.Ignored != "" {
			ignored = append(ignored, PathText(path))
		}
		if f.Deprecated != "" {
			deprecated = append(deprecated, PathText(path))
		}
	})
	if want := []string{"name", "deployments[0].flow_name", "deployments[1].path"}; !slices.Equal(ignored, want) {
		t.Errorf("ignored: %q, want %q", ignored, want)
	}
	if want := []string{"deployments[0].schedule"}; !slices.Equal(deprecated, want) {
		t.Errorf("deprecated: %q, want %q", deprecated, want)
	}
	if visited != 16 {
		t.Errorf("visited %d fields", visited)
	}
}
