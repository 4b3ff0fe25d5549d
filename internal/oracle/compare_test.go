package oracle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// deviation is one place where prefectc left something else than Prefect did, as compare.py prints it.
type deviation struct {
	path     string // "phase2.snapshot.deployments[flow/name].tags"; no phase when the case has one
	what     string // "missing", "extra" or "differs"
	expected string // JSON, "" when extra
	actual   string // JSON, "" when missing
}

func (d deviation) String() string {
	text := d.path + ": " + d.what
	if d.what != "extra" {
		text += "\n  prefect  " + d.expected
	}
	if d.what != "missing" {
		text += "\n  prefectc " + d.actual
	}
	return text
}

// compare lists every deviation of got from the recording of Prefect's own deploy.
func (s server) compare(t *testing.T, testCase, got string) []deviation {
	t.Helper()
	expected := filepath.Join(kit, "cases", testCase, "expected", fmt.Sprintf("%d.json", s.generation))
	got = withoutState(t, got)
	cmd := exec.Command(filepath.Join(s.venvs, "p3", "bin", "python"), filepath.Join(kit, "compare.py"), expected, got)
	cmd.Env = s.environ()
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1 && len(out) > 0) {
		t.Fatalf("compare %s with %s: %v\n%s", expected, got, err, out)
	}
	found := parseDeviations(string(out))
	if (err == nil) != (len(found) == 0) {
		t.Fatalf("compare.py and this test disagree: %v\n%s", err, out)
	}
	return found
}

// withoutState is a result without the files that apply remembers things in: row state-kept of docs/differences.md.
func withoutState(t *testing.T, got string) string {
	t.Helper()
	text, err := os.ReadFile(got)
	if err != nil {
		t.Fatal(err)
	}
	var result map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // 600.0 and 600 are not the same here
	if err := decoder.Decode(&result); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	const state = ".prefectc/"
	phases, _ := result["phases"].([]any)
	for _, phase := range phases {
		files, _ := phase.(map[string]any)["files"].(map[string]any)
		created, _ := files["created"].(map[string]any)
		for name := range created {
			if strings.HasPrefix(name, state) {
				delete(created, name)
			}
		}
		for _, kind := range []string{"modified", "deleted"} {
			list, _ := files[kind].([]any)
			if kept := slices.DeleteFunc(list, func(name any) bool { return strings.HasPrefix(name.(string), state) }); list != nil {
				files[kind] = kept
			}
		}
	}
	if text, err = json.Marshal(result); err != nil {
		t.Fatal(err)
	}
	clean := filepath.Join(t.TempDir(), "got.json")
	if err := os.WriteFile(clean, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return clean
}

var heading = regexp.MustCompile(`^(\S.*): (missing|extra|differs)$`)

func parseDeviations(out string) []deviation {
	var found []deviation
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		if m := heading.FindStringSubmatch(line); m != nil {
			found = append(found, deviation{path: m[1], what: m[2]})
			continue
		}
		if len(found) == 0 {
			continue
		}
		last := &found[len(found)-1]
		if value, ok := strings.CutPrefix(line, "  - expected "); ok {
			last.expected = value
		} else if value, ok := strings.CutPrefix(line, "  + actual   "); ok {
			last.actual = value
		}
	}
	return found
}

// difference is a deviation we mean.
type difference struct {
	row  string // of docs/differences.md
	path string // a deviation's path or a prefix of it that ends at a dot or bracket; [*] stands for any index, phase* for any phase
	want string // what prefectc must leave instead, as JSON; "" for whatever it is, absent for nothing
}

// absent as a difference's want: prefectc leaves nothing there.
const absent = "(absent)"

func (d difference) allows(v deviation) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(d.path), `\[\*\]`, `\[[^\]]*\]`)
	pattern = strings.ReplaceAll(pattern, `phase\*`, `phase\d+`)
	if !regexp.MustCompile(`^` + pattern + `($|[.\[])`).MatchString(v.path) {
		return false
	}
	switch d.want {
	case "":
		return true
	case absent:
		return v.what == "missing"
	default:
		return v.actual == d.want
	}
}

// judge reports the deviations nobody meant, and the meant ones that did not happen.
func judge(found []deviation, meant []difference) []string {
	var complaints []string
	used := make([]bool, len(meant))
next:
	for _, v := range found {
		for i, d := range meant {
			if d.allows(v) {
				used[i] = true
				continue next
			}
		}
		complaints = append(complaints, v.String())
	}
	for i, d := range meant {
		if !used[i] {
			complaints = append(complaints, fmt.Sprintf("%s: listed as an intended difference (%s), but it does not differ that way", d.path, d.row))
		}
	}
	return complaints
}

func TestJudge(t *testing.T) {
	tags := deviation{path: "snapshot.deployments[f/d].tags[0]", what: "differs", expected: `"plain"`, actual: `"out"`}
	log := deviation{path: "phase1.files.created.docker.log", what: "missing", expected: `"build"`}
	for name, test := range map[string]struct {
		found []deviation
		meant []difference
		want  int // complaints
	}{
		"equal":                        {nil, nil, 0},
		"not meant":                    {[]deviation{tags}, nil, 1},
		"meant":                        {[]deviation{tags}, []difference{{path: "snapshot.deployments[f/d].tags"}}, 0},
		"meant for any deployment":     {[]deviation{tags}, []difference{{path: "snapshot.deployments[*].tags"}}, 0},
		"meant with its value":         {[]deviation{tags}, []difference{{path: "snapshot.deployments[*].tags", want: `"out"`}}, 0},
		"meant with another value":     {[]deviation{tags}, []difference{{path: "snapshot.deployments[*].tags", want: `"in"`}}, 2},
		"half a field name":            {[]deviation{tags}, []difference{{path: "snapshot.deployments[*].tag"}}, 2},
		"meant to be absent":           {[]deviation{log}, []difference{{path: "phase1.files.created", want: absent}}, 0},
		"meant to be absent, but is":   {[]deviation{tags}, []difference{{path: "snapshot.deployments[*].tags", want: absent}}, 2},
		"meant, but does not happen":   {nil, []difference{{path: "snapshot"}}, 1},
		"one of two":                   {[]deviation{tags, log}, []difference{{path: "phase1.files"}}, 1},
		"a phase is part of the place": {[]deviation{log}, []difference{{path: "phase2.files"}}, 2},
		"any phase":                    {[]deviation{log}, []difference{{path: "phase*.files"}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := judge(test.found, test.meant); len(got) != test.want {
				t.Errorf("%d complaints, want %d: %q", len(got), test.want, got)
			}
		})
	}
}
