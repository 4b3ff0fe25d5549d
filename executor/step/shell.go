package step

import (
	"context"
	"fmt"
	"math/big"
	"runtime"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

func shellStep(v3 bool) nativeStep {
	s := nativeStep{name: "run_shell_script", run: runShellScript, params: []param{
		required("script"), optional("directory", nil), optional("env", nil),
		optional("stream_output", true), optional("expand_env_vars", false),
	}}
	if v3 {
		s.params = append(s.params, optional("shell", false))
	}
	return s
}

// runShellScript runs each line as a process of its own; the first that fails ends the script.
func runShellScript(ctx context.Context, r *run, args arguments) (*value.Map, error) {
	vars, err := scriptEnv(r.Env, args["env"])
	if err != nil {
		return nil, err
	}
	script, err := args.text("script", "splitlines")
	if err != nil {
		return nil, err
	}
	var stdout, stderr strings.Builder
	for _, line := range splitLines(script) {
		if args.truthy("expand_env_vars") {
			line = expand(line, vars.lookup)
		}
		words, err := scriptWords(line, args.truthy("shell"))
		if err != nil {
			return nil, err
		}
		if len(words) == 0 {
			continue
		}
		c, err := scriptCommand(r, words, vars, args)
		if err != nil {
			return nil, err
		}
		got, err := r.execute(ctx, c, args.truthy("stream_output"))
		if err != nil {
			return nil, err
		}
		stdout.WriteString(got.stdout)
		stderr.WriteString(got.stderr)
		if got.code != 0 {
			return nil, pyError("RuntimeError",
				fmt.Sprintf("`run_shell_script` failed with error code %d: %s", got.code, stderr.String()), "")
		}
	}
	return value.NewMap("stdout", strip(stdout.String()), "stderr", strip(stderr.String())), nil
}

// scriptWords is the command of one line; on Windows and with shell it is the system shell's.
func scriptWords(line string, shell bool) ([]string, error) {
	if !shell && runtime.GOOS != "windows" {
		return splitWords(line)
	}
	line = strip(line)
	if line == "" {
		return nil, nil
	}
	if runtime.GOOS == "windows" {
		return []string{"cmd", "/c", line}, nil
	}
	return []string{"/bin/sh", "-c", line}, nil
}

func scriptCommand(r *run, words []string, vars *variables, args arguments) (command, error) {
	c := command{args: words, dir: r.Dir, shown: r.Dir}
	dir, given, err := args.path("directory")
	if err != nil {
		return c, err
	}
	if given {
		if dir == "" {
			return c, pyError("FileNotFoundError", "[Errno 2] No such file or directory: ''", "directory is empty")
		}
		c.dir, c.shown = r.join(dir), dir
	}
	c.env, err = vars.environ()
	return c, err
}

// variables is an environment whose values are not yet known to be text.
type variables struct {
	values *value.Map
}

// scriptEnv merges a step's env over the environment as Python's dict.update does.
func scriptEnv(environ []string, env value.Value) (*variables, error) {
	v := &variables{value.NewMap()}
	for _, e := range environ {
		if name, text, ok := strings.Cut(e, "="); ok && name != "" {
			v.values.Set(name, text)
		}
	}
	if !value.Truthy(env) {
		return v, nil
	}
	hint := mustBe("env", "a mapping of names to text", env)
	switch env := env.(type) {
	case *value.Map:
		for _, p := range env.Pairs {
			v.values.Set(p.Key, p.Value)
		}
	case []value.Value:
		for i, e := range env {
			pair, length := pairOf(e)
			if length < 0 {
				return nil, pyError("TypeError", fmt.Sprintf("cannot convert dictionary update sequence element #%d to a sequence", i), hint)
			}
			if length != 2 {
				return nil, pyError("ValueError",
					fmt.Sprintf("dictionary update sequence element #%d has length %d; 2 is required", i, length), hint)
			}
			switch pair[0].(type) {
			case []value.Value, *value.Map:
				return nil, pyError("TypeError", fmt.Sprintf("unhashable type: '%s'", typeName(pair[0])), hint)
			}
			v.values.Set(pair[0], pair[1])
		}
	case string:
		return nil, pyError("ValueError", "dictionary update sequence element #0 has length 1; 2 is required", hint)
	default:
		return nil, pyError("TypeError", fmt.Sprintf("'%s' object is not iterable", typeName(env)), hint)
	}
	return v, nil
}

// pairOf reads a sequence as Python's dict.update does; length is -1 when it is none.
func pairOf(v value.Value) (pair []value.Value, length int) {
	switch v := v.(type) {
	case []value.Value:
		return v, len(v)
	case string:
		for _, c := range v {
			pair = append(pair, string(c))
		}
		return pair, len(pair)
	case *value.Map:
		for _, p := range v.Pairs {
			pair = append(pair, p.Key)
		}
		return pair, len(pair)
	}
	return nil, -1
}

func (v *variables) lookup(name string) (string, bool) {
	x, ok := v.values.Get(name)
	return value.Str(x), ok
}

// environ is the environment of a process, or Python's error for what cannot be in one.
func (v *variables) environ() ([]string, error) {
	env := make([]string, 0, v.values.Len())
	for _, p := range v.values.Pairs {
		name, err := envText(p.Key, fmt.Sprintf("the env name %s", value.Repr(p.Key)))
		if err != nil {
			return nil, err
		}
		if strings.Contains(name, "=") {
			return nil, pyError("ValueError", "illegal environment variable name", fmt.Sprintf("env name %q contains =", name))
		}
		text, err := envText(p.Value, "env."+name)
		if err != nil {
			return nil, err
		}
		env = append(env, name+"="+text)
	}
	return env, nil
}

func envText(v value.Value, what string) (string, error) {
	s, ok := v.(string)
	if !ok {
		hint := what + " must be text, not a " + value.TypeName(v)
		switch v.(type) {
		case bool, int64, float64, *big.Int:
			hint = what + " must be text; quote it: \"" + value.Str(v) + "\""
		}
		return "", pyError("TypeError", fmt.Sprintf("expected str, bytes or os.PathLike object, not %s", typeName(v)), hint)
	}
	if strings.ContainsRune(s, 0) {
		return "", pyError("ValueError", "embedded null byte", what+" contains a NUL character")
	}
	return s, nil
}
