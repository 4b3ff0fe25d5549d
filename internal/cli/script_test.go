package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/prefectc/prefectc/internal/golden"
)

// runVariable makes the test binary be the program, for tests that kill it.
const runVariable = "PREFECTC_TEST_RUN"

func TestMain(m *testing.M) {
	if os.Getenv(runVariable) != "" {
		os.Exit(Main(context.Background(), OS(), os.Args[1:]))
	}
	testscript.Main(m, map[string]func(){
		"prefectc": func() { os.Exit(Main(context.Background(), OS(), os.Args[1:])) },
	})
}

// TestScripts runs testdata/script/*.txtar; see the README there for what they can say.
func TestScripts(t *testing.T) {
	python := realPython(t)
	fake, err := filepath.Abs("../../executor/step/testdata/fake")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                "../../testdata/script",
		UpdateScripts:      golden.Update(),
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			dir, err := filepath.EvalSymlinks(env.WorkDir)
			if err != nil {
				return err
			}
			env.Setenv("PATH", filepath.Dir(python)+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("PYTHONPATH", fake)
			env.Setenv("PYTHONDONTWRITEBYTECODE", "1")
			env.Setenv("REALWORK", dir)
			env.Values[apiKey{}] = &fakeAPI{}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code": cmdCode, "plain": cmdPlain, "bytes": cmdBytes, "repeat": cmdRepeat, "api": cmdAPI,
		},
	})
}

// realPython is the interpreter behind python3, which may be a shim that needs the developer's home.
func realPython(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		t.Fatalf("python3 is needed for steps that are Python: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// cmdCode runs a command and holds its exit code against the number: code 2 prefectc check nothing.yaml.
func cmdCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command [args…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			ts.Fatalf("%v", err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

var (
	clockTime = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?`)
	duration  = regexp.MustCompile(`\b\d+(\.\d+)?(ms|s)\b`)
)

// cmdPlain copies stdout, stderr or a file without what differs from run to run, for cmp: plain stderr got.txt. The working
// directory becomes $WORK, the server's address $API, a time of day $TIME and a duration $TOOK.
func cmdPlain(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: plain stdout|stderr|file copy")
	}
	text := ts.ReadFile(args[0])
	for _, r := range []struct{ value, name string }{{ts.Getenv("API"), "$API"}, {ts.Getenv("REALWORK"), "$WORK"}, {ts.Getenv("WORK"), "$WORK"}} {
		if r.value != "" {
			text = strings.ReplaceAll(text, r.value, r.name)
		}
	}
	text = duration.ReplaceAllString(clockTime.ReplaceAllString(text, "$$TIME"), "$$TOOK")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o666))
}

// cmdBytes writes a file from hexadecimal digits: bytes utf16.yaml fffe 6100. Words after a + are taken as they are.
func cmdBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: bytes file hex|+text…")
	}
	var all []byte
	for _, a := range args[1:] {
		if text, ok := strings.CutPrefix(a, "+"); ok {
			all = append(all, text...)
			continue
		}
		b, err := hex.DecodeString(a)
		ts.Check(err)
		all = append(all, b...)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), all, 0o666))
}

// cmdRepeat appends a text many times to a file: repeat deep.yaml 10000 '['.
func cmdRepeat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: repeat file count text")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	ts.Check(err)
	_, err = f.WriteString(strings.Repeat(strings.ReplaceAll(args[2], `\n`, "\n"), n))
	ts.Check(err)
	ts.Check(f.Close())
}
