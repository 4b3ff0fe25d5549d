package render_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/internal/render"
)

// same checks that what YAML writes of a file's data reads back as the same data, whatever the file.
func same(t *testing.T, text []byte) bool {
	t.Helper()
	doc := yamldoc.Read(source.New("a.yaml", text))
	for _, p := range doc.Problems {
		if p.Fatal {
			return false
		}
	}
	v, err := doc.Root.Python()
	if err != nil {
		return false
	}
	out, err := render.YAML(v)
	if err != nil {
		return false // pairs, which have no form here, say so
	}
	again := yamldoc.Read(source.New("b.yaml", []byte(out)))
	for _, p := range again.Problems {
		t.Fatalf("%s\nin\n%s", p.Message, out)
	}
	back, err := again.Root.Python()
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, out)
	}
	if a, b := value.Repr(v), value.Repr(back); a != b {
		t.Fatalf("%s\nbecame\n%s\nby\n%s", a, b, out)
	}
	if strings.Contains(out, "<<: *") {
		t.Fatalf("a merge is left in\n%s", out)
	}
	return true
}

var written = []string{
	"a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n", "- - - 1\n  - []\n- {}\n", "s: |\n  one\n   two\n\n  three\n", "s: |+\n  one\n  two\n\n\n",
	"[yes, 'yes', \"no\", 1e3, '1e3', 1.0e+20, .inf, -.INF, .nan, 0o17, 017, '017', 1_000, 12:30:45, '12:30', ~, 'null', '', ' a', 'a ', '#', 'a #b', 'a: b']\n",
	"? [1, 2]\n: 3\n", "2024-01-02: 2024-01-02 03:04:05.5 +02:00\n", "a: !!set {x, y}\n- b", "a: !!binary aGVsbG8=\n",
	"k: \"\\x00\\u2028\\U0001F600\\ud83d\"\n", "'- a': '? b'\n", "a: \"line\\n  indented\\n\"\n", "- \"\\nfirst\"\n- \" first\\nsecond\"\n- \"tab\\tx\\ny\"\n",
	"\"" + strings.Repeat("k", 1500) + "\": v\n", "true: 1\n1: 2\n1.5: 3\nnull: 4\n", "'{{ a.b }}': \"{{ $X }}\"\n", "a: !!omap [{x: 1}]\n", "just text\n", "",
}

func TestYAMLReadsBackAsTheSameData(t *testing.T) {
	for _, text := range written {
		same(t, []byte(text))
	}
	files, err := filepath.Glob("../../testdata/oracle/cases/*/prefect.yaml")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if same(t, text) {
			n++
		}
	}
	if n < 30 {
		t.Errorf("only %d of %d files were compared", n, len(files))
	}
}

func FuzzYAML(f *testing.F) {
	for _, text := range written {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) < 1<<12 {
			same(t, text)
		}
	})
}
