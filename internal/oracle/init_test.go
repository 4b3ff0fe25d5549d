package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/schema"
)

// beginning is a directory to begin a project in, and what is said on the command line.
type beginning struct {
	Dir    string            `json:"dir"`
	Name   string            `json:"name"`
	Recipe string            `json:"recipe"`
	Fields map[string]string `json:"fields"`

	remote, branch string // of a git repository
	files          []string
}

// fields are what the recipes need.
var fields = map[string]string{"image_name": "registry.example.org/team/flows", "tag": "1.0", "bucket": "my-bucket", "container": "code"}

// TestInitWritesWhatPrefectWrites begins the same projects with the real Prefect and with prefectc, in the same directories.
func TestInitWritesWhatPrefectWrites(t *testing.T) {
	t.Parallel()
	for _, generation := range []int{2, 3} {
		t.Run(fmt.Sprintf("prefect-%d", generation), func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			env := append(os.Environ(), "HOME="+root, "GIT_CONFIG_NOSYSTEM=1", "GIT_CEILING_DIRECTORIES="+root, "PREFECT_HOME="+root, "PYTHONDONTWRITEBYTECODE=1")
			cases := initCases(t)
			for i := range cases {
				cases[i].prepare(t, root, i, env)
			}
			input, err := json.Marshal(cases)
			if err != nil {
				t.Fatal(err)
			}
			python := exec.Command(filepath.Join(venvs(t), fmt.Sprintf("p%d", generation), "bin", "python"), "testdata/init.py")
			python.Env, python.Stdin = env, bytes.NewReader(input)
			python.Stderr = os.Stderr
			text, err := python.Output()
			if err != nil {
				t.Fatalf("prefect init: %v", err)
			}
			var want []map[string]string
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			for i, c := range cases {
				compareFiles(t, c, c.run(t, generation, env), want[i])
			}
		})
	}
}

func initCases(t *testing.T) []beginning {
	t.Helper()
	recipes, err := schema.Recipes()
	if err != nil {
		t.Fatal(err)
	}
	var list []beginning
	for _, r := range recipes {
		needs := map[string]string{}
		for name, v := range fields {
			if strings.Contains(string(r.Text), "{{ "+name+" }}") {
				needs[name] = v
			}
		}
		list = append(list, beginning{Recipe: r.Name, Fields: needs},
			beginning{Recipe: r.Name, Fields: needs, remote: "https://example.org/team/flows.git", branch: "feature/x", files: []string{"Dockerfile"}})
	}
	for _, files := range [][]string{nil, {"Dockerfile"}} {
		list = append(list, beginning{files: files}, beginning{files: files, remote: "git@example.org:team/flows.git", branch: "main"},
			beginning{files: files, remote: "ssh://git@example.org/team/flows"}) // without a commit, there is no branch
	}
	for _, dir := range []string{"with space", "2024", "1.0", "yes", "café", "#x", "it's", "a: b", "-", "null", strings.Repeat("long name ", 12) + "end"} {
		list = append(list, beginning{Dir: dir}, beginning{Dir: dir, Recipe: "docker", Fields: map[string]string{"image_name": dir, "tag": dir}})
	}
	return append(list,
		beginning{Name: "Other Name: 1", Recipe: "s3", Fields: map[string]string{"bucket": "x=y"}},
		beginning{Recipe: "docker", Fields: map[string]string{"image_name": "a", "tag": "{{ $TAG }}", "dockerfile": "images/Dockerfile", "name": "elsewhere"}},
		beginning{Recipe: "git", Fields: map[string]string{"repository": "https://example.org/other.git", "branch": "trunk"}},
		beginning{Recipe: "local", Fields: map[string]string{"directory": "/opt/flows", "nothing": "1"}},
		beginning{files: []string{"prefect.yaml"}},
		beginning{files: []string{".prefectignore"}},
		beginning{files: []string{"prefect.yaml", ".prefectignore"}})
}

// prepare makes the directory as it is before.
func (c *beginning) prepare(t *testing.T, root string, i int, env []string) {
	t.Helper()
	if c.Dir == "" {
		c.Dir = "my-project"
	}
	c.Dir = filepath.Join(root, fmt.Sprint(i), c.Dir)
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range c.files {
		if err := os.WriteFile(filepath.Join(c.Dir, name), []byte("# here before\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if c.remote == "" {
		return
	}
	git := [][]string{{"init", "-q"}, {"remote", "add", "origin", c.remote}}
	if c.branch != "" {
		git = append(git, []string{"checkout", "-qb", c.branch}, []string{"-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit", "-qm", "x", "--allow-empty"})
	}
	for _, args := range git {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = c.Dir, env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}

// run begins the project with prefectc, and returns the new files.
func (c *beginning) run(t *testing.T, generation int, env []string) map[string]string {
	t.Helper()
	args := []string{"init", "--prefect", fmt.Sprint(generation)}
	if c.Name != "" {
		args = append(args, "--name", c.Name)
	}
	if c.Recipe != "" {
		args = append(args, "--recipe", c.Recipe)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		args = append(args, "--field", name+"="+c.Fields[name])
	}
	cmd := exec.Command(prefectc(t), args...)
	cmd.Dir, cmd.Env = c.Dir, env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("prefectc %q in %s: %v\n%s", args, c.Dir, err, out)
	}
	made := map[string]string{}
	for _, name := range []string{"prefect.yaml", ".prefectignore"} {
		if slices.Contains(c.files, name) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(c.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		made[name] = string(text)
	}
	return made
}

func compareFiles(t *testing.T, c beginning, got, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%+v: %d new files, prefect makes %d", c, len(got), len(want))
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%+v: %s is\n%s\nprefect writes\n%s", c, name, got[name], text)
		}
	}
	for _, name := range c.files {
		if text, err := os.ReadFile(filepath.Join(c.Dir, name)); err != nil || string(text) != "# here before\n" {
			t.Errorf("%+v: %s was there, and is now %q (%v)", c, name, text, err)
		}
	}
}
