package yamldoc

import (
	"bytes"
	"slices"
	"sort"

	"github.com/prefectc/prefectc/compiler/source"
)

// parseText is the text that is parsed: as long as the file, with what breaks it blanked or patched in place.
type parseText struct {
	bytes   []byte
	base    []byte // without blanks and patches
	inserts []int  // offsets before which one blank more is taken to stand, in order
	removes []int  // offsets before which one blank fewer is taken to stand, in order
	colons  []int  // where the last letter of a key stands as the colon it misses
	patches []patch
	dropped []source.Span // blanked, in no order

	fallback func() // reports the first error; for when no problem found in the tree is fatal
}

// patch is a stretch of the file that stands in the parsed text as one plain word of the same length.
type patch struct {
	span    source.Span
	problem Problem
}

// fill overwrites a span, keeping line breaks.
func fill(text []byte, span source.Span, c byte) {
	for i := span.Start; i < span.End; {
		if n := breakLen(text, i); n > 0 {
			i += n
			continue
		}
		text[i] = c
		i++
	}
}

// insertSorted adds at to offsets in order.
func insertSorted(offsets []int, at int) []int {
	return slices.Insert(offsets, sort.SearchInts(offsets, at), at)
}

func (t *parseText) patch(span source.Span, kind ProblemKind, message string) {
	i := t.patchAfter(span.Start)
	if i > 0 && t.patches[i-1].span.End > span.Start || i < len(t.patches) && t.patches[i].span.Start < span.End || len(t.patches) >= maxPatches {
		return
	}
	fill(t.bytes, span, 'x')
	t.keepIndent(span)
	t.patches = slices.Insert(t.patches, i, patch{span: span,
		problem: Problem{Kind: kind, Fatal: true, Span: span, Message: message}})
}

// keepIndent restores the blanks that lines begin with.
func (t *parseText) keepIndent(span source.Span) {
	for at := nextLine(t.bytes, span.Start); at < span.End; at = nextLine(t.bytes, at) {
		for p := at; p < span.End && t.base[p] == ' '; p++ {
			t.bytes[p] = ' '
		}
	}
}

// patchAfter is the index of the first patch at or behind off.
func (t *parseText) patchAfter(off int) int {
	return sort.Search(len(t.patches), func(i int) bool { return t.patches[i].span.Start >= off })
}

// patched makes n the text it is written as when it stands for a patch.
func (p *parser) patched(n *Node) bool {
	ps := p.src.patches
	if i := p.src.patchAfter(n.Span.Start); i < len(ps) && ps[i].span == n.Span {
		p.doc.textNode(n)
		if ps[i].problem.Kind == Syntax {
			n.Kind = Invalid
		}
		return true
	}
	return false
}

// droppedAt holds when what stood at off was blanked: an empty value there is not known to be null.
func (p *parser) droppedAt(off int) bool {
	for _, s := range p.src.dropped {
		if off <= s.End && (s.Start <= off || len(bytes.TrimSpace(p.doc.File.Text[off:s.Start])) == 0) {
			return true
		}
	}
	return false
}
