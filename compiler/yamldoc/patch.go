package yamldoc

import (
	"bytes"
	"slices"
	"sort"

	"github.com/prefectc/prefectc/compiler/source"
)

// parseText is the text handed to yaml.v3: as long as the file, with what breaks it blanked or patched in place.
type parseText struct {
	bytes   []byte
	inserts []int         // offsets before which the parser sees one blank more
	edits   []source.Span // characters replaced inside scalars, which are read again from the file
	patches []patch
	dropped []source.Span // blanked, in no order

	fallback func() // reports the first error; for when no problem found in the tree is fatal
}

// patch is a stretch of the file that stands in the parsed text as one plain word of the same length. Its problem is
// reported when the word turns out to be a scalar; one that must is reported in any case.
type patch struct {
	span    source.Span
	problem Problem
	must    bool
	hit     bool
}

// forParser is the text with the inserts.
func (t *parseText) forParser() []byte {
	if len(t.inserts) == 0 {
		return t.bytes
	}
	out := make([]byte, 0, len(t.bytes)+len(t.inserts))
	from := 0
	for _, at := range t.inserts {
		out = append(append(out, t.bytes[from:at]...), ' ')
		from = at
	}
	return append(out, t.bytes[from:]...)
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

func (t *parseText) patch(span source.Span, kind ProblemKind, must bool, message string) {
	i := t.patchAfter(span.Start)
	if i > 0 && t.patches[i-1].span.End > span.Start || i < len(t.patches) && t.patches[i].span.Start < span.End || len(t.patches) >= maxPatches {
		return
	}
	fill(t.bytes, span, 'x')
	t.patches = slices.Insert(t.patches, i, patch{span: span, must: must,
		problem: Problem{Kind: kind, Fatal: true, Span: span, Message: message}})
}

// patchAfter is the index of the first patch at or behind off.
func (t *parseText) patchAfter(off int) int {
	return sort.Search(len(t.patches), func(i int) bool { return t.patches[i].span.Start >= off })
}

// patched makes n the text it is written as when it stands for a patch or holds edits.
func (w *walker) patched(n *Node) bool {
	ps := w.src.patches
	if i := w.src.patchAfter(n.Span.Start); i < len(ps) && ps[i].span == n.Span {
		w.textNode(n)
		if !ps[i].hit {
			ps[i].hit = true
			w.doc.Problems = append(w.doc.Problems, ps[i].problem)
		}
		return true
	}
	return false
}

// reread takes a scalar's text from the file where the parsed text was edited inside it.
func (w *walker) reread(n *Node) {
	es, ps := w.src.edits, w.src.patches
	i := sort.Search(len(es), func(i int) bool { return es[i].Start >= n.Span.Start })
	j := w.src.patchAfter(n.Span.Start)
	if (i >= len(es) || es[i].Start >= n.Span.End) && (j >= len(ps) || ps[j].span.Start >= n.Span.End) {
		return
	}
	s := w.doc.File.Slice(n.Span)
	switch n.Style {
	case Plain:
		if !w.isPatch(n.Span) {
			n.Text = readPlain(s)
		}
	case SingleQuoted:
		n.Text = readSingle(s)
	case DoubleQuoted:
		n.Text = readDouble(s)
	case Literal, Folded:
		n.Text = readBlock(w.doc.File.Text[w.header.content:nextLine(w.text, n.Span.End)], w.header.indent, n.Style == Folded, w.header.chomp)
	}
}

// droppedAt holds when what stood at off was blanked: an empty value there is not known to be null.
func (w *walker) droppedAt(off int) bool {
	for _, s := range w.src.dropped {
		if off <= s.End && (s.Start <= off || len(bytes.TrimSpace(w.doc.File.Text[off:s.Start])) == 0) {
			return true
		}
	}
	return false
}

func (w *walker) isPatch(span source.Span) bool {
	i := w.src.patchAfter(span.Start)
	return i < len(w.src.patches) && w.src.patches[i].span == span
}
