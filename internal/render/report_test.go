package render_test

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/internal/golden"
	"github.com/prefectc/prefectc/internal/render"
)

// text holds lines that are hard to draw: wide glyphs, joined emoji, a tab, controls, a long line, CRLF, no end of line.
const text = "name: 夜間\r\nemoji: 👩‍👩‍👧 e\u0301 end\n\ttab: here\nbell: \a\x1b[31mred\u202e\n" +
	"long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HERE bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n" +
	"block:\n  one: 1\n  two: 2\nlast: end"

func findings() (*source.File, []diag.Diagnostic) {
	f := source.New("dir/prefect.yaml", []byte(text))
	span := func(s string) source.Span {
		at := strings.Index(text, s)
		return source.Span{Start: at, End: at + len(s)}
	}
	return f, []diag.Diagnostic{
		{Rule: "wide", Severity: diag.Error, Message: `"夜間" is wide`, File: f, Span: span("夜間"), Path: "name", Blocks: true},
		{Rule: "joined", Severity: diag.Warning, Message: "behind joined glyphs", File: f, Span: span("end"), Deployment: "a", Path: "deployments[0].emoji"},
		{Rule: "tab", Severity: diag.Info, Message: "behind a tab", File: f, Span: span("here")},
		{Rule: "control", Severity: diag.Info, Message: "a message with \x1b[31m and\na line break", File: f, Span: span("red")},
		{Rule: "long", Severity: diag.Error, Message: "far to the right", File: f, Span: span("HERE"),
			Related: []diag.Related{{File: f, Span: span("long"), Message: "its key"}},
			Fixes: []diag.Fix{
				{Title: "take it out", Safe: true, Edits: []diag.Edit{{Span: span("HERE")}}},
				{Title: "put another there", Edits: []diag.Edit{{Span: span("HERE"), Text: "THERE"}, {Span: span("long"), Text: "far"}}},
			}},
		{Rule: "lines", Severity: diag.Error, Message: "over several lines", File: f, Span: span("block:\n  one: 1\n  two: 2\n")},
		{Rule: "end", Severity: diag.Error, Message: "at the end of the file", File: f, Span: source.At(len(text)), URL: "https://rules.example/end"},
		{Rule: "all", Severity: diag.Error, Message: "the whole file", File: f, Span: source.Span{End: len(text)}},
	}
}

func report() *render.Report {
	f, found := findings()
	return &render.Report{
		Version: "1.2.3", Files: []string{f.Path, "clean.yaml"}, Findings: found, FailOn: diag.Warning, Suppressed: 2, Accepted: 1,
		Rules:       []render.RuleInfo{{Name: "end", Summary: "an end", Severity: diag.Error, URL: "https://rules.example/end"}, {Name: "wide", Severity: diag.Warning}},
		Fingerprint: func(i int) string { return strings.Repeat("0", i+1) },
	}
}

func write(t *testing.T, format string, text render.Text) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report().Write(&b, format, text); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReport(t *testing.T) {
	for name, text := range map[string]render.Text{"plain": {}, "color": {Color: true, Width: 100}, "links": {Color: true, Links: true, Width: 100, Base: "/project", Hints: true}, "60": {Width: 60}, "10": {Width: 10}} {
		golden.Compare(t, "testdata/report/text-"+name+".txt", write(t, "text", text))
	}
	for _, format := range render.Formats()[1:] {
		golden.Compare(t, "testdata/report/"+format+".txt", write(t, format, render.Text{}))
	}
	if err := report().Write(io.Discard, "toml", render.Text{}); err == nil {
		t.Error("a format that is none was written")
	}
}

// No line of text is wider than the terminal, but for messages and places, which stay whole for searching; and nothing a terminal
// would act on is left.
func TestFramesFitTheTerminal(t *testing.T) {
	for _, line := range strings.Split(string(write(t, "text", render.Text{Width: 60})), "\n") {
		if _, source, framed := strings.Cut(line, "| "); framed && len([]rune(source)) > 60 {
			t.Errorf("%d characters: %q", len([]rune(source)), line)
		}
		if strings.ContainsAny(line, "\x1b\a\r\t\u202e") {
			t.Errorf("a control character is left: %q", line)
		}
	}
}

// SARIF's own rules, as far as its schema does not say them: indices lead to the rule of that name, regions end behind their start,
// related places are numbered, and paths are references.
func TestSARIFHoldsTogether(t *testing.T) {
	var doc struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(write(t, "sarif", render.Text{}), &doc); err != nil {
		t.Fatal(err)
	}
	run := doc.Runs[0]
	if doc.Version != "2.1.0" || len(run.Results) != len(report().Findings) {
		t.Fatalf("version %s, %d results", doc.Version, len(run.Results))
	}
	for _, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s points to another rule", r.RuleID)
		}
		if r.Level != "error" && r.Level != "warning" && r.Level != "note" {
			t.Errorf("level %q", r.Level)
		}
		at := r.Locations[0].PhysicalLocation
		if at.ArtifactLocation.URI != "dir/prefect.yaml" {
			t.Errorf("uri %q", at.ArtifactLocation.URI)
		}
		if g := at.Region; g.StartLine < 1 || g.StartColumn < 1 || g.EndLine < g.StartLine || g.EndLine == g.StartLine && g.EndColumn < g.StartColumn {
			t.Errorf("%s: region %+v", r.RuleID, g)
		}
	}
}
