package compiler_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// TestCorpusFixes applies every fix of every finding in real files, each alone: the text must stay YAML, the finding must
// go, and no comment or anchor may be lost.
func TestCorpusFixes(t *testing.T) {
	tried := 0
	for _, f := range realFiles(t) {
		text, err := os.ReadFile(filepath.Join(corpus, f.File))
		if err != nil {
			t.Fatal(err)
		}
		e := example{name: f.File, text: string(text)}
		before := e.check(t, e.text)
		perRule := map[string]int{}
		for _, d := range before.Diagnostics {
			perRule[d.Rule]++
		}
		done := map[string]int{} // a few of each rule and file are enough
		for _, d := range before.Diagnostics {
			for _, fix := range d.Fixes {
				if done[d.Rule]++; done[d.Rule] > 3 {
					continue
				}
				tried++
				fixed := string(compiler.Edited(text, fix.Edits))
				after := e.check(t, fixed, d.Rule)
				at := before.Doc.File.Position(d.Span.Start).Line
				if len(after.Diagnostics) >= perRule[d.Rule] {
					t.Errorf("%s:%d: %s: after %q the finding is still there", f.File, at, d.Rule, fix.Title)
				}
				if fatal(after.Doc) > fatal(before.Doc) {
					t.Errorf("%s:%d: %s: after %q the file is no YAML", f.File, at, d.Rule, fix.Title)
				}
				if fatal(before.Doc) == 0 && (len(after.Doc.Comments) != len(before.Doc.Comments) || len(after.Doc.Anchors) != anchorsAfter(d.Rule, before.Doc)) {
					t.Errorf("%s:%d: %s: %q loses a comment or an anchor", f.File, at, d.Rule, fix.Title)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d fixes were tried", tried)
	}
}

// TestCorpusFixAll applies all fixes together: no file may end with more findings or errors than it had, or lose a comment.
func TestCorpusFixAll(t *testing.T) {
	c := theCompiler(t)
	for _, f := range realFiles(t) {
		text, err := os.ReadFile(filepath.Join(corpus, f.File))
		if err != nil {
			t.Fatal(err)
		}
		for _, unsafe := range []bool{false, true} {
			in := compiler.Input{File: source.New("prefect.yaml", text)}
			before, err := c.Check(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			fixed, made, err := c.Fix(context.Background(), in, unsafe)
			if err != nil {
				t.Fatal(err)
			}
			in.File = fixed
			if _, more, err := c.Fix(context.Background(), in, unsafe); err != nil || len(more) > 0 {
				t.Errorf("%s: a second run finds more to fix: %v %v", f.File, more, err)
			}
			after, err := c.Check(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			if fatal(before.Doc) > 0 {
				continue // what could not be read hid findings
			}
			if was, now := errorsIn(before), errorsIn(after); now > was || len(after.Diagnostics) > len(before.Diagnostics) {
				t.Errorf("%s: %d fixes, %d errors before, %d after", f.File, len(made), was, now)
			}
			anchors := len(before.Doc.Anchors)
			for _, m := range made {
				if m.Rule == "unused-anchor" {
					anchors--
				}
			}
			if doc := yamldoc.Read(fixed); fatal(doc) > 0 || len(doc.Comments) != len(before.Doc.Comments) || len(doc.Anchors) != anchors {
				t.Errorf("%s: the fixes break the file or lose a comment or an anchor", f.File)
			}
		}
	}
}

func errorsIn(r *compiler.Result) int {
	n := 0
	for i := range r.Diagnostics {
		if r.Diagnostics[i].Severity == diag.Error {
			n++
		}
	}
	return n
}
