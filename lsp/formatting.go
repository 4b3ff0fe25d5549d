package lsp

import (
	"context"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// formatting removes blanks at the ends of lines and ends the file with one line break. It touches no text that is data, and does
// nothing unless the user turned it on.
func (s *Server) formatting(ctx context.Context, snap *snapshot, d *document, _ *protocol.DocumentFormattingParams) (any, error) {
	out := []protocol.TextEdit{}
	if !d.isPrefect(snap.settings) || !snap.settings.Format {
		return out, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, e := range tidied(a) {
		out = append(out, protocol.TextEdit{Range: d.rangeOf(e.Span), NewText: e.Text})
	}
	return out, nil
}

func tidied(a *analysis) []diag.Edit {
	if fatals(a.tree) > 0 {
		return nil // what is data is not known for sure
	}
	f := a.doc.file
	inText := map[int]bool{} // lines whose end lies in a text that goes on
	a.eachScalar(func(n *yamldoc.Node) {
		last := f.LineOf(n.Span.End)
		if n.Style == yamldoc.Literal || n.Style == yamldoc.Folded {
			last++ // blanks below may be part of it
		}
		for line := f.LineOf(n.Span.Start); line < last; line++ {
			inText[line] = true
		}
	})
	var edits []diag.Edit
	end := len(f.Text)
	for line := f.Lines() - 1; line >= 0; line-- { // blank lines at the end are one edit
		span := f.LineSpan(line)
		if inText[line] || strings.TrimSpace(f.Slice(span)) != "" {
			break
		}
		end = span.Start
	}
	for line := range f.Lines() {
		span := f.LineSpan(line)
		text := f.Slice(span)
		if kept := strings.TrimRight(text, " \t"); len(kept) < len(text) && !inText[line] && span.Start < end {
			edits = append(edits, diag.Edit{Span: source.Span{Start: span.Start + len(kept), End: span.End}})
		}
	}
	if last := f.LineOf(max(0, end-1)); end > 0 && (end < len(f.Text) || f.Text[end-1] != '\n') && !inText[last] {
		rest := diag.Edit{Span: source.Span{Start: end, End: len(f.Text)}}
		if f.Text[end-1] != '\n' {
			rest.Text = a.lineBreak()
		}
		edits = append(edits, rest)
	}
	if len(edits) == 0 {
		return nil
	}
	next := a.edit(edits)
	was, err := a.tree.Root.Python()
	is, err2 := next.Root.Python()
	if err != nil || err2 != nil || fatals(next) > 0 || !value.Equal(was, is) {
		return nil
	}
	return edits
}

// eachScalar visits every scalar as written.
func (a *analysis) eachScalar(visit func(*yamldoc.Node)) {
	var walk func(n *yamldoc.Node)
	walk = func(n *yamldoc.Node) {
		switch n.Kind {
		case yamldoc.Mapping, yamldoc.Sequence, yamldoc.Set:
		case yamldoc.Alias:
			return
		default:
			visit(n)
		}
		for _, p := range n.Pairs {
			walk(p.Key)
			walk(p.Value)
		}
		for _, item := range n.Items {
			walk(item)
		}
	}
	if a.tree.Root != nil {
		walk(a.tree.Root)
	}
}
