package compiler_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// fuzzedProject is the project around fuzzed files.
var fuzzedProject = inMemory(map[string]string{
	"flows/etl.py": "from prefect import flow\n\n\n@flow\ndef etl(day: str, rows: int = 10):\n    pass\n",
	".git/HEAD":    "ref: refs/heads/main\n",
})

// FuzzRules runs all rules over any text: none may fail, every span must lie in the file, and no fix may turn YAML into
// something else.
func FuzzRules(f *testing.F) {
	paths, err := filepath.Glob(filepath.Join(casesDir, "*", "*.yaml"))
	if err != nil || len(paths) < 50 {
		f.Fatalf("%d cases, %v", len(paths), err)
	}
	for i, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, i%2 == 0)
	}
	f.Add([]byte("0\ndeployments:\n- entrypoint: 00000/000:000\n\n   00"), true) // a text over several lines
	c := theCompiler(f)
	f.Fuzz(func(t *testing.T, text []byte, two bool) {
		if len(text) > 1<<14 {
			return
		}
		in := compiler.Input{File: source.New("prefect.yaml", text), Generation: schema.Prefect3, Read: fuzzedProject}
		if two {
			in.Generation = schema.Prefect2
		}
		r, err := c.Check(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		was := fatal(r.Doc)
		for _, d := range r.Diagnostics {
			if strings.HasPrefix(d.Message, "internal error") {
				t.Fatalf("%s: %s", d.Rule, d.Message)
			}
			if d.Span.Start < 0 || d.Span.End < d.Span.Start || d.Span.End > len(text) {
				t.Fatalf("%s: span %v of %d bytes", d.Rule, d.Span, len(text))
			}
			for _, fix := range d.Fixes {
				if was > 0 {
					break // where text could not be read, one fix may uncover another problem
				}
				if doc := yamldoc.Read(source.New("prefect.yaml", compiler.Edited(text, fix.Edits))); fatal(doc) > 0 {
					t.Fatalf("%s: %q breaks the file: %s", d.Rule, fix.Title, doc.Problems[0].Message)
				}
			}
		}
	})
}
