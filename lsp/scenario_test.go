package lsp

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/prefectc/prefectc/compiler/source"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata/lsp")

// fullEditor can everything we act on.
const fullEditor = `{
	"general": {"positionEncodings": ["utf-16"]},
	"textDocument": {
		"completion": {"completionItem": {"snippetSupport": true, "insertTextModeSupport": {"valueSet": [1, 2]}, "documentationFormat": ["markdown"]}},
		"hover": {"contentFormat": ["markdown", "plaintext"]},
		"documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
		"rename": {"prepareSupport": true},
		"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}, "dataSupport": true, "resolveSupport": {"properties": ["edit"]}},
		"publishDiagnostics": {"relatedInformation": true, "codeDescriptionSupport": true}
	},
	"workspace": {"workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"], "changeAnnotationSupport": {}}},
	"experimental": {"commands": ["prefectc.plan", "prefectc.showReferences"]}
}`

// TestScenarios runs testdata/lsp/<feature>/*.txtar. A case is a project: its prefect.yaml is opened, and the feature is asked
// for at each mark ‹1›, ‹2›, … in it (‹1› itself is not part of the text). The file "want" holds what comes back, and
// "capabilities" what the editor can do, if not everything.
func TestScenarios(t *testing.T) {
	names, err := filepath.Glob("../testdata/lsp/*/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		feature := filepath.Base(filepath.Dir(name))
		t.Run(feature+"/"+strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { scenario(t, name, feature) })
	}
}

// page is a rule's page, which cases do not repeat.
var page = regexp.MustCompile(`(?s)\n\n[^\n]*\n\nWrong:.*`)

var mark = regexp.MustCompile(`‹(\d+)›`)

type spot struct {
	name string
	off  int
}

func marks(text string) (string, []spot) {
	var out []spot
	for {
		m := mark.FindStringSubmatchIndex(text)
		if m == nil {
			return text, out
		}
		out = append(out, spot{text[m[2]:m[3]], m[0]})
		text = text[:m[0]] + text[m[1]:]
	}
}

func scenario(t *testing.T, name, feature string) {
	ar, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	caps := json.RawMessage(fullEditor)
	var text, want string
	var spots []spot
	for _, f := range ar.Files {
		switch f.Name {
		case "want":
			want = string(f.Data)
		case "capabilities":
			caps = f.Data
		case "prefect.yaml":
			text, spots = marks(strings.TrimSuffix(string(f.Data), "\n"))
		default:
			write(t, dir, f.Name, string(f.Data))
		}
	}
	if text != "" {
		write(t, dir, "prefect.yaml", text)
	}
	e := start(t, caps, map[string]any{"format": true}, dir)
	s := &stage{editor: e, dir: dir, uri: uriOf(filepath.Join(dir, "prefect.yaml")), file: source.New("prefect.yaml", []byte(text))}
	if text != "" {
		e.open(s.uri, text)
	}
	got := s.perform(feature, spots)
	if *update {
		for i := range ar.Files {
			if ar.Files[i].Name == "want" {
				ar.Files[i].Data = []byte(got)
			}
		}
		if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

type stage struct {
	*editor
	dir, uri string
	file     *source.File
}

func (s *stage) perform(feature string, spots []spot) string {
	var b strings.Builder
	where := map[string]any{"textDocument": map[string]any{"uri": s.uri}}
	switch feature {
	case "diagnostics":
		for _, d := range s.diagnostics(s.uri, 1).Diagnostics {
			fmt.Fprintf(&b, "%s %s %s: %s\n", s.show(d.Range), [...]string{"", "error", "warning", "info"}[d.Severity], d.Code, d.Message)
		}
	case "symbols":
		var got []symbolNode
		s.ask("textDocument/documentSymbol", where, &got)
		s.showSymbols(&b, got, "")
	case "folding":
		var got []struct {
			StartLine, EndLine int
			Kind               string
		}
		s.ask("textDocument/foldingRange", where, &got)
		for _, f := range got {
			fmt.Fprintf(&b, "%d-%d %s: %s\n", f.StartLine+1, f.EndLine+1, f.Kind, strings.TrimSpace(s.file.Slice(s.file.LineSpan(f.StartLine))))
		}
	default:
		if s.askWhole(&b, feature, where) {
			break
		}
		for _, p := range spots {
			lc := s.file.LineChar(p.off, source.UTF16)
			fmt.Fprintf(&b, "%s:\n", p.name)
			s.ask1(&b, feature, at(s.uri, lc.Line, lc.Character), p.off)
		}
	}
	return b.String()
}

func (s *stage) ask1(b *strings.Builder, feature string, params map[string]any, off int) {
	switch feature {
	case "completion":
		shown := 0
		for _, i := range s.complete(params) {
			if !i.matches(s.file, off) {
				continue
			}
			if shown++; shown <= most {
				fmt.Fprintf(b, "  %s\n", i.describe(s.file, off))
			}
		}
		if shown > most {
			fmt.Fprintf(b, "  and %d more\n", shown-most)
		}
	case "hover":
		var got *struct {
			Contents struct{ Kind, Value string }
			Range    lspRange
		}
		s.ask("textDocument/hover", params, &got)
		if got == nil {
			b.WriteString("  nothing\n")
			return
		}
		fmt.Fprintf(b, "  %s %s\n", s.show(got.Range), got.Contents.Kind)
		for _, line := range strings.Split(page.ReplaceAllString(got.Contents.Value, "\n\n(the rule's page)"), "\n") {
			b.WriteString(strings.TrimRight("  | "+line, " ") + "\n")
		}
	case "definition":
		var got []struct {
			URI   string
			Range lspRange
		}
		s.ask("textDocument/definition", params, &got)
		for _, l := range got {
			name, _ := pathOf(l.URI)
			text, err := os.ReadFile(name)
			if err != nil {
				s.t.Fatal(err)
			}
			rel, _ := filepath.Rel(s.dir, name)
			other := &stage{file: source.New(rel, text)}
			fmt.Fprintf(b, "  %s %s\n", rel, other.show(l.Range))
		}
		if len(got) == 0 {
			b.WriteString("  nowhere\n")
		}
	default:
		s.askMore(b, feature, params)
	}
}

// show writes a range as people count, with its text.
func (s *stage) show(r lspRange) string {
	start := s.file.OffsetOf(source.LineChar(r.Start), source.UTF16)
	end := s.file.OffsetOf(source.LineChar(r.End), source.UTF16)
	text := s.file.Slice(source.Span{Start: start, End: end})
	if first, _, more := strings.Cut(text, "\n"); more {
		text = first + "…"
	}
	p := s.file.Position(start)
	return fmt.Sprintf("%d:%d %q", p.Line, p.Column, text)
}

type symbolNode struct {
	Name, Detail   string
	Kind           int
	Range          lspRange
	SelectionRange lspRange
	Location       struct{ Range lspRange }
	ContainerName  string
	Children       []symbolNode
}

func (s *stage) showSymbols(b *strings.Builder, list []symbolNode, indent string) {
	for _, n := range list {
		at := n.Range
		if n.SelectionRange == (lspRange{}) && n.Location.Range != (lspRange{}) {
			at = n.Location.Range
		}
		fmt.Fprintf(b, "%s%s", indent, n.Name)
		if n.Detail != "" {
			fmt.Fprintf(b, " (%s)", n.Detail)
		}
		if n.ContainerName != "" {
			fmt.Fprintf(b, " in %s", n.ContainerName)
		}
		fmt.Fprintf(b, ", lines %d-%d\n", at.Start.Line+1, at.End.Line+1)
		s.showSymbols(b, n.Children, indent+"  ")
	}
}

type proposal struct {
	Label            string
	Kind             int
	InsertTextFormat int
	SortText         string
	FilterText       string
	TextEdit         struct {
		Range   lspRange
		NewText string
	}
}

func (e *editor) complete(params any) []proposal {
	e.t.Helper()
	var got struct{ Items []proposal }
	e.ask("textDocument/completion", params, &got)
	slices.SortStableFunc(got.Items, func(a, b proposal) int { return strings.Compare(a.SortText, b.SortText) })
	return got.Items
}

// most is how many proposals of one list a case shows.
const most = 25

// matches does what editors do: they drop proposals that do not hold what has been typed.
func (p *proposal) matches(f *source.File, off int) bool {
	start := f.OffsetOf(source.LineChar(p.TextEdit.Range.Start), source.UTF16)
	word := p.FilterText
	if word == "" {
		word = p.Label
	}
	return strings.Contains(strings.ToLower(word), strings.ToLower(f.Slice(source.Span{Start: start, End: off})))
}

// describe shows a proposal's label and, where it differs, what happens to the text.
func (p *proposal) describe(f *source.File, off int) string {
	out := p.Label
	if p.TextEdit.NewText != p.Label && p.TextEdit.NewText != p.Label+": " {
		out += fmt.Sprintf(" -> %q", p.TextEdit.NewText)
	}
	start := f.OffsetOf(source.LineChar(p.TextEdit.Range.Start), source.UTF16)
	end := f.OffsetOf(source.LineChar(p.TextEdit.Range.End), source.UTF16)
	if start != off || end != off {
		out += fmt.Sprintf(" for %q", f.Slice(source.Span{Start: start, End: end}))
	}
	return out
}

var hole = regexp.MustCompile(`\$\{\d+:([^}]*)\}|\$\d+|\\(.)`)

// apply is the text after a proposal is taken.
func (p *proposal) apply(f *source.File) string {
	text := p.TextEdit.NewText
	if p.InsertTextFormat == 2 {
		text = hole.ReplaceAllString(text, "$1$2")
	}
	start := f.OffsetOf(source.LineChar(p.TextEdit.Range.Start), source.UTF16)
	end := f.OffsetOf(source.LineChar(p.TextEdit.Range.End), source.UTF16)
	return string(f.Text[:start]) + text + string(f.Text[end:])
}
