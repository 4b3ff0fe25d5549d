package yamldoc

import (
	yaml "gopkg.in/yaml.v3"

	"github.com/prefectc/prefectc/compiler/source"
)

// walker builds our tree from yaml.v3's: a single pass over the text, guided by the nodes, which finds where each of
// them starts and ends. The nodes say what comes next, so that the walker needs no grammar, only the tokens.
type walker struct {
	doc    *Document
	text   []byte // what yaml.v3 parsed
	src    *parseText
	header blockHeader // of the block scalar read last
	pos    int
	flow   int // depth of [ ] and { } around pos
	depth  int

	anchors map[string]*Anchor
	extents map[*Node]extent // of the anchored nodes that are complete
	size    int              // nodes so far, with aliases written out
	height  int              // of the node just read, with aliases written out
	tooBig  bool             // reported
	lost    int              // times the text was not what the nodes promised; tests hold it at 0
	slab    []Node
}

// extent is what an alias stands for.
type extent struct{ size, height int }

func newWalker(d *Document, t *parseText) *walker {
	return &walker{doc: d, text: t.bytes, src: t}
}

func (w *walker) new() *Node {
	if len(w.slab) == 0 {
		w.slab = make([]Node, min(256, max(16, len(w.text)/64)))
	}
	n := &w.slab[0]
	w.slab = w.slab[1:]
	w.size++
	return n
}

// at is the byte at pos+i, 0 behind the end.
func (w *walker) at(i int) byte {
	if w.pos+i < len(w.text) {
		return w.text[w.pos+i]
	}
	return 0
}

// skip goes to the next token, over blanks, line breaks and comments.
func (w *walker) skip() {
	for w.pos < len(w.text) {
		switch c := w.text[w.pos]; c {
		case ' ', '\n', '\r':
			w.pos++
		case '\t':
			w.tabs()
		case '#':
			start := w.pos
			for w.pos < len(w.text) && breakLen(w.text, w.pos) == 0 {
				w.pos++
			}
			w.doc.Comments = append(w.doc.Comments, source.Span{Start: start, End: w.pos})
		case 0xC2, 0xE2:
			n := breakLen(w.text, w.pos)
			if n == 0 {
				return
			}
			w.pos += n
		case 0xEF:
			if w.pos != 0 || string(w.text[:min(3, len(w.text))]) != "\uFEFF" {
				return
			}
			w.pos += 3
		default:
			return
		}
	}
}

// tabs reports tabs between tokens: yaml.v3 takes them, PyYAML does not.
func (w *walker) tabs() {
	start := w.pos
	for w.at(0) == '\t' || w.at(0) == ' ' {
		w.pos++
	}
	end := w.pos
	for w.text[end-1] == ' ' {
		end--
	}
	w.doc.tab(source.Span{Start: start, End: end})
}

func (d *Document) tab(at source.Span) {
	d.fatal(Tab, at, "tab outside quotes: YAML allows only spaces between words here, replace it by spaces")
}

// document walks the whole file.
func (w *walker) document(root *yaml.Node, empty bool) {
	w.directives()
	if w.marker('-') {
		w.pos += 3
	}
	if root != nil {
		w.doc.Root = w.node(root, -1, false)
	}
	w.skip()
	ended := false
	for w.marker('.') {
		w.pos += 3
		ended = true
		w.skip()
	}
	if w.pos >= len(w.text) || empty {
		return
	}
	w.doc.Partial = true
	end := source.Span{Start: w.pos, End: w.doc.File.LineSpan(w.doc.File.LineOf(w.pos)).End}
	if w.marker('-') || ended {
		w.doc.fatal(ManyDocuments, source.Span{Start: w.pos, End: min(w.pos+3, end.End)},
			"a second document starts here: prefect reads files with one document only, move it to a file of its own")
		return
	}
	w.doc.fatal(Syntax, end, "text after the end of the data: it belongs to nothing above it")
}

// marker holds when "---" or "..." stands at pos as a line's first word.
func (w *walker) marker(c byte) bool {
	if w.at(0) != c || w.at(1) != c || w.at(2) != c || !w.blankAt(3) {
		return false
	}
	return w.lineStart(w.pos) == w.pos
}

// blankAt holds for a blank, a line break or the end.
func (w *walker) blankAt(i int) bool {
	p := w.pos + i
	return p >= len(w.text) || w.text[p] == ' ' || w.text[p] == '\t' || breakLen(w.text, p) > 0
}

// lineStart is where the YAML line holding p begins, behind a byte order mark.
func (w *walker) lineStart(p int) int {
	for p > 0 {
		switch c := w.text[p-1]; {
		case c == '\n' || c == '\r':
			return p
		case c == 0x85 && p > 1 && w.text[p-2] == 0xC2,
			(c == 0xA8 || c == 0xA9) && p > 2 && w.text[p-2] == 0x80 && w.text[p-3] == 0xE2,
			c == 0xBF && p == 3 && w.text[1] == 0xBB && w.text[0] == 0xEF:
			return p
		}
		p--
	}
	return 0
}

// node reads the node y. block is the offset at which the block collection around it starts, -1 at the top.
func (w *walker) node(y *yaml.Node, block int, key bool) *Node {
	n := w.new()
	sizeBefore := w.size - 1
	empty := y.Kind == yaml.ScalarNode && y.Value == "" && y.Style&^yaml.TaggedStyle == 0
	w.properties(y, n, empty)
	w.depth++
	w.height = 0
	switch {
	case empty:
		n.Span = source.At(w.pos)
		w.construct(n, y, key)
		if !key && len(w.src.dropped) > 0 && w.droppedAt(w.pos) {
			n.Kind = Invalid
		}
	case y.Kind == yaml.AliasNode:
		w.alias(n, y)
	case y.Kind == yaml.ScalarNode:
		w.scalar(n, y, block)
		if len(w.src.edits)+len(w.src.patches) > 0 {
			w.reread(n)
		}
		w.construct(n, y, key)
	case y.Kind == yaml.SequenceNode:
		w.sequence(n, y)
	case y.Kind == yaml.MappingNode:
		w.mapping(n, y)
	}
	w.depth--
	w.height++
	if n.Anchor != nil {
		if w.extents == nil {
			w.extents = map[*Node]extent{}
		}
		w.extents[n] = extent{w.size - sizeBefore, w.height}
	}
	return n
}

// properties reads anchor and tag. Before an empty node it stays behind the last of them.
func (w *walker) properties(y *yaml.Node, n *Node, empty bool) {
	tagged, anchored := y.Style&yaml.TaggedStyle != 0, y.Anchor != ""
	flow := y.Kind == yaml.ScalarNode || y.Style&yaml.FlowStyle != 0 && !(y.Kind == yaml.MappingNode && impliedPair(y))
	if empty && !tagged && !anchored {
		p := w.pos
		for p < len(w.text) && w.text[p] == ' ' {
			p++
		}
		if p >= len(w.text) || w.text[p] != '!' {
			return
		}
	}
	for {
		pos, comments, problems := w.pos, len(w.doc.Comments), len(w.doc.Problems)
		w.skip()
		switch {
		case w.at(0) == '&' && anchored && n.Anchor == nil:
			w.anchor(n, y.Anchor)
			continue
		case w.at(0) == '!' && n.Tag == "" && y.Kind != yaml.AliasNode && (tagged || flow || w.lineEndsBehindTag()):
			w.tag(n)
			continue
		}
		if empty {
			w.pos, w.doc.Comments, w.doc.Problems = pos, w.doc.Comments[:comments], w.doc.Problems[:problems]
		}
		return
	}
}

// lineEndsBehindTag tells "!" before a block collection from "!" before its first key.
func (w *walker) lineEndsBehindTag() bool {
	p := w.pos + 1
	for p < len(w.text) && w.text[p] == ' ' {
		p++
	}
	return p >= len(w.text) || w.text[p] == '#' || breakLen(w.text, p) > 0
}

// tag reads a tag: it goes on to the next blank, in brackets too.
func (w *walker) tag(n *Node) {
	start := w.pos
	for !w.blankAt(0) {
		w.pos++
	}
	n.TagAt = source.Span{Start: start, End: w.pos}
	n.Tag = w.doc.File.Slice(n.TagAt)
}

func (w *walker) anchor(n *Node, name string) {
	w.pos++
	a := &Anchor{Name: name, Span: source.Span{Start: w.pos, End: w.pos + len(name)}, Node: n}
	w.pos += len(name)
	n.Anchor = a
	w.doc.Anchors = append(w.doc.Anchors, a)
	if w.anchors == nil {
		w.anchors = map[string]*Anchor{}
	}
	if first := w.anchors[name]; first != nil {
		w.doc.fatal(DuplicateAnchor, a.Span, "anchor %q is defined twice: PyYAML refuses that, give one of them another name", name)
		w.doc.relate(first.Span, "first defined here")
	}
	w.anchors[name] = a
}

// relate adds a place to the problem reported last.
func (d *Document) relate(at source.Span, message string) {
	p := &d.Problems[len(d.Problems)-1]
	p.Related = append(p.Related, Related{at, message})
}

// alias reads "*name" and connects it, unless what it stands for is too large or contains it.
func (w *walker) alias(n *Node, y *yaml.Node) {
	n.Kind = Alias
	n.Text = y.Value
	if !w.expect('*', y) {
		return
	}
	n.Span = source.Span{Start: w.pos - 1, End: w.pos + len(y.Value)}
	w.pos = n.Span.End
	a := w.anchors[y.Value]
	if a == nil {
		w.doc.fatal(UnknownAlias, n.Span, "alias *%s has no anchor &%s before it", y.Value, y.Value)
		return
	}
	a.Uses = append(a.Uses, n)
	ext, complete := w.extents[a.Node]
	switch {
	case !complete:
		w.doc.Problems = append(w.doc.Problems, Problem{Kind: Recursive, Span: n.Span,
			Message: "alias *" + y.Value + " stands inside its own anchor: the data would contain itself, which prefect cannot deploy",
			Related: []Related{{a.Span, "the anchor"}}})
	case w.size+ext.size > MaxNodes:
		w.tooLarge(n, a, "with alias *%s written out the file has more than %d values", y.Value, MaxNodes)
	case w.depth+ext.height > MaxDepth:
		w.tooLarge(n, a, "with alias *%s written out the data nests deeper than %d levels", y.Value, MaxDepth)
	default:
		n.Target = a.Node
		w.size += ext.size
		w.height = ext.height - 1
	}
}

func (w *walker) tooLarge(n *Node, a *Anchor, format string, args ...any) {
	if w.tooBig {
		return
	}
	w.tooBig = true
	w.doc.fatal(TooLarge, n.Span, format, args...)
	w.doc.relate(a.Span, "the anchor")
}

// expect consumes c, or goes to where yaml.v3 says that y starts.
func (w *walker) expect(c byte, y *yaml.Node) bool {
	if w.at(0) == c {
		w.pos++
		return true
	}
	w.lost++
	if p := yamlOffset(w.text, y.Line, y.Column); p > w.pos {
		w.pos = p
	}
	if w.at(0) == c {
		w.pos++
		return true
	}
	return false
}
