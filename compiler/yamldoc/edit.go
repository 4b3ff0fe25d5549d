package yamldoc

import (
	"bytes"
	"slices"
	"sort"

	"github.com/prefectc/prefectc/compiler/source"
)

// reading is what a later edit has to know of how the text was read.
type reading struct {
	anchors map[string]*Anchor
	extents map[*Node]extent
	size    int             // nodes with aliases written out, or more after edits
	lists   map[*Node][]int // see parser.lists
}

// Change is what an edit did to a document: in List the items from At on were replaced, so many by so many. Everything behind
// them stands Shift bytes later.
type Change struct {
	List               *Node
	At, Removed, Added int
	Behind, Shift      int // offset before the edit from which on spans were shifted
}

// Move is where a span stands after the change, that was not in what was replaced.
func (c Change) Move(s source.Span) source.Span {
	if s.Start >= c.Behind {
		return moved(s, c.Shift)
	}
	return s
}

// Edit is an edit of a document that is sure to concern only some items of a top-level list: only those are read again.
type Edit struct{ editing }

// Edit looks at an edit that leads to f, whose text has n bytes in the place of those of span. It reports false when reading the
// items that the edit touches could leave out something else that it means. The document stays as it is until [Edit.Apply].
func (d *Document) Edit(f *source.File, span source.Span, n int) (*Edit, bool) {
	e := &Edit{editing{doc: d, file: f, shift: n - span.Len()}}
	return e, d.as != nil && e.find(span) && e.read() && e.alone()
}

// Apply makes the document what Read gives for the text after the edit. It changes the document itself: nobody else may use it
// meanwhile, or rely on its offsets afterwards.
func (e *Edit) Apply() Change {
	e.commit()
	return Change{List: e.list, At: e.first, Removed: e.last - e.first, Added: len(e.now.Items), Behind: e.region.End, Shift: e.shift}
}

// Editable reports whether the text was read as it stands, so that [Document.Edit] can be tried.
func (d *Document) Editable() bool { return d.as != nil }

// editing is one edit under way.
type editing struct {
	doc   *Document
	file  *source.File // the new text
	shift int

	pair        int // of the root, whose value is the list
	list        *Node
	first, last int         // the items that are read again, half open
	region      source.Span // theirs in the old text, whole lines
	toEnd       bool        // the region goes to the end of the text

	part    Document // what was read of them, with offsets in the region
	parser  *parser
	now     *Node // the new items, as a list
	removed map[*Node]bool
}

// find looks for the items that the edit touches.
func (e *editing) find(span source.Span) bool {
	root := e.doc.Root
	if root == nil || root.Kind != Mapping || root.Style != Block || root.Anchor != nil || root.Tag != "" || column(e.doc.File, root.Span.Start) != 0 {
		return false
	}
	e.pair = sort.Search(len(root.Pairs), func(i int) bool { return root.Pairs[i].Span.Start > span.Start }) - 1
	if e.pair < 0 {
		return false
	}
	e.list = root.Pairs[e.pair].Value
	if e.list.Kind != Sequence || e.list.Style != Block || e.list.Anchor != nil || e.list.Tag != "" {
		return false
	}
	dashes := e.doc.as.lists[e.list]
	if len(dashes) != len(e.list.Items) {
		return false
	}
	end := len(e.doc.File.Text)
	if e.pair+1 < len(root.Pairs) {
		end = lineStart(e.doc.File, root.Pairs[e.pair+1].Span.Start)
	}
	// What stands up to and behind a dash may belong to the item before it.
	e.first = max(0, sort.SearchInts(dashes, span.Start)-1)
	e.last = sort.Search(len(dashes), func(i int) bool { return lineStart(e.doc.File, dashes[i]) > span.End })
	e.region = source.Span{Start: lineStart(e.doc.File, dashes[e.first]), End: end}
	if e.last < len(dashes) {
		e.region.End = lineStart(e.doc.File, dashes[e.last])
	}
	e.toEnd = e.region.End == len(e.doc.File.Text)
	if e.pair+1 < len(root.Pairs) && !beginsLine(e.doc.File, root.Pairs[e.pair+1].Span.Start) || e.last < len(dashes) && !beginsLine(e.doc.File, dashes[e.last]) {
		return false
	}
	return e.first < e.last && e.region.Covers(span) && (span.End < e.region.End || e.toEnd)
}

func lineStart(f *source.File, off int) int { return f.LineStart(f.LineOf(off)) }

// beginsLine reports whether only blanks stand before off in its line: there are line breaks that only YAML knows.
func beginsLine(f *source.File, off int) bool {
	return len(bytes.TrimLeft(f.Text[lineStart(f, off):off], " ")) == 0
}

// column counts bytes, which are blanks where it matters.
func column(f *source.File, off int) int { return off - lineStart(f, off) }

// maxEdited bounds what is read again.
const maxEdited = 1 << 20

// read reads the items of the region as if they stood alone in their list.
func (e *editing) read() bool {
	d := e.doc
	text := slices.Clone(e.file.Text[e.region.Start : e.region.End+e.shift])
	if len(text) == 0 || len(text) > maxEdited || len(e.file.Text) > MaxSize || e.more(text) || bytes.Contains(text, []byte("\uFEFF")) {
		return false
	}
	e.part.File = source.New(e.file.Path, text)
	t, ok := e.part.decode(text)
	if !ok || len(e.part.Problems) > 0 {
		return false
	}
	p := newParser(&e.part, t)
	e.parser = p
	p.indent, p.indents, p.depth, p.extents, p.size = 0, []int{-1}, listDepth-1, map[*Node]extent{}, d.as.size
	p.anchors = map[string]*Anchor{}
	for name, a := range d.as.anchors {
		if a.Span.Start < e.region.Start {
			p.anchors[name] = &Anchor{Name: name, Span: a.Span, Node: a.Node}
			p.extents[a.Node] = d.as.extents[a.Node]
		}
	}
	n, ok := p.items()
	if !ok || n.Kind != Sequence || n.Style != Block || n.Anchor != nil || n.Tag != "" || p.tooBig || p.size > MaxNodes {
		return false
	}
	e.now = n
	return column(e.part.File, n.Span.Start) == column(d.File, d.as.lists[e.list][0]) && len(p.lists[n]) == len(n.Items)
}

// more holds for text that may end or start a document, or is no proper text for lines: line breaks that only YAML knows.
func (e *editing) more(text []byte) bool {
	for at := 0; at < len(text); at++ {
		if at > 0 && text[at-1] != '\n' && text[at-1] != '\r' {
			next := bytes.IndexAny(text[at:], "\r\n")
			if next < 0 {
				break
			}
			at += next
			continue
		}
		rest := text[at:]
		if rest[0] == '%' || bytes.HasPrefix(rest, []byte("---")) || bytes.HasPrefix(rest, []byte("...")) {
			return true
		}
	}
	return bytes.Contains(text, []byte("\u0085")) || bytes.Contains(text, []byte("\u2028")) || bytes.Contains(text, []byte("\u2029"))
}

// items reads the list that is all there is.
func (p *parser) items() (n *Node, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, syntax := r.(*syntaxError); !syntax {
				panic(r)
			}
			ok = false
		}
	}()
	n = p.node(inBlockV, false)
	if p.next().kind != blockEnd { // of the mapping around the list
		return nil, false
	}
	return n, p.peek().kind == streamEnd
}

// alone holds when nothing outside of the items hangs on what was in them, or on what is in them now.
func (e *editing) alone() bool {
	d := e.doc
	e.removed = map[*Node]bool{}
	gone := map[string]bool{}
	for _, item := range e.list.Items[e.first:e.last] {
		item.each(func(n *Node) { e.removed[n] = true })
	}
	unknown := false
	for i := range d.Problems {
		switch d.Problems[i].Kind {
		case UnknownAlias:
			unknown = true
		case DuplicateAnchor, TooLarge, Recursive, ManyDocuments, BadMerge: // or about text in two places
			return false
		}
	}
	for n := range e.removed {
		if n.Anchor == nil {
			continue
		}
		gone[n.Anchor.Name] = true
		for _, use := range n.Anchor.Uses {
			if !e.removed[use] {
				return false
			}
		}
	}
	for _, a := range e.part.Anchors {
		if other := d.as.anchors[a.Name]; other != nil && !gone[a.Name] || unknown && !gone[a.Name] {
			return false
		}
	}
	for i := range e.part.Problems {
		switch e.part.Problems[i].Kind {
		case DuplicateAnchor, Recursive, TooLarge, BadMerge:
			return false
		}
	}
	return true
}

// each visits a node and all that is written in it.
func (n *Node) each(visit func(*Node)) {
	visit(n)
	for _, item := range n.Items {
		item.each(visit)
	}
	for i := range n.Pairs {
		n.Pairs[i].Key.each(visit)
		n.Pairs[i].Value.each(visit)
	}
}

// move shifts a node and all that is written in it.
func (n *Node) move(by int) {
	n.Span.Start += by
	n.Span.End += by
	if n.Tag != "" {
		n.TagAt = moved(n.TagAt, by)
	}
	if n.Anchor != nil {
		n.Anchor.Span = moved(n.Anchor.Span, by)
	}
	for _, item := range n.Items {
		item.move(by)
	}
	for i := range n.Pairs {
		p := &n.Pairs[i]
		p.Span = moved(p.Span, by)
		p.Key.move(by)
		p.Value.move(by)
	}
}

func moved(s source.Span, by int) source.Span {
	return source.Span{Start: s.Start + by, End: s.End + by}
}

func (p *Problem) move(from, by int) {
	if p.Span.Start >= from {
		p.Span = moved(p.Span, by)
	}
	for i := range p.Related {
		if r := &p.Related[i]; r.Span.Start >= from {
			r.Span = moved(r.Span, by)
		}
	}
}

// commit puts the new items into the document.
func (e *editing) commit() {
	d, as := e.doc, e.doc.as
	e.links()
	e.now.move(e.region.Start)
	root, end := d.Root, e.now.Span.End
	if e.last < len(e.list.Items) {
		end = e.list.Span.End + e.shift
	}
	if e.shift != 0 {
		for _, item := range e.list.Items[e.last:] {
			item.move(e.shift)
		}
		for i := e.pair + 1; i < len(root.Pairs); i++ {
			p := &root.Pairs[i]
			p.Span = moved(p.Span, e.shift)
			p.Key.move(e.shift)
			p.Value.move(e.shift)
		}
		for list, dashes := range as.lists {
			for i := range dashes {
				if list != e.list && dashes[i] >= e.region.End || list == e.list && i >= e.last {
					dashes[i] += e.shift
				}
			}
		}
	}
	dashes := e.parser.lists[e.now]
	for i := range dashes {
		dashes[i] += e.region.Start
	}
	as.lists[e.list] = slices.Replace(as.lists[e.list], e.first, e.last, dashes...)
	e.list.Items = slices.Replace(e.list.Items, e.first, e.last, e.now.Items...)
	e.list.Span.End = end
	root.Pairs[e.pair].Span.End = end
	if e.pair == len(root.Pairs)-1 {
		root.Span.End = end
	} else {
		root.Span.End += e.shift
	}
	e.marks()
	as.size = e.parser.size
	d.File = e.file
}

// links takes the old items' anchors and aliases out of the document, and the new ones in.
func (e *editing) links() {
	d, as := e.doc, e.doc.as
	for n := range e.removed {
		if n.Anchor != nil {
			delete(as.anchors, n.Anchor.Name)
			delete(as.extents, n)
		}
	}
	if as.anchors == nil {
		as.anchors, as.extents = map[string]*Anchor{}, map[*Node]extent{}
	}
	for name, a := range e.parser.anchors {
		if real := as.anchors[name]; real != nil { // of outside: here is a copy of it, which gathered the new uses
			from := sort.Search(len(real.Uses), func(i int) bool { return real.Uses[i].Span.Start >= e.region.Start })
			to := from
			for to < len(real.Uses) && e.removed[real.Uses[to]] {
				to++
			}
			real.Uses = slices.Replace(real.Uses, from, to, a.Uses...)
			continue
		}
		as.anchors[name] = a
		as.extents[a.Node] = e.parser.extents[a.Node]
	}
	from := sort.Search(len(d.Anchors), func(i int) bool { return d.Anchors[i].Span.Start >= e.region.Start })
	to := from
	for to < len(d.Anchors) && d.Anchors[to].Span.Start < e.region.End {
		to++
	}
	d.Anchors = slices.Replace(d.Anchors, from, to, e.part.Anchors...)
}

// marks brings comments and problems up to date.
func (e *editing) marks() {
	d := e.doc
	from := sort.Search(len(d.Comments), func(i int) bool { return d.Comments[i].Start >= e.region.Start })
	to := sort.Search(len(d.Comments), func(i int) bool { return d.Comments[i].Start >= e.region.End })
	for i := to; i < len(d.Comments); i++ {
		d.Comments[i] = moved(d.Comments[i], e.shift)
	}
	for i := range e.part.Comments {
		e.part.Comments[i] = moved(e.part.Comments[i], e.region.Start)
	}
	d.Comments = slices.Replace(d.Comments, from, to, e.part.Comments...)
	problems := slices.DeleteFunc(d.Problems, func(p Problem) bool {
		return p.Span.Start >= e.region.Start && (p.Span.Start < e.region.End || e.toEnd)
	})
	for i := range problems {
		problems[i].move(e.region.End, e.shift)
	}
	for i := range e.part.Problems {
		e.part.Problems[i].move(0, e.region.Start)
	}
	d.Problems = append(problems, e.part.Problems...)
	d.sortProblems()
}
