package step

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/step/python"
)

// interpreter is a Python to test with: python3 with the stand-in of Prefect in testdata/fake, and, where PREFECTC_VENVS
// names the directory of the virtual environments p2 and p3, real Prefect.
type interpreter struct {
	name, path string
	generation int
	env        []string
}

func interpreters(t *testing.T) []interpreter {
	t.Helper()
	fake, err := filepath.Abs("testdata/fake")
	if err != nil {
		t.Fatal(err)
	}
	base := append(os.Environ(), "PREFECT_HOME="+t.TempDir(), "PYTHONDONTWRITEBYTECODE=1", "ODD_OLD=old", "PREFECT_LOGGING_LEVEL=CRITICAL")
	all := []interpreter{{"fake", plainPython(t), 3, append(slices.Clone(base), "PYTHONPATH="+fake)}}
	if venvs := os.Getenv("PREFECTC_VENVS"); venvs != "" {
		for _, g := range []int{2, 3} {
			all = append(all, interpreter{fmt.Sprintf("prefect%d", g), filepath.Join(venvs, fmt.Sprintf("p%d/bin/python", g)), g, base})
		}
	}
	return all
}

// printed collects output.
type printed struct{ stdout, stderr []string }

func (p *printed) add(line string, s Stream) {
	if s == Stderr {
		p.stderr = append(p.stderr, line)
		return
	}
	p.stdout = append(p.stdout, line)
}

func project(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS("testdata/project")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestPythonSteps(t *testing.T) {
	for _, in := range interpreters(t) {
		t.Run(in.name, func(t *testing.T) {
			out := &printed{}
			r := &Runner{Generation: in.generation, Dir: project(t), Env: in.env, Python: in.path, Output: out.add}
			defer r.Close()
			for _, c := range pythonCases {
				t.Run(c.name, func(t *testing.T) {
					*out = printed{}
					got, err := r.Run(t.Context(), Call{Path: "odd_steps." + c.step, Inputs: c.inputs, Requires: c.requires})
					c.check(t, r, out, got, err)
				})
			}
		})
	}
}

var pythonCases = []struct {
	name, step string
	inputs     *value.Map
	requires   []string
	check      func(t *testing.T, r *Runner, out *printed, got *value.Map, err error)
}{
	{"inputs arrive with their kinds and order", "echo", value.NewMap("z", int64(1), "a", 1.0, "list", []value.Value{nil, true, "é"},
		"map", value.NewMap(int64(1), "x", "m", value.NewMap()), "text", "{{ not.templated }}"), nil, returns(
		`{'z': 1, 'a': 1.0, 'list': [None, True, 'é'], 'map': {1: 'x', 'm': {}}, 'text': '{{ not.templated }}'}`)},
	{"outputs arrive with their kinds", "kinds", value.NewMap(), nil, func(t *testing.T, r *Runner, out *printed, got *value.Map, err error) {
		returns(`{'day': datetime.date(2024, 1, 2), 'moment': datetime.datetime(2024, 1, 2, 3, 4, 5, 600), `+
			`'aware': datetime.datetime(2024, 1, 2, 0, 0, tzinfo=datetime.timezone.utc), 'raw': b'\x00\xff', 'pair': [1, 2], 'path': 'a/b', `+
			`'big': 1180591620717411303424, 'nan': nan, 'one': 1.0, 'unique': {7}, 3: 'number key', None: 'null key', 'client': 'a client', `+
			`'nested': {'deep': [{'x': {}}]}, '': '', 'text': 'line\nbreak \u2028 😀'}`)(t, r, out, got, err)
		if len(out.stderr) != 1 || out.stderr[0] != "output client is a Client; it is kept as text" {
			t.Errorf("said %q", out.stderr)
		}
	}},
	{"a coroutine is awaited", "awaited", value.NewMap("text", "hi"), nil, returns(`{'text': 'HI'}`)},
	{"anything but a mapping is no output", "text", value.NewMap(), nil, returns(``)},
	{"what a step prints is passed on whole and apart from replies", "talk", value.NewMap(), nil, func(t *testing.T, r *Runner, out *printed, got *value.Map, err error) {
		returns(`{}`)(t, r, out, got, err)
		if want := []string{"out", `{"id": 1, "result": "not a reply"}`, "raw", "from a command", "this step is old"}; !slices.Equal(out.stdout, want) {
			t.Errorf("standard output %q, want %q", out.stdout, want)
		}
		if want := []string{"err", "unfinished"}; !slices.Equal(out.stderr, want) {
			t.Errorf("standard error %q, want %q", out.stderr, want)
		}
	}},
	{"megabytes on both streams and in the reply", "flood", value.NewMap("lines", int64(20000)), nil, func(t *testing.T, r *Runner, out *printed, got *value.Map, err error) {
		if text, _ := got.Get("text"); err != nil || len(value.Str(text)) != 3_000_000 {
			t.Fatalf("got %d keys, %v", got.Len(), err)
		}
		if len(out.stdout) != 20000 || len(out.stderr) != 20000 {
			t.Errorf("%d and %d lines", len(out.stdout), len(out.stderr))
		}
	}},
	{"an exception keeps class and message, and secrets are masked", "fail", value.NewMap("access_token", "s3cr3t"), nil, func(t *testing.T, r *Runner, out *printed, got *value.Map, err error) {
		raises("ValueError", "cannot log in with ***")(t, r, out, got, err)
		if !slices.Equal(out.stdout, []string{"token is ***"}) {
			t.Errorf("printed %q", out.stdout)
		}
		var e *Error
		if errors.As(err, &e); strings.Contains(e.Traceback, "s3cr3t") || !strings.Contains(e.Traceback, "in fail") {
			t.Errorf("traceback:\n%s", e.Traceback)
		}
	}},
	{"an unknown keyword", "awaited", value.NewMap("txt", "hi"), nil, raises("TypeError", "awaited() got an unexpected keyword argument 'txt'")},
	{"a function that is not there", "nope", value.NewMap(), nil, raises("AttributeError", "module 'odd_steps' has no attribute 'nope'")},
	{"sys.exit is an error of the step", "leave", value.NewMap("how", "exit"), nil, raises("SystemExit", "3")},
	{"an interpreter that ends is told with its last words", "leave", value.NewMap("how", "_exit"), nil, crashes("ended with exit status 7")},
	{"and the next step has a new one", "awaited", value.NewMap("text", "back"), nil, returns(`{'text': 'BACK'}`)},
	{"an interpreter that is killed", "leave", value.NewMap("how", "kill"), nil, crashes("was ended by signal 9")},
	{"standard input is empty", "ask", value.NewMap(), nil, returns(`{'stdin': ''}`)},
	{"data that contains itself", "endless", value.NewMap(), nil, raises("ValueError", "")},
	{"a date is refused before Python is asked", "echo", value.NewMap("a", value.Date{Year: 2024, Month: 1, Day: 1}), nil, raises("ValueError", "Unexpected template type 'date'")},
	{"directory and environment a step changes are the next step's", "move", value.NewMap("directory", "sub"), nil, func(t *testing.T, r *Runner, out *printed, got *value.Map, err error) {
		returns(`{'directory': 'sub'}`)(t, r, out, got, err)
		native, err := r.Run(t.Context(), Call{Path: "prefect.deployments.steps.run_shell_script",
			Inputs: value.NewMap("script", "pwd\necho $ODD_NEW $ODD_OLD", "expand_env_vars", true, "stream_output", false)})
		if want := r.home + "/sub\nset by a step $ODD_OLD"; err != nil || value.Str(first(native.Get("stdout"))) != want {
			t.Errorf("the shell saw %s, %v; want %q", value.Repr(native), err, want)
		}
		seen, err := r.Run(t.Context(), Call{Path: "odd_steps.seen", Inputs: value.NewMap()})
		returns(fmt.Sprintf(`{'cwd': '%s/sub', 'new': 'set by a step', 'old': None}`, r.home))(t, r, out, seen, err)
	}},
	{"a step may close the standard output", "close", value.NewMap(), nil, returns(`{'done': True}`)},
}

func first(v value.Value, _ bool) value.Value { return v }

func returns(want string) func(*testing.T, *Runner, *printed, *value.Map, error) {
	return func(t *testing.T, _ *Runner, _ *printed, got *value.Map, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		if got != nil {
			text = value.Repr(got)
		}
		if text != want {
			t.Errorf("got  %s\nwant %s", text, want)
		}
	}
}

func raises(class, message string) func(*testing.T, *Runner, *printed, *value.Map, error) {
	return func(t *testing.T, _ *Runner, _ *printed, _ *value.Map, err error) {
		t.Helper()
		var e *Error
		if !errors.As(err, &e) || e.Type != class || message != "" && e.Message != message {
			t.Fatalf("got %v, want %s: %s", err, class, message)
		}
	}
}

func crashes(how string) func(*testing.T, *Runner, *printed, *value.Map, error) {
	return func(t *testing.T, _ *Runner, _ *printed, _ *value.Map, err error) {
		t.Helper()
		var crash *python.Crash
		if !errors.As(err, &crash) || !strings.Contains(err.Error(), how) || !strings.Contains(err.Error(), "last words") {
			t.Fatalf("got %v", err)
		}
	}
}

func TestInterruptEndsTheWholeGroup(t *testing.T) {
	for _, in := range interpreters(t)[:1] {
		r := &Runner{Dir: project(t), Env: in.env, Python: in.path}
		defer r.Close()
		for name, c := range map[string]Call{
			"python": {Path: "odd_steps.hang", Inputs: value.NewMap("file", "pids")},
			"shell": {Path: "prefect.deployments.steps.run_shell_script",
				Inputs: value.NewMap("script", `sh -c 'sleep 60 & echo $$ $! > pids.tmp; mv pids.tmp pids; wait'`)},
		} {
			t.Run(name, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				file := filepath.Join(r.Dir, "pids")
				go func() {
					for ctx.Err() == nil {
						if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), " ") {
							cancel()
						}
						time.Sleep(10 * time.Millisecond)
					}
				}()
				_, err := r.Run(ctx, c)
				if !errors.Is(err, context.Canceled) {
					t.Fatalf("got %v", err)
				}
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				for _, pid := range strings.Fields(string(text)) {
					if !gone(pid) {
						t.Errorf("process %s is still there", pid)
					}
				}
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// gone waits for a process to end; one that ended but was not waited for by its new parent counts as gone.
func gone(pid string) bool {
	for range 200 {
		status, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(status), ") Z") {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func TestFlowAsPrefectSeesIt(t *testing.T) {
	for _, in := range interpreters(t) {
		t.Run(in.name, func(t *testing.T) {
			r := &Runner{Generation: in.generation, Dir: project(t), Env: in.env, Python: in.path}
			defer r.Close()
			v, err := r.Versions(t.Context())
			if err != nil || in.name != "fake" && !strings.HasPrefix(v.Prefect, fmt.Sprint(in.generation)+".") {
				t.Fatalf("got %+v, %v", v, err)
			}
			if in.name == "fake" {
				_, err := r.Flow(t.Context(), "flows.py:described")
				var e *python.Exception
				if !errors.As(err, &e) || e.Type != "LookupError" {
					t.Fatalf("got %v", err)
				}
				return
			}
			f, err := r.Flow(t.Context(), "flows.py:described")
			if err != nil {
				t.Fatal(err)
			}
			if f.Name != "Named" || f.Description != "Does it." || f.Version != "1.2" {
				t.Errorf("got %+v", f)
			}
			want, err := value.FromJSON([]byte(`{"title": "Parameters", "type": "object", "required": ["x"], "properties": {
				"x": {"position": 0, "title": "x", "type": "integer"},
				"names": {"position": 1, "title": "names", "default": null, "anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]}}}`))
			if err != nil {
				t.Fatal(err)
			}
			schema := value.Clone(f.Schema).(*value.Map)
			if d, ok := schema.Get("definitions"); ok && !value.Truthy(d) {
				schema.Delete("definitions")
			}
			if !value.Equal(schema, want) {
				t.Errorf("got schema %s", value.Repr(f.Schema))
			}
			if f, err := r.Flow(t.Context(), "flows.py:plain_flow"); err != nil || f.Name != "plain-flow" {
				t.Errorf("got %+v, %v", f, err)
			}
			_, err = r.Flow(t.Context(), "flows.py:nope")
			if err == nil {
				t.Error("a flow that is not there was found")
			}
		})
	}
}

func TestWithoutPrefectTheWayOutIsSaid(t *testing.T) {
	r := &Runner{Dir: t.TempDir(), Env: append(os.Environ(), "PYTHONPATH=", "PYTHONNOUSERSITE=1"), Python: plainPython(t)}
	defer r.Close()
	_, err := r.Run(t.Context(), Call{Path: "some.step", Inputs: value.NewMap()})
	var missing *python.MissingPrefect
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), "PREFECTC_PYTHON") {
		t.Fatalf("got %v", err)
	}
}
