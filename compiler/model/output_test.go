package model

import (
	"fmt"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

func language(t testing.TB) *schema.Language {
	t.Helper()
	lang, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	return lang
}

// read is the model of a file that is meant to be readable.
func read(t testing.TB, g schema.Generation, text string) *File {
	t.Helper()
	doc := yamldoc.Read(source.New("prefect.yaml", []byte(text)))
	for _, p := range doc.Problems {
		if p.Fatal {
			t.Fatalf("the test's own YAML: %s", p.Message)
		}
	}
	return New(doc, g)
}

// steps is a file with one deployment whose description holds a reference.
func withSteps(build, push, pull, reference string) string {
	var b strings.Builder
	for _, a := range [][2]string{{"build", build}, {"push", push}, {"pull", pull}} {
		if a[1] != "" {
			b.WriteString(a[0] + ":\n" + a[1] + "\n")
		}
	}
	return b.String() + "deployments:\n- name: d\n  description: \"" + reference + "\"\n"
}

func shownValue(v value.Value, known bool, why string) string {
	if known {
		return value.Repr(v)
	}
	return "? " + why
}

const dockerBuild = `- prefect_docker.deployments.steps.build_docker_image:
    id: build-image
    image_name: repo/app
    tag: "1.2"
    dockerfile: auto`

func TestValuesThatFollowFromTheFile(t *testing.T) {
	const (
		pushS3  = "- prefect_aws.deployments.steps.push_to_s3: {id: pushed, bucket: my-bucket, folder: my-folder}"
		clone   = "- prefect.deployments.steps.git_clone: {id: clone, repository: \"https://example.com/org/repo.git\", branch: main}"
		setDir  = "- prefect.deployments.steps.set_working_directory: {id: dir, directory: /opt/flows}"
		shell   = "- prefect.deployments.steps.run_shell_script: {id: hash, script: git rev-parse HEAD}"
		own     = "- my.own.step: {id: mine}"
		byHash  = "- prefect_docker.deployments.steps.build_docker_image: {id: build-image, image_name: repo/app, tag: \"{{ hash.stdout }}\"}"
		variant = "- prefect_docker.deployments.steps.build_docker_image: {id: build-image, image_name: \"{{ %s }}/app\", tag: 3}"
	)
	for _, c := range []struct{ about, build, push, pull, reference, want string }{
		{"an image is its name and tag", dockerBuild, "", "", "{{ build-image.image }}", "'repo/app:1.2'"},
		{"by its flat name", dockerBuild, "", "", "{{ image }}", "'repo/app:1.2'"},
		{"a part of an output", dockerBuild, "", "", "{{ image[0] }}", "'r'"},
		{"nothing at the path", dockerBuild, "", "", "{{ image.x }}", `? the value has nothing at "x"`},
		{"an output that only the build gives", dockerBuild, "", "", "{{ build-image.image_id }}", "? "},
		{"all outputs of a step", dockerBuild, "", "", "{{ build-image }}", `? not all outputs of step "build-image" are known before it runs`},
		{"a bucket", "", pushS3, "", "{{ pushed.bucket }}/{{ folder }}", "'my-bucket'"},
		{"all outputs, all known", "", pushS3, "", "{{ pushed }}", "{'bucket': 'my-bucket', 'folder': 'my-folder'}"},
		{"what a script prints", shell, "", "", "{{ hash.stdout }}", "? "},
		{"an argument known only later", shell + "\n" + byHash, "", "", "{{ build-image.image }}", "? "},
		{"the other argument is known", shell + "\n" + byHash, "", "", "{{ build-image.image_name }}", "'repo/app'"},
		{"from step to step", dockerBuild, "- prefect_docker.deployments.steps.push_docker_image: {id: p, image_name: \"{{ build-image.image_name }}\", tag: \"v{{ tag }}\"}", "",
			"{{ p.image }}", "'repo/app:v1.2'"},
		{"a block", fmt.Sprintf(variant, "prefect.blocks.secret.registry"), "", "", "{{ image }}", "? it depends on the block prefect.blocks.secret.registry"},
		{"a variable", fmt.Sprintf(variant, "prefect.variables.registry"), "", "", "{{ image }}", "? it depends on the variable registry"},
		{"the environment", fmt.Sprintf(variant, "$REGISTRY"), "", "", "{{ image }}", "? it depends on the environment variable REGISTRY"},
		{"a number as tag", strings.ReplaceAll(fmt.Sprintf(variant, "x"), "{{ x }}", "r"), "", "", "{{ image }}", "'r/app:3'"},
		{"a large number as tag", strings.Replace(dockerBuild, `"1.2"`, "9007199254740993", 1), "", "", "{{ image }}", "'repo/app:9007199254740993'"},
		{"a date as tag", strings.Replace(dockerBuild, `"1.2"`, "2024-01-02", 1), "", "", "{{ image }}", "? it is a date that is not followed here"},
		{"a step of one's own may change a flat name", dockerBuild + "\n" + own, "", "", "{{ image }}", `? a step that is not known here runs later and may change "image"`},
		{"but not what an id stands for", dockerBuild + "\n" + own, "", "", "{{ build-image.image }}", "'repo/app:1.2'"},
		{"a step of one's own", own, "", "", "{{ mine.x }}", "? nothing is known of what my.own.step returns"},
		{"the last one wins", dockerBuild + "\n" + strings.Replace(dockerBuild, "1.2", "2.0", 1), "", "", "{{ image }} {{ build-image.tag }}", "'repo/app:2.0'"},
		{"an output hides an id of its own name", strings.Replace(dockerBuild, "id: build-image", "id: image", 1), "", "", "{{ image }}", "'repo/app:1.2'"},
		{"no such step", dockerBuild, "", "", "{{ other.image }}", `? no step before gives "other"`},
		{"a pull step runs too late", "", "", clone, "{{ clone.directory }}", `? no step before gives "clone"`},
	} {
		f := read(t, schema.Prefect3, withSteps(c.build, c.push, c.pull, c.reference))
		l := f.Link(language(t))
		got := ""
		for _, link := range l.All {
			if link.Section == Setting && got == "" {
				got = shownValue(l.Value(link))
			}
		}
		if got != c.want && (c.want != "? " || len(got) < 3 || got[:2] != "? ") {
			t.Errorf("%s: got %s, want %s", c.about, got, c.want)
		}
	}

	for _, c := range []struct{ about, pull, output, want string }{
		{"a clone's directory", clone, "directory", "'repo-main'"},
		{"a directory", setDir, "directory", "'/opt/flows'"},
		{"a bucket to pull from", "- prefect_aws.deployments.steps.pull_from_s3: {bucket: b, folder: f/g}", "bucket", "'b'"},
		{"a folder to pull from", "- prefect_aws.deployments.steps.pull_from_s3: {bucket: b, folder: f/g}", "folder", "'f/g'"},
		{"from clone to directory", clone + "\n- prefect.deployments.steps.set_working_directory: {directory: \"/x/{{ clone.directory }}/src\"}",
			"directory", "'/x/repo-main/src'"},
		{"the machine that runs the flow", "- prefect.deployments.steps.set_working_directory: {directory: \"{{ $HOME }}\"}", "directory",
			"? it depends on the environment variable HOME"},
		{"a step that is not shipped", own, "directory", "none"},
	} {
		f := read(t, schema.Prefect3, withSteps("", "", c.pull, ""))
		steps := f.Action(Pull).Steps
		r, has := f.Link(language(t)).OutputsOf(steps[len(steps)-1])[c.output]
		got := "none"
		if has {
			got = shownValue(r.Value, r.Known, r.Why)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.about, got, c.want)
		}
	}
}

func TestValuesOfAMachine(t *testing.T) {
	env := func(name string) (string, bool) {
		v, ok := map[string]string{"TAG": "abc", "REF": "{{ $TAG }}", "EMPTY": ""}[name]
		return v, ok
	}
	settings := func(string) (any, bool) { return "team", true }
	for _, c := range []struct{ about, tag, image, want string }{
		{"a variable that is set", "{{ $TAG }}", "repo/app", "'repo/app:abc'"},
		{"inside text", "v-{{ $TAG }}{{ $EMPTY }}", "repo/app", "'repo/app:v-abc'"},
		{"one that is not set is empty", "v{{ $GONE }}", "repo/app", "'repo/app:v'"},
		{"one whose value holds a reference", "{{ $REF }}", "repo/app", "? its value holds a reference itself"},
		{"a setting", "1", "app", "'team/app:1'"},
	} {
		build := "- prefect_docker.deployments.steps.build_docker_image: {image_name: " + c.image + ", tag: \"" + c.tag + "\"}"
		f := read(t, schema.Prefect3, withSteps(build, "", "", "{{ image }}"))
		l := f.Link(language(t)).In(World{Env: env, Settings: settings})
		if got := shownValue(l.Value(l.All[len(l.All)-1])); got != c.want {
			t.Errorf("%s: got %s, want %s", c.about, got, c.want)
		}
	}
}

// The file's push means another image for each deployment that builds its own.
func TestValuesDifferBetweenDeployments(t *testing.T) {
	f := read(t, schema.Prefect3, `
build:
- prefect_docker.deployments.steps.build_docker_image: {id: b, image_name: repo/shared, tag: 1}
push:
- prefect_docker.deployments.steps.push_docker_image: {id: p, image_name: "{{ b.image_name }}", tag: "{{ b.tag }}"}
deployments:
- {name: one, description: "{{ p.image }}"}
- {name: two, description: "{{ p.image }}"}
- name: three
  description: "{{ p.image }}"
  build:
  - prefect_docker.deployments.steps.build_docker_image: {id: b, image_name: repo/three, tag: 1}
`)
	l := f.Link(language(t))
	var got []string
	for _, link := range l.All {
		got = append(got, shownValue(l.Value(link)))
	}
	want := "'repo/shared' 'repo/three' 1 1 'repo/shared:1' 'repo/shared:1' 'repo/three:1'"
	if strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, " "), want)
	}
	push := f.Action(Push).Steps[0]
	if r := l.OutputsOf(push)["image"]; r.Known || r.Why != "it differs between deployments" {
		t.Errorf("the shared push: %+v", r)
	}
	if r := l.OutputsOf(push)["tag"]; !r.Known || r.Value != int64(1) {
		t.Errorf("what all deployments share: %+v", r)
	}
	if r := l.OutputsIn(f.Deployments[2], push)["image"]; r.Value != "repo/three:1" {
		t.Errorf("for one deployment: %+v", r)
	}
	if got := value.Repr(l.KnownOutputs(f.Deployments[2])); !strings.Contains(got, "'image': 'repo/three:1'") {
		t.Errorf("known for one deployment: %s", got)
	}
}

func TestKnownOutputs(t *testing.T) {
	for _, c := range []struct{ about, build, reference, want string }{
		{"what is not known is left out", "- prefect.deployments.steps.run_shell_script: {id: s, script: ls}", "", "{}"},
		{"a step used as a whole is left out when it is not known as a whole", dockerBuild, "{{ build-image }}",
			"{'image_name': 'repo/app', 'tag': '1.2', 'image': 'repo/app:1.2', 'additional_tags': []}"},
		{"a step of one's own hides flat names", dockerBuild + "\n- my.step: {}", "",
			"{'build-image': {'additional_tags': [], 'image': 'repo/app:1.2', 'image_name': 'repo/app', 'tag': '1.2'}}"},
		{"a step of one's own takes an id over", dockerBuild + "\n- my.step: {id: build-image}", "", "{}"},
	} {
		f := read(t, schema.Prefect3, withSteps(c.build, "", "", c.reference))
		got := value.Repr(f.Link(language(t)).KnownOutputs(f.Deployments[0]))
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.about, got, c.want)
		}
	}
}

// References that double their value at every step end.
func TestDoublingEnds(t *testing.T) {
	var b strings.Builder
	b.WriteString("- prefect_aws.deployments.steps.push_to_s3: {bucket: bucket, folder: folder}\n")
	for range 200 {
		b.WriteString("- prefect_aws.deployments.steps.push_to_s3: {bucket: \"{{ bucket }}{{ bucket }}\", folder: [\"{{ folder }}\", \"{{ folder }}\"]}\n")
	}
	f := read(t, schema.Prefect3, withSteps("", b.String(), "", "{{ bucket }}{{ folder }}"))
	l := f.Link(language(t))
	for _, link := range l.All[len(l.All)-2:] {
		if _, known, why := l.Value(link); known || why != "it is too large to look at" {
			t.Errorf("%s: known %v, %q", link.Name, known, why)
		}
	}
}
