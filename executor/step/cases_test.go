package step

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

// recorded is a file of what real steps returned or raised, made by measure.py of the reference.
type recorded struct {
	Cases []struct {
		Name    string
		Step    string
		Inputs  *value.Map
		Files   []string
		Outputs *value.Map
		Error   *struct{ Type, Message string }
	}
}

// needsAPI are steps whose recording needs a Prefect API or a file system inside the recording process.
func needsAPI(step string) bool {
	return strings.HasSuffix(step, "pull_with_block") || strings.HasSuffix(step, "pull_from_remote_storage")
}

// TestRecordedCases runs the steps Prefect ships on the inputs that were measured on 2.20.26 and 3.8.8 and expects the
// same outputs, exception classes and messages.
func TestRecordedCases(t *testing.T) {
	for _, generation := range []int{2, 3} {
		text, err := os.ReadFile(fmt.Sprintf("testdata/cases.prefect%d.json", generation))
		if err != nil {
			t.Fatal(err)
		}
		var file recorded
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		repos := newRemotes(t)
		ran := 0
		for i, c := range file.Cases {
			r := &Runner{Generation: generation, Env: repos.env, Python: plainPython(t), wait: func(context.Context, time.Duration) error { return nil }}
			if _, native := r.native(c.Step); needsAPI(c.Step) || !native && strings.ContainsAny(c.Step, ".:") {
				continue // Python steps; the tests with real Prefect run them
			}
			ran++
			t.Run(fmt.Sprintf("prefect%d/%s/%s", generation, c.Step[strings.LastIndexByte(c.Step, '.')+1:], c.Name), func(t *testing.T) {
				if strings.HasPrefix(c.Name, "empty file") && !hasPip(r.Python) {
					t.Logf("%s has no pip; only the failure is compared elsewhere", r.Python)
					return
				}
				r.Dir = filepath.Join(repos.root, fmt.Sprintf("case-%d-%d", generation, i), "project")
				prepare(t, r.Dir, strings.HasSuffix(c.Step, "set_working_directory"), c.Files)
				fill := strings.NewReplacer("<cwd>", r.Dir, "<root>", repos.root, "<sha>", repos.sha)
				var inputs *value.Map
				if c.Inputs != nil {
					inputs = replaceText(c.Inputs, fill).(*value.Map)
				}
				got, err := r.Run(t.Context(), Call{Path: c.Step, Inputs: inputs})
				if c.Error != nil {
					var e *Error
					if !errors.As(err, &e) {
						t.Fatalf("got %v, %v; Prefect raises %s: %s", value.Repr(got), err, c.Error.Type, c.Error.Message)
					}
					first, _, _ := strings.Cut(strip(e.Message), "\n")
					if want := fill.Replace(c.Error.Message); e.Type != c.Error.Type || first != want {
						t.Errorf("got  %s: %s\nwant %s: %s", e.Type, first, c.Error.Type, want)
					}
					return
				}
				if err != nil {
					t.Fatalf("got error %v; Prefect returns %s", err, value.Repr(c.Outputs))
				}
				if want := replaceText(c.Outputs, fill); !value.Equal(got, want) {
					t.Errorf("got %s, want %s", value.Repr(got), value.Repr(want))
				}
			})
		}
		if ran < 60 {
			t.Errorf("only %d cases of Prefect %d ran", ran, generation)
		}
	}
}

func prepare(t *testing.T, dir string, subdirectories bool, files []string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if subdirectories {
		if err := os.Mkdir(filepath.Join(dir, "sub"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("sub", filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range files {
		write(t, filepath.Join(dir, f), "")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func replaceText(v value.Value, r *strings.Replacer) value.Value {
	switch v := v.(type) {
	case string:
		return r.Replace(v)
	case []value.Value:
		list := []value.Value{}
		for _, e := range v {
			list = append(list, replaceText(e, r))
		}
		return list
	case *value.Map:
		m := value.NewMap()
		for _, p := range v.Pairs {
			m.Set(p.Key, replaceText(p.Value, r))
		}
		return m
	}
	return v
}

// remotes is one small repository, served under every URL of the recorded cases by git's own rewriting.
type remotes struct {
	root, sha string
	env       []string
}

func newRemotes(t *testing.T) remotes {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	config := "[user]\n name = a\n email = a@b.example\n[init]\n defaultBranch = main\n[protocol \"file\"]\n allow = always\n[safe]\n directory = *\n"
	for _, prefix := range []string{"https://git.example/", "git@git.example:", "ssh://git@git.example:22/",
		"https://tok@git.example/", "https://user:tok@git.example/", "git.example:"} {
		config += fmt.Sprintf("[url \"file://%s/\"]\n insteadOf = %s\n", root, prefix)
	}
	write(t, filepath.Join(root, "gitconfig"), config)
	r := remotes{root: root, env: append(os.Environ(), "GIT_CONFIG_GLOBAL="+root+"/gitconfig", "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C",
		"PIP_FIND_LINKS=", "PIP_ROOT_USER_ACTION=ignore", "PIP_DISABLE_PIP_VERSION_CHECK=1")}
	work := filepath.Join(root, "work")
	write(t, filepath.Join(work, "flow.py"), "x = 1\n")
	write(t, filepath.Join(work, "a", "in.py"), "")
	write(t, filepath.Join(work, "b", "out.py"), "")
	r.git(t, work, "init", "-q")
	r.git(t, work, "add", ".")
	r.git(t, work, "commit", "-qm", "one")
	for _, branch := range []string{"dev", "feature/x", "1.0", "2024"} {
		r.git(t, work, "branch", branch)
	}
	r.sha = r.git(t, work, "rev-parse", "HEAD")
	for _, name := range []string{"org/repo.git", "org/my.github.io", "org/tool.gitlab.git", "org/repo.with.dots.git",
		"org/semi.git;v=1", "repo.git"} {
		r.git(t, root, "clone", "-q", "--bare", work, filepath.Join(root, name))
		r.git(t, filepath.Join(root, name), "config", "uploadpack.allowAnySHA1InWant", "true")
		r.git(t, filepath.Join(root, name), "config", "uploadpack.allowFilter", "true")
	}
	return r
}

func (r remotes) git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = dir, r.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strip(string(out))
}

func plainPython(t *testing.T) string {
	t.Helper()
	p, err := exec.LookPath("python3")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func hasPip(python string) bool {
	return exec.Command(python, "-c", "import pip").Run() == nil
}
