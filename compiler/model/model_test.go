package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// What a deployment without steps of its own falls back to, as measured with 2.20.26 and 3.8.8.
func TestEffectiveActions(t *testing.T) {
	for _, c := range []struct {
		own       string // written in the deployment in place of ACTION
		build     string // own, file or none
		push      string
		pull2     string
		pull3     string
		disabled3 bool
	}{
		{own: "", build: "file", push: "file", pull2: "file", pull3: "file"},
		{own: "ACTION: [{own.step: {}}]", build: "own", push: "own", pull2: "own", pull3: "own"},
		{own: "ACTION: {own.step: {}}", build: "own", push: "own", pull2: "own", pull3: "own"},
		{own: "ACTION: null", build: "none", push: "file", pull2: "file", pull3: "file"},
		{own: "ACTION: []", build: "none", push: "file", pull2: "file", pull3: "none", disabled3: true},
		{own: "ACTION: {}", build: "none", push: "file", pull2: "file", pull3: "file"},
	} {
		for _, g := range []schema.Generation{schema.Prefect2, schema.Prefect3} {
			for section, want := range map[Section]string{Build: c.build, Push: c.push, Pull: map[schema.Generation]string{2: c.pull2, 3: c.pull3}[g]} {
				text := fmt.Sprintf("%s: [{file.step: {}}]\ndeployments:\n- name: d\n", section)
				if c.own != "" {
					text += "  " + strings.ReplaceAll(c.own, "ACTION", string(section)) + "\n"
				}
				f := read(t, g, text)
				d := f.Deployments[0]
				got := "none"
				if a := d.Effective(section); a != nil {
					got = strings.TrimSuffix(a.Steps[0].Function(), ".step")
				}
				if got != want {
					t.Errorf("Prefect %d, %s of a deployment with %q: %s, want %s", g, section, c.own, got, want)
				}
				if disabled := section == Pull && c.disabled3 && g == schema.Prefect3; section == Pull && d.PullDisabled() != disabled {
					t.Errorf("Prefect %d, %q: pull disabled is %v", g, c.own, d.PullDisabled())
				}
			}
		}
	}
	f := read(t, schema.Prefect3, "pull: []\ndeployments: [{name: d}]\n")
	if !f.Deployments[0].PullDisabled() || f.Deployments[0].Effective(Pull) != nil || !f.PullDisabled(schema.Prefect3) || f.PullDisabled(schema.Prefect2) {
		t.Error("the file's \"pull: []\" means none in Prefect 3, and only there")
	}
	var none *File
	if none.FileAction(Build) != nil || none.PullDisabled(schema.Prefect3) {
		t.Error("no file has no actions")
	}
}

func TestGuessOfTheGeneration(t *testing.T) {
	for text, want := range map[string]schema.Generation{
		"": 3, "name: x": 3, "prefect-version: 2.10.0": 2, "prefect-version: '2'": 2, "prefect-version: 2": 3, "prefect-version: 3.0.0": 3, "prefect-version: 20.1": 3,
		"prefect-version: 2.1.0\ndeployments: [{name: a}, {concurrency_limit: 1}]":   3,
		"prefect-version: 2.1.0\ndeployments: [{sla: []}]":                           3,
		"prefect-version: 2.1.0\ndeployments: [{schedules: [{cron: '0 0 * * *'}]}]":  2,
		"prefect-version: 2.1.0\nconcurrency_limit: 3\ndeployments: {not: a list}\n": 2,
	} {
		if got := read(t, 0, text).Generation; got != want {
			t.Errorf("%q is taken for Prefect %d, want %d", text, got, want)
		}
		if got := read(t, schema.Prefect2, text).Generation; got != 2 {
			t.Errorf("%q: a given generation counts", text)
		}
	}
}

func TestRestrict(t *testing.T) {
	f := read(t, schema.Prefect3, `
pull: [{a.b: {x: "{{ of.file }}"}}]
deployments:
- {name: one, description: "{{ of.one }}", oops: 1}
- {name: two, description: "{{ of.two }}", oops: 2}
`)
	view := f.Restrict(f.Deployments[1:])
	var names []string
	for _, r := range view.References {
		names = append(names, r.Name)
	}
	if strings.Join(names, " ") != "of.file of.two" || len(f.References) != 3 {
		t.Errorf("references: %q of %d", names, len(f.References))
	}
	for _, m := range view.Shape(language(t)) {
		if m.Deployment != f.Deployments[1] {
			t.Errorf("a misfit of %s is seen", m.Place)
		}
	}
	if len(f.Shape(language(t))) != 2 {
		t.Error("the file itself shows all")
	}
}

var statuses = map[LinkStatus]string{Linked: "linked", Undecided: "undecided", UnknownName: "unknown-name", UnknownOutput: "unknown-output",
	FromLater: "later", FromItself: "itself", FromReplaced: "replaced", RunTime: "run-time"}

func TestLinkStatuses(t *testing.T) {
	const (
		shell = "prefect.deployments.steps.run_shell_script"
		image = "prefect_docker.deployments.steps.build_docker_image"
	)
	for _, c := range []struct {
		about, text string
		want        string // name=status>source in the order of Links.All
		two         string // the same for Prefect 2; "" when it does not differ
	}{
		{"by id and flat", "build: [{SHELL: {id: s}}]\ndeployments: [{description: '{{ s.stdout }} {{ stdout }} {{ s }}'}]",
			"s.stdout=linked>build[0] stdout=linked>build[0] s=linked>build[0]", ""},
		{"the last flat output counts", "build: [{SHELL: {}}, {SHELL: {}}]\ndeployments: [{description: '{{ stderr }}'}]", "stderr=linked>build[1]", ""},
		{"no such output, no such name", "build: [{SHELL: {id: s}}]\ndeployments: [{description: '{{ s.out }} {{ t.out }}'}]",
			"s.out=unknown-output>build[0] t.out=unknown-name", ""},
		{"a step that is not known may give anything", "build: [{my.step: {id: s}}]\ndeployments: [{description: '{{ s.out }} {{ other }}'}]",
			"s.out=undecided>build[0] other=undecided", ""},
		{"a later step", "build: [{SHELL: {script: '{{ s.stdout }}'}}, {SHELL: {id: s}}]\ndeployments: [{}]", "s.stdout=later>build[1]", ""},
		{"the step itself", "build: [{SHELL: {id: s, script: '{{ s.stdout }}'}}]\ndeployments: [{}]", "s.stdout=itself>build[0]", ""},
		{"itself by a flat name", "build: [{IMAGE: {image_name: '{{ image }}'}}]\ndeployments: [{}]", "image=itself>build[0]", ""},
		{"a replaced build", "build: [{SHELL: {id: s}}]\ndeployments: [{build: [{SHELL: {}}], description: '{{ s.stdout }}'}]", "s.stdout=replaced>build[0]", ""},
		{"a build that null replaces", "build: [{SHELL: {id: s}}]\ndeployments: [{build: null, description: '{{ s.stdout }}'}]", "s.stdout=replaced>build[0]", ""},
		{"push: null leaves the file's", "push: [{SHELL: {id: s}}]\ndeployments: [{push: null, description: '{{ s.stdout }}'}]", "s.stdout=linked>push[0]", ""},
		{"a setting does not see pull steps", "pull: [{SHELL: {id: s}}]\ndeployments: [{description: '{{ s.stdout }}'}]", "s.stdout=unknown-name", ""},
		{"build does not see push, pull sees both", "build: [{SHELL: {id: b, script: '{{ p.stdout }}'}}]\npush: [{SHELL: {id: p}}]\n" +
			"pull: [{SHELL: {script: '{{ b.stdout }} {{ p.stdout }}'}}]\ndeployments: [{}]",
			"p.stdout=later>push[0] b.stdout=linked>build[0] p.stdout=linked>push[0]", ""},
		{"a pull step sees the deploy first", "build: [{SHELL: {id: s}}]\npull: [{SHELL: {id: s}}, {SHELL: {script: '{{ s.stdout }} {{ stdout }}'}}]\ndeployments: [{}]",
			"s.stdout=linked>build[0] stdout=linked>build[0]", ""},
		{"and its own steps for what the deploy has not", "build: [{SHELL: {id: s}}]\npull: [{IMAGE: {id: s}}, {SHELL: {script: '{{ s.image }}'}}]\ndeployments: [{}]",
			"s.image=linked>pull[0]", ""},
		{"the file's push once for each distinct build", "build: [{SHELL: {id: s}}]\npush: [{SHELL: {script: '{{ s.stdout }}'}}]\n" +
			"deployments: [{name: a}, {name: b}, {name: c, build: [{my.own: {id: s}}]}, {name: d, build: []}]",
			"s.stdout=linked>build[0] s.stdout=undecided>deployments[2].build[0] s.stdout=replaced>build[0]", ""},
		{"an action that nobody uses", "build: [{SHELL: {id: s}}]\npush: [{SHELL: {script: '{{ s.stdout }}'}}]\ndeployments: [{push: [{SHELL: {}}]}]",
			"s.stdout=linked>build[0]", ""},
		{"a file without deployments", "build: [{SHELL: {id: s}}, {SHELL: {script: '{{ s.stdout }} {{ t }}'}}]", "s.stdout=linked>build[0] t=unknown-name", ""},
		{"parameters of a trigger are the event's", "deployments: [{triggers: [{parameters: {x: '{{ event.id }}'}, name: '{{ event.id }}'}]}]",
			"event.id=run-time event.id=unknown-name", ""},
		{"the flow run's context in job variables", "deployments: [{work_pool: {job_variables: {n: '{{ ctx.flow_run.id }}'}}, description: '{{ ctx.x }}'}]",
			"ctx.flow_run.id=run-time ctx.x=unknown-name", "ctx.flow_run.id=unknown-name ctx.x=unknown-name"},
		{"other kinds are no links", "deployments: [{description: '{{ $HOME }} {{ prefect.blocks.secret.x }} {{ prefect.variables.y }}'}]", "", ""},
		{"id and requires are never templated", "build: [{SHELL: {id: '{{ a }}', requires: '{{ b }}', script: '{{ c }}'}}]\ndeployments: [{}]", "c=unknown-name", ""},
	} {
		text := strings.NewReplacer("SHELL", shell, "IMAGE", image).Replace(c.text)
		for _, g := range []schema.Generation{schema.Prefect2, schema.Prefect3} {
			var got []string
			for _, l := range read(t, g, text).Link(language(t)).All {
				s := l.Name + "=" + statuses[l.Status]
				if l.Source != nil {
					s += ">" + l.Source.Path
				}
				got = append(got, s)
			}
			want := c.want
			if g == schema.Prefect2 && c.two != "" {
				want = c.two
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s, Prefect %d:\n got %s\nwant %s", c.about, g, strings.Join(got, " "), want)
			}
		}
	}
}

func TestSuggestionsNameWhatIsInReach(t *testing.T) {
	f := read(t, schema.Prefect3, `
build:
- prefect_docker.deployments.steps.build_docker_image: {id: build-image}
- my.step: {id: mine}
deployments:
- description: "{{ build-image.imagee }}"
`)
	l := f.Link(language(t)).All[0]
	if !slices.Contains(l.Names, "image") || l.Output != "imagee" || !l.ByID {
		t.Errorf("outputs of the step: %q", l.Names)
	}
}

func TestSpansOfReferences(t *testing.T) {
	for _, c := range []struct{ about, text, whole, name string }{
		{"plain", "deployments: [{name: d}]\ndescription: no\nbuild:\n- a.b:\n    x: pre-{{ s.out }}-post", "{{ s.out }}", "s.out"},
		{"single quoted", "build:\n- a.b: {x: 'it''s {{ s.out }}'}", "{{ s.out }}", "s.out"},
		{"double quoted with escapes", "build:\n- a.b: {x: \"\\u00e9\\n{{ s.out }}\"}", "{{ s.out }}", "s.out"},
		{"an escape inside the braces", "build:\n- a.b: {x: \"{{\\ts.out }}\"}", "\"{{\\ts.out }}\"", "\"{{\\ts.out }}\""},
		{"literal", "build:\n- a.b:\n    x: |\n      one\n      {{ s.out }}\n", "{{ s.out }}", "s.out"},
		{"folded over a line break", "build:\n- a.b:\n    x: >\n      one {{\n      s.out }} two\n", "{{\n      s.out }}", "s.out"},
		{"plain over a line break", "build:\n- a.b:\n    x: one {{\n       s.out }} two\n", "{{\n       s.out }}", "s.out"},
		{"behind other letters", "build:\n- a.b: {x: 'é日本🚀{{ größe.日本 }}'}", "{{ größe.日本 }}", "größe.日本"},
		{"carriage returns", "build:\r\n- a.b:\r\n    x: '{{ s.out }}'\r\n", "{{ s.out }}", "s.out"},
	} {
		f := read(t, schema.Prefect3, c.text)
		if len(f.References) != 1 {
			t.Errorf("%s: %d references", c.about, len(f.References))
			continue
		}
		r := f.References[0]
		if whole, name := f.Source.Slice(r.Span), f.Source.Slice(r.NameSpan); whole != c.whole || name != c.name {
			t.Errorf("%s: %q and %q, want %q and %q", c.about, whole, name, c.whole, c.name)
		}
	}

	f := read(t, schema.Prefect3, "x: &a ['{{ one }}', '{{ two }}{{ three }}']\nbuild: [{a.b: {y: *a}}, {a.b: {<<: {z: *a}}}]\n")
	var got []string
	for _, r := range f.References {
		got = append(got, fmt.Sprintf("%s|%s|%d", r.Path, f.Source.Slice(r.Span), r.Index))
	}
	want := `build[0]."a.b".y[0]|{{ one }}|0 build[0]."a.b".y[1]|{{ two }}|0 build[0]."a.b".y[1]|{{ three }}|1 ` +
		`build[1]."a.b".z[0]|{{ one }}|0 build[1]."a.b".z[1]|{{ two }}|0 build[1]."a.b".z[1]|{{ three }}|1`
	if strings.Join(got, " ") != want {
		t.Errorf("aliased: got %s\nwant %s", strings.Join(got, " "), want)
	}
	if first := f.References[0]; !first.Whole || !first.InList || f.References[1].Whole {
		t.Error("whole and in a list")
	}
}

func TestSpansOfMisfits(t *testing.T) {
	for _, c := range []struct{ about, text, place, span string }{
		{"an unknown key", "deployments:\n- name: d\n  nam: e\n", "deployments[0].nam", "nam"},
		{"a wrong type", "deployments:\n- name: d\n  tags: 5\n", "deployments[0].tags", "5"},
		{"a wrong type behind an alias", "x: &v 5\ndeployments:\n- name: d\n  tags: *v\n", "deployments[0].tags", "5"},
		{"inside a list", "deployments:\n- name: d\n  schedules: [{cron: 5}]\n", "deployments[0].schedules[0].cron", "5"},
		{"no value at all", "deployments:\n- name: d\n  parameters: [\n    1]\n", "deployments[0].parameters", "[\n    1]"},
		{"a key that is no text", "deployments:\n- name: d\n  5: e\n", "deployments[0].5", "5"},
	} {
		f := read(t, schema.Prefect3, c.text)
		found := false
		var all []string
		for _, m := range f.Shape(language(t)) {
			all = append(all, m.Place+"|"+f.Source.Slice(m.Span()))
			found = found || m.Place == c.place && f.Source.Slice(m.Span()) == c.span && (m.Deployment != nil) == strings.HasPrefix(c.place, "deployments[")
		}
		if !found {
			t.Errorf("%s: got %q, want %s|%s", c.about, all, c.place, c.span)
		}
	}
}

// whatever does everything that a model offers.
func whatever(lang *schema.Language, text []byte, g schema.Generation) {
	f := New(yamldoc.Read(source.New("prefect.yaml", text)), g)
	l := f.Link(lang)
	for _, link := range l.All {
		l.Value(link)
	}
	for _, d := range f.Deployments {
		l.KnownOutputs(d)
	}
	for _, m := range f.Shape(lang) {
		m.Span()
	}
	l.Graph()
	f.Restrict(f.Deployments[:len(f.Deployments)/2]).Link(lang)
}

// bombs are files that are small and stand for a lot.
func bombs() map[string]string {
	var doubling strings.Builder
	doubling.WriteString("a0: &a0 ['{{ x }}', '{{ y }}']\n")
	for i := range 40 {
		fmt.Fprintf(&doubling, "a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	doubling.WriteString("build: [{my.step: {x: *a40}}]\ndeployments: [{parameters: {p: *a40}}, {build: [{my.step: *a40}]}]\n")
	return map[string]string{
		"doubling":         doubling.String(),
		"itself":           "build: &b [{my.step: {x: *b}}]\ndeployments: &d [{parameters: {p: *d}, build: *b}]\n",
		"itself by merge":  "deployments: [&d {<<: *d, name: x, parameters: *d}]\n",
		"deep":             "build: [{my.step: {x: " + strings.Repeat("[", 5000) + "'{{ x }}'" + strings.Repeat("]", 5000) + "}}]\n",
		"many references":  "build: [{my.step: {x: '" + strings.Repeat("{{ x }}", 20000) + "'}}]\n",
		"many deployments": "push: [{a.b: {x: '{{ c }}'}}]\ndeployments:\n" + strings.Repeat("- {name: d, build: [{c.d: {}}]}\n", 1500),
	}
}

func TestBombsEnd(t *testing.T) {
	for _, text := range bombs() {
		whatever(language(t), []byte(text), 0)
	}
}

func FuzzModel(f *testing.F) {
	for name, text := range bombs() {
		if !strings.HasPrefix(name, "many") {
			f.Add([]byte(text), false)
		}
	}
	f.Add([]byte(withSteps(dockerBuild, dockerBuild, "- prefect.deployments.steps.git_clone: {repository: x}", "{{ build-image.image }} {{ tag }}")), true)
	f.Add([]byte("build: {a.b: {x: '{{ c.d }}'}}\npull: []\ndeployments: [{build: null, <<: {push: {}}}, 5, [], {triggers: [{parameters: ['{{ e }}']}]}]"), true)
	lang := language(f)
	f.Fuzz(func(_ *testing.T, text []byte, two bool) {
		g := schema.Prefect3
		if two {
			g = schema.Prefect2
		}
		whatever(lang, text, g)
	})
}
