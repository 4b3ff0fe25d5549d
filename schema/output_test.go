package schema

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

type measured struct {
	Name        string
	Step        string
	Inputs      map[string]any
	Outputs     map[string]any
	Error       *struct{ Type, Message string }
	Environment map[string]string
}

func measuredCases(t *testing.T, g Generation) []measured {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("testdata/cases.prefect%d.json", g))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Cases []measured }
	dec := json.NewDecoder(strings.NewReader(strings.ReplaceAll(string(text), "<cwd>", "/cwd")))
	dec.UseNumber()
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	for _, c := range doc.Cases {
		numbers(c.Inputs)
		numbers(c.Outputs)
	}
	return doc.Cases
}

// numbers makes whole numbers int64 and the others float64, as YAML does.
func numbers(m map[string]any) {
	for k, v := range m {
		switch x := v.(type) {
		case json.Number:
			if i, err := x.Int64(); err == nil {
				m[k] = i
			} else {
				m[k], _ = x.Float64()
			}
		case map[string]any:
			numbers(x)
		}
	}
}

// lone is a value that is nothing but a reference to a step output; Prefect drops the argument when nothing gives it.
var lone = regexp.MustCompile(`^{{\s*[\w.\-]+\s*}}$`)

// What real steps returned is what the catalogue computes, for every output it claims to know; and the calls that it
// refuses are those that raised a TypeError.
func TestOutputsOfMeasuredSteps(t *testing.T) {
	lang := load(t)
	for _, g := range []Generation{Prefect2, Prefect3} {
		cat := lang.Steps(g)
		values, refused, gone := 0, 0, 0
		for _, c := range measuredCases(t, g) {
			label := fmt.Sprintf("Prefect %d: %s: %s", g, c.Step, c.Name)
			step, status := cat.Lookup(c.Step)
			if status == Removed {
				gone++
				if c.Error == nil {
					t.Errorf("%s: removed, yet it ran", label)
				}
				continue
			}
			if status != Known || c.Inputs == nil {
				continue
			}
			for k, v := range c.Inputs {
				if s, ok := v.(string); ok && lone.MatchString(s) && !strings.Contains(s, "prefect.") {
					delete(c.Inputs, k)
				}
			}
			if why := refuses(step, c.Inputs); why != "" {
				refused++
				if c.Error == nil || c.Error.Type != "TypeError" {
					t.Errorf("%s: refused (%s), yet Prefect gave %v %v", label, why, c.Outputs, c.Error)
				}
				continue
			}
			if c.Error != nil || c.Outputs == nil {
				continue
			}
			settings := func(name string) (any, bool) {
				if v, ok := c.Environment[name]; ok {
					return v, true
				}
				return nil, true
			}
			got := cat.Outputs(step, c.Inputs, settings)
			for name := range c.Outputs {
				if _, ok := got[name]; !ok {
					t.Errorf("%s: the output %s is not in the catalogue", label, name)
				}
			}
			for name, v := range got {
				want, ok := c.Outputs[name]
				switch {
				case !ok:
					t.Errorf("%s: Prefect gave no output %s", label, name)
				case !v.Known && v.Why == "":
					t.Errorf("%s: output %s is unknown without a reason", label, name)
				case v.Known:
					values++
					if !reflect.DeepEqual(v.Data, want) {
						t.Errorf("%s: output %s is %#v, Prefect gave %#v", label, name, v.Data, want)
					}
				}
			}
		}
		if values < 60 || refused < 10 || gone == 0 {
			t.Errorf("Prefect %d: only %d values, %d refused calls, %d removed steps were compared", g, values, refused, gone)
		}
	}
}

// refuses says why Python would not call the step with these keywords, or "".
func refuses(s *StepInfo, inputs map[string]any) string {
	missing := ""
	for _, p := range s.Params {
		if _, given := inputs[p.Name]; p.Required && !given {
			missing = "missing " + p.Name
			break
		}
	}
	selected := ""
	if s.Extra != nil && s.Extra.Selector != "" {
		selected, _ = inputs[s.Extra.Selector].(string)
	}
	for name := range inputs {
		if !s.Accepts(name, selected) && (s.Extra == nil || missing == "") {
			return "unexpected " + name
		}
	}
	return missing
}

func TestOutputsSayWhyTheyAreNotKnown(t *testing.T) {
	cat := load(t).Steps(Prefect3)
	build, _ := cat.Lookup("prefect_docker.deployments.steps.build_docker_image")
	for _, tt := range []struct {
		name     string
		args     map[string]any
		settings Settings
		output   string
		want     Value
	}{
		{"a tag makes the image known", map[string]any{"image_name": "repo/app", "tag": "v1"}, nil, "image", known("repo/app:v1")},
		{"a float tag reads as Python writes it", map[string]any{"image_name": "repo/app", "tag": 1.1}, nil, "image", known("repo/app:1.1")},
		{"an unresolved tag", map[string]any{"image_name": "repo/app", "tag": "{{ hash.stdout }}"}, nil, "image", unknown("the argument tag has a reference that is not resolved yet")},
		{"a hole keeps its reason", map[string]any{"image_name": "repo/app", "tag": Hole{"the script has not run"}}, nil, "tag", unknown("the script has not run")},
		{"a name without a slash depends on a setting", map[string]any{"image_name": "app", "tag": "v1"}, nil, "image", unknown("it depends on the setting PREFECT_DEFAULT_DOCKER_BUILD_NAMESPACE")},
		{"an argument left out", map[string]any{"tag": "v1"}, nil, "image_name", unknown("the argument image_name is missing")},
	} {
		if got := cat.Outputs(build, tt.args, tt.settings)[tt.output]; !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestLookupOfSteps(t *testing.T) {
	lang := load(t)
	for _, tt := range []struct {
		gen    Generation
		path   string
		status Status
		step   string
	}{
		{Prefect3, "prefect.deployments.steps.git_clone", Known, "prefect.deployments.steps.git_clone"},
		{Prefect3, "prefect.deployments.steps:git_clone", Known, "prefect.deployments.steps.git_clone"},
		{Prefect3, "prefect.deployments.steps.pull.git_clone", Known, "prefect.deployments.steps.git_clone"},
		{Prefect3, "prefect.projects.steps.git_clone_project", Removed, "prefect.deployments.steps.git_clone"},
		{Prefect3, "prefect.deployments.steps.git_clone_project", Removed, "prefect.deployments.steps.git_clone"},
		{Prefect2, "prefect.deployments.steps.git_clone_project", Known, "prefect.deployments.steps.git_clone_project"},
		{Prefect2, "prefect.deployments.steps.pull.agit_clone", OtherGeneration, "prefect.deployments.steps.pull.agit_clone"},
		{Prefect3, "my_project.steps.notify", Unknown, ""},
	} {
		s, status := lang.Steps(tt.gen).Lookup(tt.path)
		got := ""
		if s != nil {
			got = s.Path
		}
		if status != tt.status || got != tt.step {
			t.Errorf("Prefect %d: %s: got %v %q, want %v %q", tt.gen, tt.path, status, got, tt.status, tt.step)
		}
	}
	cat := lang.Steps(Prefect3)
	for typo, want := range map[string]string{
		"prefect.deployments.steps.pip_install_requiements": "prefect.deployments.steps.pip_install_requirements",
		"prefect.steps.git_clone":                           "prefect.deployments.steps.git_clone",
		"my_project.steps.notify":                           "",
	} {
		if got := cat.Nearest(typo); got != want {
			t.Errorf("nearest of %s is %q, want %q", typo, got, want)
		}
	}
}
