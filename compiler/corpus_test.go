package compiler_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/internal/golden"
	"github.com/prefectc/prefectc/schema"
)

// corpus holds real files, which are other people's: they are looked at where they lie, beside the checkout, and only
// our verdicts are kept, under the hash of the file.
const corpus = "../../shared/corpus"

// realFile is an entry of the corpus's manifest.
type realFile struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	YAML   string `json:"yaml"`
	Model  string `json:"prefect_3_8_8_model"`
}

func realFiles(t *testing.T) []realFile {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join(corpus, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the corpus is not beside this checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	var files []realFile
	if err := json.Unmarshal(manifest, &files); err != nil {
		t.Fatal(err)
	}
	if len(files) < 200 {
		t.Fatalf("only %d files in the manifest", len(files))
	}
	return files
}

func checkReal(t *testing.T, c *compiler.Compiler, f realFile, g schema.Generation) *compiler.Result {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(corpus, f.File))
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Check(context.Background(), compiler.Input{File: source.New("prefect.yaml", text), Generation: g})
	if err != nil {
		t.Fatalf("%s: %v", f.File, err)
	}
	return r
}

// TestCorpusVerdicts shows every change of what is said about real files. A verdict is a line: where, and which rule.
func TestCorpusVerdicts(t *testing.T) {
	files := realFiles(t)
	c, err := compiler.New()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, f := range files {
		r := checkReal(t, c, f, 0)
		fmt.Fprintf(&out, "%s prefect %d\n", f.SHA256[:12], r.Model.Generation)
		for i := range r.Diagnostics {
			d := &r.Diagnostics[i]
			start, end := d.File.Position(d.Span.Start), d.File.Position(d.Span.End)
			if d.Span.Start > d.Span.End || d.Span.End > len(d.File.Text) {
				t.Errorf("%s: %s has the span %v outside the file", f.File, d.Rule, d.Span)
			}
			fmt.Fprintf(&out, "  %d:%d-%d:%d %s %s\n", start.Line, start.Column, end.Line, end.Column, d.Severity, d.Rule)
		}
	}
	golden.Compare(t, filepath.Join("..", "testdata", "corpus", "verdicts.txt"), out.Bytes())
}

// discarding are the rules that speak when Prefect 3 drops a whole file that parses.
var discarding = map[string]bool{
	"wrong-type": true, "null-value": true, "invalid-value": true, "exclusive-keys": true, "missing-key": true, "key-not-text": true,
	"unknown-key": true, "wrong-generation": true, "schedule-not-a-mapping": true,
}

// TestCorpusAgreesWithPrefect compares with what Prefect 3.8.8's own loader says of the same files: what it refuses must
// not pass, and what it accepts must not be said to be dropped.
func TestCorpusAgreesWithPrefect(t *testing.T) {
	files := realFiles(t)
	c, err := compiler.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		r := checkReal(t, c, f, schema.Prefect3)
		stopped, dropped := "", ""
		for i := range r.Diagnostics {
			if d := &r.Diagnostics[i]; d.Blocks {
				stopped = d.Rule
				if discarding[d.Rule] && bytes.Contains([]byte(d.Message), []byte("skips the whole file")) {
					dropped = d.Message
				}
			}
		}
		if f.Model != "accepted" && stopped == "" {
			t.Errorf("%s: Prefect says %s, we let it pass", f.File, f.Model)
		}
		if f.Model == "accepted" && dropped != "" {
			t.Errorf("%s: Prefect accepts it, we say it is dropped: %s", f.File, dropped)
		}
		if f.YAML == "ok" != !unreadable(r) {
			t.Errorf("%s: YAML is %s, our reader says fatal=%v", f.File, f.YAML, unreadable(r))
		}
	}
}

func unreadable(r *compiler.Result) bool {
	for _, p := range r.Doc.Problems {
		if p.Fatal {
			return true
		}
	}
	return false
}
