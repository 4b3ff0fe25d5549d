package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// removeEntry are the edits that take an entry out of a mapping in block style, with its lines; nil where that would take
// more with it: the only entry, one that came by a merge, one that shares its line, or one with a comment.
func removeEntry(p *Pass, m *yamldoc.Node, e yamldoc.Entry) []diag.Edit {
	if m == nil || m.Style != yamldoc.Block || len(m.Pairs) < 2 || e.Via != nil {
		return nil
	}
	for i, pair := range m.Pairs {
		if pair.Key != e.Key {
			continue
		}
		lines := deleteLine(p.Model.Source, pair.Span)
		if i == 0 || commented(p, lines.Span) || m.Pairs[i-1].Span.End > lines.Span.Start {
			return nil
		}
		if i+1 < len(m.Pairs) && m.Pairs[i+1].Key.Span.Start < lines.Span.End {
			return nil
		}
		return []diag.Edit{lines}
	}
	return nil
}

// commented reports whether a comment stands in a span.
func commented(p *Pass, span source.Span) bool {
	for _, c := range p.Model.Doc.Comments {
		if span.Start <= c.Start && c.Start < span.End {
			return true
		}
	}
	return false
}
