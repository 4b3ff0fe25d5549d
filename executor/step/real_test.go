package step

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/step/python"
)

// alike are calls that the native step and Prefect's own function, each in a project of its own, have to answer alike: outputs,
// exception and message, lines printed, and files left behind. Several steps run one after another. A call that only one
// generation has is marked.
var alike = []struct {
	name  string
	only  int
	loose bool // only the exception is compared: what a program says, and when it is tried again, differs from run to run
	steps []Call
}{
	{name: "words", steps: script("script", `echo "two  words" 'single $HOME' back\ slash a"b"'c'`)},
	{name: "several lines", steps: script("script", "echo one\n\n   \necho two\n  echo three  ")},
	{name: "standard error", steps: script("script", "sh -c 'echo out; echo err >&2'\nsh -c 'echo more >&2'")},
	{name: "failing line ends", steps: script("script", "echo one\nsh -c 'echo bad >&2; exit 7'\ntouch never")},
	{name: "killed", steps: script("script", "sh -c 'kill -9 $$'")},
	{name: "no such program", steps: script("script", "no-such-program-here x")},
	{name: "no shell", steps: script("script", "echo a | tr a b > out; echo $HOME && ls *")},
	{name: "comment", steps: script("script", "# comment")},
	{name: "open quote", steps: script("script", "echo 'a")},
	{name: "empty", steps: script("script", "")},
	{name: "env", steps: script("script", "sh -c 'echo $A-$PATHX-$HOME' ", "env", value.NewMap("A", "one two", "HOME", "/nowhere"))},
	{name: "env expanded", steps: script("script", "echo $A ${A}b $$A $NOPE ${NOPE}", "expand_env_vars", true, "env", value.NewMap("A", "one two"))},
	{name: "env expanded into quotes", steps: script("script", "echo '$A' \"$A\"", "expand_env_vars", true, "env", value.NewMap("A", `x"y`))},
	{name: "env not text", steps: script("script", "echo a", "env", value.NewMap("A", int64(5)))},
	{name: "env no mapping", steps: script("script", "echo a", "env", "text")},
	{name: "path of env", steps: script("script", "tool", "env", value.NewMap("PATH", "bin"))},
	{name: "directory", steps: script("script", "pwd\nsh -c 'echo x >made'", "directory", "sub")},
	{name: "directory that is not", steps: script("script", "pwd", "directory", "nowhere")},
	{name: "directory that is a file", steps: script("script", "pwd", "directory", "file")},
	{name: "quiet", steps: script("script", "echo one\nsh -c 'echo two >&2'", "stream_output", false)},
	{name: "unicode", steps: script("script", "echo 'Größe 😀'")},
	{name: "no unicode", only: 3, steps: script("script", "printf 'a\\377b\\n'")},
	{name: "spaces around output", steps: script("script", "printf '  a \\n\\n'\nprintf '\\t b'")},
	{name: "carriage returns", steps: script("script", "printf 'a\\rb\\r\\nc\\n'")},
	{name: "script that is a number", steps: script("script", int64(5))},
	{name: "no script", steps: []Call{{Path: scriptPath, Inputs: value.NewMap()}}},
	{name: "unknown input", steps: script("script", "echo", "scrpt", "x")},
	{name: "shell", only: 3, steps: script("script", "echo a | tr a b; echo $A && ls *.txt", "shell", true, "env", value.NewMap("A", "x y"))},
	{name: "shell of Prefect 2", only: 2, steps: script("script", "echo a", "shell", true)},
	{name: "shell failing", only: 3, steps: script("script", "false || exit 3", "shell", true)},
	{name: "long output", steps: script("script", "seq 1 20000")},
	{name: "moving", steps: append(move("sub"), script("script", "pwd\ncat ../file")...)},
	{name: "moving twice", steps: append(move("sub"), move("..")...)},
	{name: "moving through a link", steps: append(move("link"), script("script", "pwd")...)},
	{name: "moving nowhere", steps: move("nowhere")},
	{name: "moving into a file", steps: move("file")},
	{name: "moving to a number", steps: move(nil)},
	{name: "requirements that are not", loose: true, steps: pip("requirements_file", "nowhere.txt", "stream_output", false)},
	{name: "requirements in no directory", steps: pip("directory", "nowhere")},

	{name: "clone", steps: clone("https://git.example/org/repo.git")},
	{name: "clone a branch", steps: clone("https://git.example/org/repo.git", "branch", "feature/x")},
	{name: "clone a number", steps: clone("https://git.example/org/repo.git", "branch", int64(2024))},
	{name: "clone twice", steps: append(clone("https://git.example/org/repo.git"), clone("https://git.example/org/repo.git")...)},
	{name: "clone over another", steps: append(clone("https://git.example/org/repo.git"), clone("https://git.example/repo.git")...)},
	{name: "clone with a token", steps: clone("https://git.example/org/repo.git", "access_token", "tok")},
	{name: "clone with credentials", steps: clone("https://git.example/org/repo.git", "credentials", value.NewMap("username", "user", "token", "tok"))},
	{name: "clone with both", steps: clone("https://git.example/org/repo.git", "access_token", "a", "credentials", value.NewMap("token", "b"))},
	{name: "clone with submodules", steps: clone("https://git.example/org/repo.git", "include_submodules", true)},
	{name: "clone no branch", loose: true, steps: clone("https://git.example/org/repo.git", "branch", "nowhere")},
	{name: "clone a dash", steps: clone("https://git.example/org/repo.git", "branch", "-x")},
	{name: "clone with dots", steps: clone("https://git.example/org/my.github.io")},
	{name: "clone a part", only: 3, steps: clone("https://git.example/org/repo.git", "directories", []value.Value{"a"})},
	{name: "clone elsewhere", only: 3, steps: clone("https://git.example/org/repo.git", "clone_directory_name", "elsewhere/deep")},
	{name: "clone a commit", only: 3, steps: clone("https://git.example/org/repo.git", "commit_sha", "<sha>")},
	{name: "clone a commit and a branch", only: 3, steps: clone("https://git.example/org/repo.git", "commit_sha", "<sha>", "branch", "dev")},
	{name: "clone no commit", only: 3, steps: clone("https://git.example/org/repo.git", "commit_sha", "main")},
	{name: "clone a commit in Prefect 2", only: 2, steps: clone("https://git.example/org/repo.git", "commit_sha", "<sha>")},
}

const scriptPath = "prefect.deployments.steps.run_shell_script"

func script(inputs ...value.Value) []Call {
	return []Call{{Path: scriptPath, Inputs: value.NewMap(inputs...)}}
}

func move(directory value.Value) []Call {
	return []Call{{Path: "prefect.deployments.steps.set_working_directory", Inputs: value.NewMap("directory", directory)}}
}

func pip(inputs ...value.Value) []Call {
	return []Call{{Path: "prefect.deployments.steps.pip_install_requirements", Inputs: value.NewMap(inputs...)}}
}

func clone(repository string, inputs ...value.Value) []Call {
	return []Call{{Path: "prefect.deployments.steps.git_clone", Inputs: value.NewMap(append([]value.Value{"repository", repository}, inputs...)...)}}
}

// answer is all that a series of steps showed.
type answer struct {
	outputs, err, printed, files string
}

// TestNativeStepsDoWhatRealOnesDo runs each call natively and by the function of a real Prefect. make test-oracle runs it.
func TestNativeStepsDoWhatRealOnesDo(t *testing.T) {
	repos := newRemotes(t)
	for _, in := range interpreters(t)[1:] {
		env := append(append([]string{}, repos.env...), "PREFECT_HOME="+t.TempDir(), "PYTHONDONTWRITEBYTECODE=1", "PREFECT_LOGGING_LEVEL=CRITICAL")
		child := python.New(python.Options{Path: in.path, Env: env, Dir: t.TempDir()})
		t.Cleanup(func() { _ = child.Close() })
		for i, c := range alike {
			if c.only != 0 && c.only != in.generation {
				continue
			}
			t.Run(in.name+"/"+c.name, func(t *testing.T) {
				fill := strings.NewReplacer("<sha>", repos.sha)
				scene := func(kind string) string {
					return filepath.Join(repos.root, kind, fmt.Sprint(in.generation, "-", i), "project")
				}
				r := &Runner{Generation: in.generation, Env: env, Python: in.path, Dir: newScene(t, scene("ours")),
					wait: func(context.Context, time.Duration) error { return nil }}
				ours := observe(t, r.Dir, c.steps, fill, func(call Call, say func(string, Stream)) (*value.Map, error) {
					r.Output = say
					return r.Run(t.Context(), call)
				})
				at := python.Scene{Dir: newScene(t, scene("real")), Env: env}
				real := observe(t, at.Dir, c.steps, fill, func(call Call, say func(string, Stream)) (*value.Map, error) {
					at.Output = say
					res, err := child.Run(t.Context(), at, call.Path, call.Inputs, nil)
					if res.Dir != "" {
						at.Dir, at.Env = res.Dir, res.Env
					}
					return res.Outputs, err
				})
				if c.loose {
					ours.err, _, _ = strings.Cut(ours.err, ":")
					real.err, _, _ = strings.Cut(real.err, ":")
					ours.printed = real.printed
				}
				for _, part := range [][3]string{{"outputs", ours.outputs, real.outputs}, {"error", ours.err, real.err}, {"printed", ours.printed, real.printed}, {"files", ours.files, real.files}} {
					if part[1] != part[2] {
						t.Errorf("%s:\nours %.2000s\nreal %.2000s", part[0], part[1], part[2])
					}
				}
			})
		}
	}
}

func newScene(t *testing.T, dir string) string {
	t.Helper()
	prepare(t, dir, true, []string{"file", "one.txt"})
	write(t, filepath.Join(dir, "bin", "tool"), "#!/bin/sh\necho the tool\n")
	if err := os.Chmod(filepath.Join(dir, "bin", "tool"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func observe(t *testing.T, dir string, calls []Call, fill *strings.Replacer, run func(Call, func(string, Stream)) (*value.Map, error)) answer {
	t.Helper()
	plain := strings.NewReplacer(dir, "<dir>")
	var a answer
	var stdout, stderr []string
	for _, call := range calls {
		call.Inputs = replaceText(call.Inputs, fill).(*value.Map)
		out, err := run(call, func(line string, s Stream) {
			if s == Stdout {
				stdout = append(stdout, line)
			} else {
				stderr = append(stderr, line)
			}
		})
		if out != nil {
			a.outputs += plain.Replace(value.Repr(out)) + "\n"
		}
		if err != nil {
			a.err = plain.Replace(raised(err))
			break
		}
	}
	a.printed = plain.Replace(strings.Join(stdout, "\n") + "\n--\n" + strings.Join(stderr, "\n"))
	a.files = filesOf(t, dir)
	return a
}

// raised is "Type: message" of whichever side raised it.
func raised(err error) string {
	var ours *Error
	var real *python.Exception
	switch {
	case errors.As(err, &ours):
		return ours.Type + ": " + strip(ours.Message)
	case errors.As(err, &real):
		return real.Type + ": " + strip(real.Message)
	}
	return err.Error()
}

func filesOf(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == ".git" {
			names = append(names, path[len(dir):])
			return fs.SkipDir
		}
		if !d.IsDir() {
			names = append(names, path[len(dir):])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(names)
	return strings.Join(names, " ")
}

// TestUvInstallsWhatAStepRequires puts a stand-in of uv on the PATH, which makes the module that is asked for.
func TestUvInstallsWhatAStepRequires(t *testing.T) {
	for _, in := range interpreters(t)[1:] {
		t.Run(in.name, func(t *testing.T) {
			dir, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, "bin", "uv"), "#!/bin/sh\necho \"$*\" >uv.log\nprintf 'def f():\\n    return {\"made\": 1}\\n' >needed_module.py\n")
			if err := os.Chmod(filepath.Join(dir, "bin", "uv"), 0o755); err != nil {
				t.Fatal(err)
			}
			env := append(append([]string{}, in.env...), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "PYTHONPATH="+dir)
			r := &Runner{Generation: in.generation, Dir: dir, Env: env, Python: in.path}
			defer r.Close()
			out, err := r.Run(t.Context(), Call{Path: "needed_module.f", Inputs: value.NewMap(), Requires: []string{"needed-module>=1"}})
			if err != nil || value.Repr(out) != "{'made': 1}" {
				t.Fatalf("got %s, %v", value.Repr(out), err)
			}
			text, err := os.ReadFile(filepath.Join(dir, "uv.log"))
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Fields(string(text))
			if len(got) < 5 || strings.Join(got[:3], " ") != "pip install --python" || got[len(got)-1] != "needed-module>=1" {
				t.Errorf("uv was asked to %s", text)
			}
		})
	}
}
