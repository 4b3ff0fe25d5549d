package lsp

import (
	"context"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// selectionRange grows a selection from a placeholder's name over values, entries and blocks to the whole file.
func (s *Server) selectionRange(ctx context.Context, snap *snapshot, d *document, p *protocol.SelectionRangeParams) (any, error) {
	out := []protocol.SelectionRange{}
	var a *analysis
	if d.isPrefect(snap.settings) {
		var err error
		if a, err = snap.analysis(ctx, d); err != nil {
			return nil, err
		}
	}
	for _, at := range p.Positions {
		off := d.offset(at)
		whole := source.Span{End: len(d.file.Text)}
		sel := &protocol.SelectionRange{Range: d.rangeOf(whole)}
		if a != nil {
			for _, span := range around(a, off) {
				if span.Contains(off) && whole.Covers(span) && span != whole {
					sel = &protocol.SelectionRange{Range: d.rangeOf(span), Parent: sel}
					whole = span
				}
			}
		}
		out = append(out, *sel)
	}
	return out, nil
}

// around lists what lies around off, from the outside to the inside.
func around(a *analysis, off int) []source.Span {
	var out []source.Span
	path := a.tree.NodeAt(off)
	for i, n := range path {
		if i > 0 {
			if p := pairOf(path[i-1], n); p != nil {
				out = append(out, p.Span)
			}
		}
		out = append(out, n.Span)
		if i == len(path)-1 && (n.Style == yamldoc.SingleQuoted || n.Style == yamldoc.DoubleQuoted) && n.Span.Len() >= 2 {
			out = append(out, source.Span{Start: n.Span.Start + 1, End: n.Span.End - 1})
		}
	}
	for _, r := range referencesAt(a.model, off) {
		out = append(out, r.Span, r.NameSpan)
		break
	}
	return out
}
