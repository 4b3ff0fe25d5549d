package lsp

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// refactorings offers to rewrite what stands at the start of a span. What follows an alias or moves text is only done when the
// file means the same afterwards.
func refactorings(a *analysis, span source.Span) []action {
	path := a.tree.NodeAt(span.Start)
	if len(path) < 2 || fatals(a.tree) > 0 {
		return nil
	}
	var out []action
	n := path[len(path)-1]
	kept := func(make func() []diag.Edit) func(context.Context) ([]diag.Edit, error) {
		return func(context.Context) ([]diag.Edit, error) {
			if edits := make(); a.sameMeaning(edits) {
				return edits, nil
			}
			return nil, nil
		}
	}
	if n.Kind == yamldoc.Alias && n.Target != nil {
		out = append(out, action{title: "write out *" + aliasName(a, n), kind: protocol.CodeActionKindRefactorInline,
			edits: kept(func() []diag.Edit { return writeOut(a, path) })})
	}
	if key, v := valueAt(path); v != nil && extractable(a, key, v) {
		same := alike(a, v)
		title := "share " + key.KeyText() + " through an anchor under definitions"
		if len(same) > 1 {
			title += fmt.Sprintf(" (%d places)", len(same))
		}
		out = append(out, action{title: title, kind: protocol.CodeActionKindRefactorExtract,
			edits: kept(func() []diag.Edit { return extract(a, key, v, same) })})
	}
	if edits := requires(a, span); edits != nil {
		out = append(out, action{title: "add requires", kind: protocol.CodeActionKindRefactorRewrite, edits: func(context.Context) ([]diag.Edit, error) {
			if !a.readable(edits) {
				return nil, nil
			}
			return edits, nil
		}})
	}
	return out
}

func aliasName(a *analysis, alias *yamldoc.Node) string {
	return strings.TrimPrefix(a.doc.file.Slice(alias.Span), "*")
}

// valueAt is the key a cursor stands on and the mapping or list behind it, when that is written there as a block.
func valueAt(path []*yamldoc.Node) (key, v *yamldoc.Node) {
	p := pairOf(path[len(path)-2], path[len(path)-1])
	if p == nil || p.Key != path[len(path)-1] || p.Key.IsMerge() {
		return nil, nil
	}
	if v = p.Value; v != nil && (v.Kind == yamldoc.Mapping || v.Kind == yamldoc.Sequence) && v.Style == yamldoc.Block {
		return p.Key, v
	}
	return nil, nil
}

// extractable reports whether a value may move to the definitions: it has no name of its own, holds no anchor, and does not
// stand under definitions already.
func extractable(a *analysis, key, v *yamldoc.Node) bool {
	for _, p := range a.tree.Root.Pairs {
		if p.Span.Covers(v.Span) && (p.Key.KeyText() == "definitions" || p.Key == key) {
			return false // there, or as wide as the file
		}
	}
	for _, anchor := range a.tree.Anchors {
		if anchor.Node == v || v.Span.Covers(anchor.Span) {
			return false
		}
	}
	return v.Tag == "" && a.doc.file.LineOf(key.Span.Start) < a.doc.file.LineOf(v.Span.Start)
}

// alike lists the values written with the same words as v, in order, v among them.
func alike(a *analysis, v *yamldoc.Node) []*yamldoc.Pair {
	want := shifted(a.doc.file, v, 0)
	var out []*yamldoc.Pair
	var visit func(n *yamldoc.Node)
	visit = func(n *yamldoc.Node) {
		for i := range n.Pairs {
			p := &n.Pairs[i]
			w := p.Value
			if w.Kind == v.Kind && w.Style == v.Style && w.Anchor == nil && w.Tag == "" && w.Span.Len() < 2*v.Span.Len() &&
				a.doc.file.LineOf(p.Key.Span.Start) < a.doc.file.LineOf(w.Span.Start) && shifted(a.doc.file, w, 0) == want {
				out = append(out, p)
				continue
			}
			if n != a.tree.Root || p.Key.KeyText() != "definitions" {
				visit(w)
			}
		}
		for _, item := range n.Items {
			visit(item)
		}
	}
	visit(a.tree.Root)
	return out
}

// shifted is a block's text with its lines moved so that the first stands at a column; the line breaks at its end are left out.
func shifted(f *source.File, n *yamldoc.Node, column int) string {
	line := f.LineSpan(f.LineOf(n.Span.Start))
	by := column - (n.Span.Start - line.Start)
	text := strings.TrimRight(f.Slice(n.Span), "\r\n")
	parts := strings.Split(text, "\n")
	for i := 1; i < len(parts); i++ {
		switch blanks := len(parts[i]) - len(strings.TrimLeft(parts[i], " ")); {
		case strings.TrimRight(parts[i], "\r") == "":
		case by >= 0:
			parts[i] = strings.Repeat(" ", by) + parts[i]
		default:
			parts[i] = parts[i][min(blanks, -by):]
		}
	}
	return strings.Join(parts, "\n")
}

var notInAnchor = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// extract writes a value once under "definitions", with an anchor, and an alias wherever it stood.
func extract(a *analysis, key, v *yamldoc.Node, places []*yamldoc.Pair) []diag.Edit {
	f, eol := a.doc.file, a.lineBreak()
	name := freeName(a, strings.Trim(notInAnchor.ReplaceAllString(key.KeyText(), "_"), "_-"))
	column := 4
	into, at, indent := definitionsAt(a, places)
	if at < 0 {
		return nil
	}
	column = indent + 2
	entry := strings.Repeat(" ", indent) + name + ": &" + name + eol + strings.Repeat(" ", column) + shifted(f, v, column) + eol
	if into == "" && at > 0 && f.Text[at-1] != '\n' {
		entry = eol + entry
	}
	edits := []diag.Edit{{Span: source.At(at), Text: into + entry}}
	if into != "" {
		edits[0].Text += eol
	}
	for _, p := range places {
		edits = append(edits, replaceBlock(a, p, "*"+name))
	}
	return edits
}

// replaceBlock puts a scalar in the place of a block, on the key's line unless a comment stands there.
func replaceBlock(a *analysis, p *yamldoc.Pair, text string) diag.Edit {
	f := a.doc.file
	span := p.Value.Span
	span.End = span.Start + len(strings.TrimRight(f.Slice(span), "\r\n"))
	between := f.Slice(source.Span{Start: p.Key.Span.End, End: span.Start})
	if colon := strings.IndexByte(between, ':'); colon >= 0 && strings.TrimSpace(between[colon+1:]) == "" {
		span.Start = p.Key.Span.End + colon + 1
		text = " " + text
	}
	return diag.Edit{Span: span, Text: text}
}

// definitionsAt finds where a new definition goes: behind the last one there is, at its column; or before the first place that
// will use it, under a new key, which is then returned to be written first.
func definitionsAt(a *analysis, places []*yamldoc.Pair) (into string, at, indent int) {
	f := a.doc.file
	if a.tree.Root.Style != yamldoc.Block || len(places) == 0 {
		return "", -1, 0
	}
	for _, p := range a.tree.Root.Pairs {
		if p.Key.KeyText() == "definitions" {
			v := p.Value
			if v.Kind != yamldoc.Mapping || v.Style != yamldoc.Block || len(v.Pairs) == 0 || p.Span.End > places[0].Span.Start {
				return "", -1, 0
			}
			start := v.Pairs[0].Key.Span.Start
			last := f.LineOf(v.Pairs[len(v.Pairs)-1].Span.End)
			if end := v.Pairs[len(v.Pairs)-1].Span.End; end == f.LineStart(last) && last > 0 {
				last-- // it ends with its line break
			}
			return "", f.LineStart(last + 1), start - f.LineStart(f.LineOf(start))
		}
	}
	for _, p := range a.tree.Root.Pairs {
		if p.Span.Covers(places[0].Span) {
			start := f.LineStart(f.LineOf(p.Key.Span.Start))
			if start != p.Key.Span.Start {
				return "", -1, 0
			}
			return "definitions:" + a.lineBreak(), start, 2
		}
	}
	return "", -1, 0
}

// freeName makes a name that no anchor and no definition has.
func freeName(a *analysis, base string) string {
	if base == "" {
		base = "shared"
	}
	used := map[string]bool{}
	for _, x := range a.tree.Anchors {
		used[x.Name] = true
	}
	if e, ok := a.tree.Root.Get("definitions"); ok {
		for _, x := range e.Value.Entries() {
			used[x.Key.KeyText()] = true
		}
	}
	name := base
	for i := 2; used[name]; i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	return name
}

// writeOut puts a copy of what an alias stands for in its place.
func writeOut(a *analysis, path []*yamldoc.Node) []diag.Edit {
	f := a.doc.file
	alias, parent := path[len(path)-1], path[len(path)-2]
	t := alias.Target
	if t.Kind == yamldoc.Alias || t.Tag != "" {
		return nil
	}
	for _, x := range a.tree.Anchors {
		if x.Node != t && t.Span.Covers(x.Span) {
			return nil // there would be two of it
		}
	}
	p := pairOf(parent, alias)
	switch {
	case p != nil && p.Key.IsMerge():
		return mergeIn(a, parent, p, t)
	case t.Style != yamldoc.Block && f.LineOf(t.Span.Start) == f.LineOf(t.Span.End):
		return []diag.Edit{{Span: alias.Span, Text: f.Slice(t.Span)}}
	case t.Style != yamldoc.Block || parent.Style == yamldoc.Flow:
		return nil // a text over several lines
	case p != nil:
		column := p.Key.Span.Start - f.LineStart(f.LineOf(p.Key.Span.Start)) + 2
		span := alias.Span
		for span.Start > p.Key.Span.End && f.Text[span.Start-1] == ' ' {
			span.Start--
		}
		return []diag.Edit{{Span: span, Text: a.lineBreak() + strings.Repeat(" ", column) + shifted(f, t, column)}}
	}
	return []diag.Edit{{Span: alias.Span, Text: shifted(f, t, alias.Span.Start-f.LineStart(f.LineOf(alias.Span.Start)))}}
}

// mergeIn replaces "<<: *name" by the entries it brings, without those the mapping has itself.
func mergeIn(a *analysis, m *yamldoc.Node, merge *yamldoc.Pair, t *yamldoc.Node) []diag.Edit {
	f := a.doc.file
	if m.Style != yamldoc.Block || t.Kind != yamldoc.Mapping || t.Style != yamldoc.Block {
		return nil
	}
	own := map[string]bool{}
	for _, p := range m.Pairs {
		own[p.Key.KeyText()] = p.Key != merge.Key
	}
	column := merge.Key.Span.Start - f.LineStart(f.LineOf(merge.Key.Span.Start))
	var parts []string
	for _, p := range t.Pairs {
		if !own[p.Key.KeyText()] {
			parts = append(parts, shifted(f, &yamldoc.Node{Span: p.Span}, column))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return []diag.Edit{{Span: merge.Span, Text: strings.Join(parts, a.lineBreak()+strings.Repeat(" ", column))}}
}

// requires adds the package a step is in, where the step's name or arguments stand at the start of a span.
func requires(a *analysis, span source.Span) []diag.Edit {
	f := a.doc.file
	for _, s := range a.facts.Steps() {
		if s.Info == nil || s.Status != schema.Known || s.Info.Package == "" || s.Info.Package == "prefect" || s.Requires != nil || s.Key == nil {
			continue
		}
		body := s.Body
		if body == nil || body.Kind != yamldoc.Mapping || body.Style != yamldoc.Block || len(body.Pairs) == 0 {
			continue
		}
		if !s.Key.Span.Contains(span.Start) && !body.Span.Contains(span.Start) {
			continue
		}
		first := body.Pairs[0].Key.Span.Start
		indent := first - f.LineStart(f.LineOf(first))
		if !blank(f.Slice(source.Span{Start: first - indent, End: first})) {
			return nil
		}
		return []diag.Edit{{Span: source.At(first), Text: "requires: " + s.Info.Package + a.lineBreak() + strings.Repeat(" ", indent)}}
	}
	return nil
}
