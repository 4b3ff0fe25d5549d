package python

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindGoesFromTheNearestToTheFarthest(t *testing.T) {
	root := t.TempDir()
	file := func(path, text string) string {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	named := file("named/python3.12", "")
	active := file("active/bin/python", "")
	path := file("path/python3", "")
	tool := file("tool/bin/python3", "")
	file("scripts/prefect", "#!"+tool+"\nimport prefect\n")
	file("broken/prefect", "\x7fELF")
	project := filepath.Join(root, "project")
	hidden := file("project/.venv/bin/python", "")
	plain := file("other/venv/bin/python", "")
	onlyPath := "PATH=" + filepath.Join(root, "path")
	for _, c := range []struct {
		name, dir, want string
		env             []string
	}{
		{"PREFECTC_PYTHON", project, named, []string{"PREFECTC_PYTHON=" + named, "VIRTUAL_ENV=" + filepath.Join(root, "active")}},
		{"PREFECTC_PYTHON relative to the project", project, named, []string{"PREFECTC_PYTHON=../named/python3.12"}},
		{"PREFECTC_PYTHON as a command", project, path, []string{"PREFECTC_PYTHON=python3", onlyPath}},
		{"active environment", project, active, []string{"VIRTUAL_ENV=" + filepath.Join(root, "active"), onlyPath}},
		{".venv", project, hidden, []string{onlyPath, "VIRTUAL_ENV=/nowhere"}},
		{"venv", filepath.Join(root, "other"), plain, []string{onlyPath}},
		{"interpreter of the prefect command", root, tool, []string{onlyPath + ":" + filepath.Join(root, "scripts")}},
		{"python3", root, path, []string{onlyPath + ":" + filepath.Join(root, "broken")}},
	} {
		if got, err := Find(c.env, c.dir); got != c.want || err != nil {
			t.Errorf("%s: got %s, %v; want %s", c.name, got, err, c.want)
		}
	}
	for _, env := range [][]string{{"PATH="}, {"PREFECTC_PYTHON=" + root + "/nope", onlyPath}} {
		if got, err := Find(env, root); err == nil || !strings.Contains(err.Error(), Variable) {
			t.Errorf("%v: got %s, %v", env, got, err)
		}
	}
}

func TestMarkersAreTakenOutWhereverTheyStand(t *testing.T) {
	const marker = "\x1eabc\x1f"
	text := "one" + marker + "\x1eab" + marker + marker + "two\x1e"
	for size := 1; size < len(text); size++ {
		var b strings.Builder
		seen := 0
		s := &splitter{marker: []byte(marker), to: &b, marked: func() { seen++ }}
		for rest := text; rest != ""; {
			n := min(size, len(rest))
			if _, err := s.Write([]byte(rest[:n])); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if b.String()+string(s.rest) != "one\x1eabtwo\x1e" || seen != 3 {
			t.Errorf("in pieces of %d: got %q and %d markers", size, b.String(), seen)
		}
	}
}

func FuzzFromWire(f *testing.F) {
	f.Add("m", "x")
	f.Add("t", "2024-01-01T00:00:00+01:00:30")
	f.Add("b", "AA==")
	f.Fuzz(func(t *testing.T, tag, text string) {
		_, _ = tagged(tag, text, nil)
		_, _ = tagged(tag, []any{[]any{text, nil}}, nil)
	})
}
