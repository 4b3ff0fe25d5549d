package lsp

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// askWhole asks for features that concern a whole document; false is for those that are asked at a place.
func (s *stage) askWhole(b *strings.Builder, feature string, where map[string]any) bool {
	last := s.file.LineChar(len(s.file.Text), source.UTF16)
	where["range"] = map[string]any{"start": map[string]any{"line": 0, "character": 0}, "end": map[string]any{"line": last.Line, "character": last.Character}}
	switch feature {
	case "inlay":
		var got []struct {
			Position    struct{ Line, Character int }
			Label       string
			PaddingLeft bool
		}
		s.ask("textDocument/inlayHint", where, &got)
		for _, h := range got {
			fmt.Fprintf(b, "%s‹%s›\n", s.upTo(h.Position), strings.ReplaceAll(h.Label, s.dir, "DIR"))
		}
	case "lenses":
		s.showLenses(b, where)
	case "python":
		s.showPython(b)
	case "flows":
		s.showFlows(b)
	case "links":
		var got []struct {
			Range           lspRange
			Target, Tooltip string
		}
		s.ask("textDocument/documentLink", where, &got)
		for _, l := range got {
			fmt.Fprintf(b, "%s: %s (%s)\n", s.show(l.Range), strings.ReplaceAll(l.Target, uriOf(s.dir), "DIR"), l.Tooltip)
		}
	case "tokens":
		var got, part struct{ Data []int }
		s.ask("textDocument/semanticTokens/full", where, &got)
		s.ask("textDocument/semanticTokens/range", where, &part)
		if fmt.Sprint(got) != fmt.Sprint(part) {
			s.t.Errorf("the range of everything has %v", part)
		}
		s.showTokens(b, got.Data)
	case "workspace_symbols":
		for _, query := range []string{"", "Nly", "zzz"} {
			var got []symbolNode
			s.ask("workspace/symbol", map[string]any{"query": query}, &got)
			fmt.Fprintf(b, "%q:\n", query)
			s.showSymbols(b, got, "  ")
		}
	case "formatting":
		where["options"] = map[string]any{"tabSize": 2, "insertSpaces": true}
		var got []wireTextEdit
		s.ask("textDocument/formatting", where, &got)
		fmt.Fprintf(b, "%q\n", applied(s.file, got))
	default:
		return false
	}
	return true
}

func (s *stage) askMore(b *strings.Builder, feature string, params map[string]any) {
	switch feature {
	case "actions":
		s.showActions(b, params)
	case "references":
		params["context"] = map[string]any{"includeDeclaration": true}
		type place struct {
			URI   string
			Range lspRange
		}
		var got []place
		s.ask("textDocument/references", params, &got)
		for _, r := range got {
			if r.URI != s.uri {
				file := s.fileOf(r.URI)
				fmt.Fprintf(b, "  %s %s\n", file.Path, (&stage{file: file}).show(r.Range))
			}
		}
		got = slices.DeleteFunc(got, func(r place) bool { return r.URI != s.uri })
		var high []struct {
			Range lspRange
			Kind  int
		}
		s.ask("textDocument/documentHighlight", params, &high)
		for i, h := range high {
			if h.Range != got[i].Range {
				s.t.Errorf("highlight %v, reference %v", h.Range, got[i].Range)
			}
			fmt.Fprintf(b, "  %s%s\n", s.show(h.Range), [...]string{2: "", 3: ", defined here"}[h.Kind])
		}
		if len(got) != len(high) || len(got) == 0 {
			fmt.Fprintf(b, "  %d references, %d highlights\n", len(got), len(high))
		}
	case "selection":
		params["positions"] = []any{params["position"]}
		type selection struct {
			Range  lspRange
			Parent *json.RawMessage
		}
		var got []selection
		s.ask("textDocument/selectionRange", params, &got)
		for one := got[0]; ; {
			fmt.Fprintf(b, "  %s to line %d\n", s.show(one.Range), one.Range.End.Line+1)
			if one.Parent == nil {
				break
			}
			up := *one.Parent
			one = selection{}
			if err := json.Unmarshal(up, &one); err != nil {
				s.t.Fatal(err)
			}
		}
	case "rename":
		s.showRename(b, params)
	default:
		s.t.Fatalf("no feature %q", feature)
	}
}

type offered struct {
	Title       string
	Kind        string
	IsPreferred bool
	Data        any
	Edit        *wireEdit
}

// wireEdit is a WorkspaceEdit in either form.
type wireEdit struct {
	Changes         map[string][]wireTextEdit
	DocumentChanges []struct {
		Kind, URI    string
		TextDocument struct {
			URI     string
			Version *int
		}
		Edits []wireTextEdit
	}
	ChangeAnnotations map[string]struct{ Label, Description string }
}

type wireTextEdit struct {
	Range   lspRange
	NewText string
}

func (w *wireEdit) of(uri string) []wireTextEdit {
	out := w.Changes[uri]
	for _, c := range w.DocumentChanges {
		if c.TextDocument.URI == uri {
			out = append(out, c.Edits...)
		}
	}
	return out
}

// applied is a text after edits.
func applied(f *source.File, edits []wireTextEdit) []byte {
	var list []diag.Edit
	for _, e := range edits {
		list = append(list, diag.Edit{Text: e.NewText, Span: source.Span{
			Start: f.OffsetOf(source.LineChar(e.Range.Start), source.UTF16), End: f.OffsetOf(source.LineChar(e.Range.End), source.UTF16)}})
	}
	return compiler.Edited(f.Text, list)
}

// showChange writes the lines that edits take away and add.
func showChange(b *strings.Builder, f *source.File, to []byte) {
	show := func(sign, text string) {
		for _, line := range strings.SplitAfter(text, "\n") {
			if line != "" {
				fmt.Fprintf(b, "    %s %s\n", sign, strings.TrimRight(strings.ReplaceAll(line, " \n", "·\n"), "\n"))
			}
		}
	}
	for _, e := range lineEdits(f, to) {
		show("-", f.Slice(e.Span))
		show("+", e.Text)
	}
}

func (s *stage) showActions(b *strings.Builder, params map[string]any) {
	params["range"] = map[string]any{"start": params["position"], "end": params["position"]}
	params["context"] = map[string]any{"diagnostics": []any{}}
	var got []offered
	s.ask("textDocument/codeAction", params, &got)
	for _, a := range got {
		if a.Edit == nil {
			answer := s.request("codeAction/resolve", a)
			if answer.Error != nil {
				fmt.Fprintf(b, "  %s (%s): %s\n", a.Title, a.Kind, answer.Error.Message)
				continue
			}
			s.ask("codeAction/resolve", a, &a)
		}
		star := ""
		if a.IsPreferred {
			star = ", preferred"
		}
		fmt.Fprintf(b, "  %s (%s%s)\n", a.Title, a.Kind, star)
		showChange(b, s.file, applied(s.file, a.Edit.of(s.uri)))
	}
	if len(got) == 0 {
		b.WriteString("  nothing\n")
	}
}

// showRename renames to new_name; a deployment to "new: name", which needs quotes.
func (s *stage) showRename(b *strings.Builder, params map[string]any) {
	answer := s.request("textDocument/prepareRename", params)
	if answer.Error != nil {
		fmt.Fprintf(b, "  refused: %s\n", answer.Error.Message)
		return
	}
	if string(answer.Result) == "null" {
		b.WriteString("  nothing\n")
		return
	}
	var what struct {
		Range       lspRange
		Placeholder string
	}
	s.ask("textDocument/prepareRename", params, &what)
	fmt.Fprintf(b, "  %s, now %q\n", s.show(what.Range), what.Placeholder)
	params["newName"] = "new_name"
	if strings.HasPrefix(what.Placeholder, "dep") {
		params["newName"] = "new: name"
	}
	var edit wireEdit
	s.ask("textDocument/rename", params, &edit)
	for _, c := range edit.ChangeAnnotations {
		fmt.Fprintf(b, "  %s? %s\n", c.Label, c.Description)
	}
	showChange(b, s.file, applied(s.file, edit.of(s.uri)))
	params["newName"] = "taken"
	if got := s.request("textDocument/rename", params); got.Error != nil {
		fmt.Fprintf(b, "  as \"taken\": %s\n", got.Error.Message)
	}
}

// upTo is the line of a position as far as the position.
func (s *stage) upTo(p struct{ Line, Character int }) string {
	off := s.file.OffsetOf(source.LineChar(p), source.UTF16)
	return fmt.Sprintf("%d: %s", p.Line+1, strings.TrimSpace(s.file.Slice(source.Span{Start: s.file.LineStart(p.Line), End: off})))
}

type wireLens struct {
	Range   lspRange
	Data    any
	Command *struct {
		Title, Command string
		Arguments      []any
	}
}

func (s *stage) showLenses(b *strings.Builder, where map[string]any) {
	var got []wireLens
	s.ask("textDocument/codeLens", where, &got)
	for _, l := range got {
		if l.Command == nil {
			s.ask("codeLens/resolve", l, &l)
		}
		fmt.Fprintf(b, "%s ‹%s›", s.upTo(l.Range.Start)+"…", l.Command.Title)
		switch l.Command.Command {
		case commandPlan:
			fmt.Fprintf(b, " %s %s", l.Command.Command, l.Command.Arguments[1])
		case commandReferences:
			fmt.Fprintf(b, " to %d", len(l.Command.Arguments[2].([]any)))
		}
		b.WriteString("\n")
	}
}

// showPython opens flows.py, shows its lenses, then changes it to what edited.py holds, without saving, and shows what is now
// said of prefect.yaml.
func (s *stage) showPython(b *strings.Builder) {
	show := func(title string) {
		b.WriteString(title + "\n")
		got := s.diagnostics(s.uri, 1)
		for _, d := range got.Diagnostics {
			fmt.Fprintf(b, "  %s %s: %s\n", s.show(d.Range), d.Code, d.Message)
		}
		s.mu.Lock()
		s.notes = nil
		s.mu.Unlock()
	}
	show("as saved:")
	flows := uriOf(s.dir + "/flows.py")
	s.open(flows, string(s.fileOf(flows).Text))
	show("opened:")
	py := &stage{editor: s.editor, file: s.fileOf(flows), uri: flows, dir: s.dir}
	py.showLenses(b, map[string]any{"textDocument": map[string]any{"uri": flows}})
	s.change(flows, 2, string(s.fileOf(uriOf(s.dir+"/edited.py")).Text))
	show("edited, not saved:")
	s.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": flows}})
	show("closed without saving:")
}

func (s *stage) showTokens(b *strings.Builder, data []int) {
	line, char := 0, 0
	for i := 0; i+4 < len(data); i += 5 {
		if data[i] > 0 {
			char = 0
		}
		line, char = line+data[i], char+data[i+1]
		var r lspRange
		r.Start.Line, r.Start.Character, r.End.Line, r.End.Character = line, char, line, char+data[i+2]
		fmt.Fprintf(b, "%s %s\n", s.show(r), tokenTypes[data[i+3]])
	}
}

// fileOf is a file of the stage, on disk.
func (s *stage) fileOf(uri string) *source.File {
	name, _ := pathOf(uri)
	text, err := os.ReadFile(name)
	if err != nil {
		s.t.Fatal(err)
	}
	return source.New(strings.TrimPrefix(strings.TrimPrefix(name, s.dir), "/"), text)
}

// showFlows asks at each mark in flows.py for references and actions, and shows what the actions do to the prefect files.
func (s *stage) showFlows(b *strings.Builder) {
	uri := uriOf(s.dir + "/app/flows.py")
	text, spots := marks(string(s.fileOf(uri).Text))
	write(s.t, s.dir, "app/flows.py", text)
	s.open(uri, text)
	f := source.New("flows.py", []byte(text))
	for _, p := range spots {
		lc := f.LineChar(p.off, source.UTF16)
		params := at(uri, lc.Line, lc.Character)
		params["context"] = map[string]any{"includeDeclaration": true, "diagnostics": []any{}}
		var refs []struct {
			URI   string
			Range lspRange
		}
		s.ask("textDocument/references", params, &refs)
		fmt.Fprintf(b, "%s:\n", p.name)
		for _, r := range refs {
			file := s.fileOf(r.URI)
			fmt.Fprintf(b, "  %s %s\n", file.Path, (&stage{file: file}).show(r.Range))
		}
		params["range"] = map[string]any{"start": params["position"], "end": params["position"]}
		var got []offered
		s.ask("textDocument/codeAction", params, &got)
		for _, a := range got {
			fmt.Fprintf(b, "  %s (%s)\n", a.Title, a.Kind)
			for _, c := range a.Edit.DocumentChanges {
				if c.Kind != "" {
					fmt.Fprintf(b, "    %s %s\n", c.Kind, strings.ReplaceAll(c.URI, uriOf(s.dir), "DIR"))
					continue
				}
				file := source.New("", nil)
				if name, _ := pathOf(c.TextDocument.URI); exists(name) {
					file = s.fileOf(c.TextDocument.URI)
				}
				showChange(b, file, applied(file, c.Edits))
			}
		}
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
