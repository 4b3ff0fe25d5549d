package rules

import (
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var duplicateKey = &Rule{
	Name:     "duplicate-key",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "a key written twice in one mapping: the last one wins",
	Whole:    true,
	Run: func(p *Pass) {
		problem(yamldoc.DuplicateKey, removeFirst)(p)
		if len(p.found) > 0 {
			slipped := slippedKeys(p)
			p.found = slices.DeleteFunc(p.found, func(f *Finding) bool { return slipped[f.Span] })
		}
	},
}

// removeFirst offers to take out the entry that lost, where it has lines of its own and holds no comment or anchor.
func removeFirst(p *Pass, found yamldoc.Problem, f *Finding) {
	m, i := entryAt(p.Model.Doc.Root, found.Related[0].Span)
	if m == nil || m.Style != yamldoc.Block {
		return
	}
	file, lost := p.Model.Source, m.Pairs[i].Span
	lines := deleteLine(file, lost).Span
	ownLines := strings.TrimSpace(file.Slice(source.Span{Start: lines.Start, End: lost.Start})) == "" &&
		strings.TrimSpace(file.Slice(source.Span{Start: lost.End, End: lines.End})) == ""
	anchored := slices.ContainsFunc(p.Model.Doc.Anchors, func(a *yamldoc.Anchor) bool { return lines.Covers(a.Span) })
	if ownLines && !anchored && !commented(p, lines) {
		f.UnsafeFix("remove the first, which counts for nothing", Replace(lines, ""))
	}
}

// entryAt finds the mapping and the index of the entry whose key is written at a place.
func entryAt(n *yamldoc.Node, key source.Span) (*yamldoc.Node, int) {
	if n == nil || n.Kind == yamldoc.Alias || !n.Span.Covers(key) {
		return nil, 0
	}
	for i, pair := range n.Pairs {
		if pair.Key.Span == key {
			return n, i
		}
		if m, at := entryAt(pair.Value, key); m != nil {
			return m, at
		}
	}
	for _, item := range n.Items {
		if m, at := entryAt(item, key); m != nil {
			return m, at
		}
	}
	return nil, 0
}
