package lsp

import (
	"context"
	"slices"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// foldingRange folds every key and item that goes over several lines, and every block of comments.
func (s *Server) foldingRange(ctx context.Context, snap *snapshot, d *document, _ *protocol.FoldingRangeParams) (any, error) {
	if !d.isPrefect(snap.settings) {
		return []protocol.FoldingRange{}, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	f := folds{d: d, seen: map[int]int{}}
	if root := a.tree.Root; root != nil {
		f.node(root)
	}
	f.comments(a.tree.Comments)
	out := []protocol.FoldingRange{}
	for _, start := range sortedKeys(f.seen) {
		out = append(out, protocol.FoldingRange{StartLine: protocol.UInteger(start), EndLine: protocol.UInteger(f.seen[start])})
	}
	comment := string(protocol.FoldingRangeKindComment)
	for _, c := range f.blocks {
		out = append(out, protocol.FoldingRange{StartLine: protocol.UInteger(c[0]), EndLine: protocol.UInteger(c[1]), Kind: &comment})
	}
	return out, nil
}

func sortedKeys(m map[int]int) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

type folds struct {
	d      *document
	seen   map[int]int // the last line of the widest fold that starts on a line
	blocks [][2]int
}

func (f *folds) add(span source.Span) {
	from, to := f.d.file.LineOf(span.Start), f.d.file.LineOf(max(span.Start, span.End))
	if span.End > span.Start && span.End == f.d.file.LineStart(to) {
		to-- // it ends with its last line break
	}
	if to > from && to > f.seen[from] {
		f.seen[from] = to
	}
}

// node does not follow aliases, so it ends whatever they point to.
func (f *folds) node(n *yamldoc.Node) {
	for _, p := range n.Pairs {
		f.add(source.Span{Start: p.Key.Span.Start, End: p.Span.End})
		f.node(p.Key)
		f.node(p.Value)
	}
	for _, item := range n.Items {
		f.add(item.Span)
		f.node(item)
	}
}

// comments joins comments that stand alone on lines one below the other.
func (f *folds) comments(all []source.Span) {
	start, last := -1, -2
	flush := func() {
		if start >= 0 && last > start {
			f.blocks = append(f.blocks, [2]int{start, last})
		}
	}
	for _, c := range all {
		line := f.d.file.LineOf(c.Start)
		if !blank(f.d.file.Slice(source.Span{Start: f.d.file.LineStart(line), End: c.Start})) {
			continue
		}
		if line != last+1 {
			flush()
			start = line
		}
		last = line
	}
	flush()
}

func blank(s string) bool {
	for _, c := range s {
		if c != ' ' && c != '\t' {
			return false
		}
	}
	return true
}
