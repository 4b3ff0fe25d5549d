package render_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/internal/render"
)

// notesIn makes a file of lines "x", and a note of a rule on each of the lines given.
func notesIn(path, rule string, lines ...int) (out []diag.Diagnostic) {
	f := source.New(path, []byte(strings.Repeat("x\n", 40)))
	for _, line := range lines {
		out = append(out, diag.Diagnostic{Rule: rule, Severity: diag.Info, Message: "an x", File: f, Span: source.Span{Start: 2 * (line - 1), End: 2*line - 1}})
	}
	return out
}

func TestBriefNotes(t *testing.T) {
	wrong := notesIn("a.yaml", "y", 2)
	wrong[0].Severity, wrong[0].Message = diag.Error, "a wrong x"
	mixed := append(notesIn("a.yaml", "x", 1), append(wrong, notesIn("a.yaml", "x", 3, 4)...)...)
	for i := range mixed {
		mixed[i].File = mixed[0].File
	}
	for name, c := range map[string]struct {
		found []diag.Diagnostic
		want  string
	}{
		"one":              {notesIn("a.yaml", "x", 3), "a.yaml:3:1: info[x]: an x\n\n"},
		"two":              {notesIn("a.yaml", "x", 3, 5), "a.yaml:3:1: info[x]: an x; and 1 more: line 5\n\n"},
		"several":          {notesIn("a.yaml", "x", 3, 5, 9), "a.yaml:3:1: info[x]: an x; and 2 more: lines 5, 9\n\n"},
		"on the same line": {notesIn("a.yaml", "x", 3, 3), "a.yaml:3:1: info[x]: an x; and 1 more on this line\n\n"},
		"many": {notesIn("a.yaml", "x", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
			"a.yaml:1:1: info[x]: an x; and 10 more: lines 2, 3, 4, 5, 6, 7, 8, 9, …\n\n"},
		"of two files": {append(notesIn("a.yaml", "x", 1), notesIn("b.yaml", "x", 1)...),
			"a.yaml:1:1: info[x]: an x\n\nb.yaml:1:1: info[x]: an x\n\n"},
		"errors come first": {mixed,
			"error[y]: a wrong x\n --> a.yaml:2:1\n  |\n2 | x\n  | ^\n\na.yaml:1:1: info[x]: an x; and 2 more: lines 3, 4\n\n"},
	} {
		var b bytes.Buffer
		if err := (render.Text{Brief: true}).Diagnostics(&b, c.found); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}
