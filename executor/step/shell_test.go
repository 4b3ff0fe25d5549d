package step

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/value"
)

const shell = "prefect.deployments.steps.run_shell_script"

func TestShellScripts(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "sub", "marker.txt"), "")
	write(t, filepath.Join(dir, "noshebang"), "echo hi\n")
	write(t, filepath.Join(dir, "plain"), "")
	write(t, filepath.Join(dir, "own", "tool"), "#!/bin/sh\necho own tool\n")
	for _, f := range []string{"noshebang", "own/tool"} {
		if err := os.Chmod(filepath.Join(dir, f), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	m := value.NewMap
	for _, c := range []struct {
		name           string
		inputs         *value.Map
		stdout, stderr string
		class, message string
	}{
		{"words, no operators", m("script", "echo a | tr a b\necho x && echo y > out.txt\n  echo 'single $USER' back\\ slash"), "a | tr a b\nx && echo y > out.txt\nsingle $USER back slash", "", "", ""},
		{"both streams", m("script", "sh -c 'echo out; echo err >&2'"), "out", "err", "", ""},
		{"env reaches the process", m("script", "sh -c 'echo \"$NAME/$OUTER\"'", "env", m("NAME", "w")), "w/outer", "", "", ""},
		{"expansion splits into words", m("script", "printf <%s> $A ${NOPE} $$", "env", m("A", "x y"), "expand_env_vars", true), "<x><y><${NOPE}><$>", "", "", ""},
		{"directory", m("script", "ls", "directory", "sub"), "marker.txt", "", "", ""},
		{"PATH of env", m("script", "tool", "env", m("PATH", filepath.Join(dir, "own"))), "own tool", "", "", ""},
		{"relative PATH counts from directory", m("script", "tool", "directory", "own", "env", m("PATH", ".")), "own tool", "", "", ""},
		{"empty script", m("script", ""), "", "", "", ""},
		{"the first failure ends it", m("script", "sh -c 'echo bad >&2; exit 3'\ntouch never"), "", "", "RuntimeError", "`run_shell_script` failed with error code 3: bad\n"},
		{"ended by a signal", m("script", "sh -c 'kill -9 $$'"), "", "", "RuntimeError", "`run_shell_script` failed with error code -9: "},
		{"unknown command", m("script", "no-such-command x"), "", "", "FileNotFoundError", "[Errno 2] No such file or directory: 'no-such-command'"},
		{"not executable", m("script", "./plain"), "", "", "PermissionError", "[Errno 13] Permission denied: './plain'"},
		{"no interpreter line", m("script", "./noshebang"), "", "", "OSError", "[Errno 8] Exec format error: './noshebang'"},
		{"a directory is a file", m("script", "ls", "directory", "plain"), "", "", "NotADirectoryError", "[Errno 20] Not a directory: 'plain'"},
		{"unclosed quote", m("script", "echo 'a"), "", "", "ValueError", "No closing quotation"},
		{"nul", m("script", "echo a\x00b"), "", "", "ValueError", "embedded null byte"},
		{"env value not text", m("script", "echo a", "env", m("N", int64(1))), "", "", "TypeError", "expected str, bytes or os.PathLike object, not int"},
		{"but a blank script does not look at it", m("script", " ", "env", m("N", int64(1))), "", "", "", ""},
		{"shell", m("script", "echo hello | tr a-z A-Z\necho $NAME && exit 0", "shell", true, "env", m("NAME", "n")), "HELLO\nn", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &Runner{Generation: 3, Dir: dir, Env: append(os.Environ(), "OUTER=outer")}
			got, err := r.Run(t.Context(), Call{Path: shell, Inputs: c.inputs})
			if c.class != "" {
				raises(c.class, c.message)(t, r, nil, got, err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := m("stdout", c.stdout, "stderr", c.stderr); !value.Equal(got, want) {
				t.Errorf("got %s, want %s", value.Repr(got), value.Repr(want))
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "never")); err == nil {
		t.Error("a script went on after a failure")
	}
}

func TestOutputIsStreamedOnlyWhenAsked(t *testing.T) {
	for _, stream := range []bool{true, false} {
		out := &printed{}
		r := &Runner{Dir: t.TempDir(), Env: os.Environ(), Output: out.add, Redact: func(s string) string { return strings.ReplaceAll(s, "hidden", "######") }}
		got, err := r.Run(t.Context(), Call{Path: shell, Inputs: value.NewMap("script", "printf 'one\\ntwo hidden'", "stream_output", stream)})
		if err != nil || value.Str(first(got.Get("stdout"))) != "one\ntwo hidden" {
			t.Fatalf("got %s, %v", value.Repr(got), err)
		}
		var want []string
		if stream {
			want = []string{"one", "two ######"}
		}
		if !slices.Equal(out.stdout, want) {
			t.Errorf("printed %q, want %q", out.stdout, want)
		}
	}
}

func TestHintsSayWhatWouldBeRight(t *testing.T) {
	for _, c := range []struct {
		path   string
		inputs *value.Map
		hint   string
	}{
		{shell, value.NewMap("scirpt", "x"), `did you mean "script"`},
		{shell, value.NewMap("script", "x", "cwd", "."), "run_shell_script takes script, directory, env, stream_output, expand_env_vars, shell"},
		{shell, value.NewMap("directory", "x"), "give script a value"},
		{shell, value.NewMap("script", int64(5)), `script must be text, not a whole number; quote it: "5"`},
		{shell, value.NewMap("script", "cd sub"), `"cd" is not a program`},
		{shell, value.NewMap("script", "A=1 make"), "put shell syntax into one"},
		{shell, value.NewMap("script", "echo", "env", value.NewMap("N", true)), `env.N must be text; quote it: "True"`},
		{"prefect.deployments.steps.git_clone", value.NewMap("repository", "x", "brnach", "y"), `did you mean "branch"`},
		{"prefect.deployments.steps.set_working_directory", value.NewMap("directory", "~/x"), "~ is not expanded"},
		{"run_shell_script", value.NewMap(), "package.module.function"},
	} {
		r := &Runner{Dir: t.TempDir(), Env: os.Environ()}
		_, err := r.Run(t.Context(), Call{Path: c.path, Inputs: c.inputs})
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Hint, c.hint) || !strings.Contains(err.Error(), e.Hint) || e.Step != c.path {
			t.Errorf("%s(%s): got %v, want hint %q", c.path, value.Repr(c.inputs), err, c.hint)
		}
	}
}
