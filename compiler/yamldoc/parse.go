package yamldoc

import (
	"slices"

	"github.com/prefectc/prefectc/compiler/source"
)

// parser builds the tree from the tokens, as PyYAML's parser and composer do in one.
type parser struct {
	scanner
	src  *parseText
	tags map[string]string // what a handle stands for

	depth    int
	anchors  map[string]*Anchor
	extents  map[*Node]extent // of the anchored nodes that are complete
	size     int              // nodes so far, with aliases written out
	height   int              // of the node just read, with aliases written out
	tooBig   bool             // reported
	tuple    bool             // what is read next is an item of a list of pairs
	untagged bool             // the tag of what is read next means nothing
	lists    map[*Node][]int  // where the dashes of the lists right below the top stand
	slab     []Node
}

// extent is what an alias stands for.
type extent struct{ size, height int }

// place says what may stand where a node is read.
type place uint8

const (
	inFlow   place = iota // in brackets
	inBlock               // behind a dash, or at the top
	inBlockV              // at a key or behind its colon, where a list needs no indentation
)

func newParser(d *Document, t *parseText) *parser {
	return &parser{src: t, scanner: scanner{doc: d, text: t.bytes, str: string(t.base), inserts: t.inserts, removes: t.removes, indent: -1, allowKey: true}}
}

// read parses the first document of the text into doc.
func (p *parser) read() (err *syntaxError) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*syntaxError)
			if !ok {
				panic(r)
			}
			err = e
		}
	}()
	p.document()
	return nil
}

func (p *parser) document() {
	p.directives()
	switch t := p.peek(); t.kind {
	case streamEnd:
		return
	case documentStart:
		end := p.next().end
		switch p.peek().kind {
		case directiveToken, documentStart, documentEnd, streamEnd:
			p.doc.Root = p.empty(end, false)
		default:
			p.doc.Root = p.node(inBlock, false)
		}
	default:
		p.doc.Root = p.node(inBlock, false)
	}
	ended := false
	for p.peek().kind == documentEnd {
		p.next()
		ended = true
	}
	switch t := p.peek(); {
	case t.kind == streamEnd:
	case t.kind == documentStart || t.kind == directiveToken || ended:
		p.doc.Partial = true
		p.doc.fatal(ManyDocuments, source.Span{Start: t.start, End: min(max(t.end, t.start+1), len(p.text))},
			"a second document starts here: prefect reads files with one document only, move it to a file of its own")
	default:
		p.fail(misplacedText, t.start, -1)
	}
}

func (p *parser) new() *Node {
	if len(p.slab) == 0 {
		p.slab = make([]Node, min(256, max(16, len(p.text)/64)))
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	if p.size++; p.size > MaxNodes && !p.tooBig {
		p.fail(manyNodes, p.peek().start, -1)
	}
	return n
}

// empty is the null that stands where nothing is written.
func (p *parser) empty(at int, key bool) *Node {
	n := p.new()
	p.emptyNode(n, at, "", key)
	p.height = 1
	return n
}

func (p *parser) emptyNode(n *Node, at int, tag string, key bool) {
	n.Span = source.At(at)
	p.construct(n, tag, key)
	if !key && len(p.src.dropped) > 0 && p.droppedAt(at) {
		n.Kind = Invalid
	}
}

// node reads one node.
func (p *parser) node(at place, key bool) *Node {
	n := p.new()
	before := p.size - 1
	first := p.peek().start
	if p.depth++; p.depth > MaxDepth {
		p.fail(deepNesting, first, -1)
	}
	tuple, untagged := p.tuple, p.untagged
	p.height, p.tuple, p.untagged = 0, false, false
	if p.peek().kind == aliasToken {
		p.alias(n)
	} else {
		tag := p.properties(n)
		if untagged {
			tag = ""
		}
		p.content(n, at, tag, key, first, tuple)
	}
	p.depth--
	p.height++
	if n.Anchor != nil {
		if p.extents == nil {
			p.extents = map[*Node]extent{}
		}
		p.extents[n] = extent{p.size - before, p.height}
	}
	return n
}

// content reads what follows a node's properties.
func (p *parser) content(n *Node, at place, tag string, key bool, first int, tuple bool) {
	switch t := p.peek(); {
	case t.kind == scalarToken:
		p.scalarNode(n, tag, key)
	case t.kind == flowSequenceStart:
		p.flowSequence(n, tag)
	case t.kind == flowMappingStart:
		p.flowMapping(n, tag, tuple)
	case t.kind == blockEntry && at == inBlockV:
		p.blockSequence(n, tag, true)
	case t.kind == blockSequenceStart && at != inFlow:
		p.blockSequence(n, tag, false)
	case t.kind == blockMappingStart && at != inFlow:
		p.blockMapping(n, tag, tuple)
	case n.propertiesEnd() > 0:
		p.emptyNode(n, n.propertiesEnd(), tag, key)
	default:
		p.fail(missingContent, t.start, first)
	}
}

func (p *parser) scalarNode(n *Node, tag string, key bool) {
	t := p.next()
	if slices.Contains(p.src.colons, t.end) && t.style == Plain {
		t.end++
		t.text = p.str[t.start:t.end]
	}
	n.Style, n.Text, n.Span = t.style, t.text, source.Span{Start: t.start, End: t.end}
	if len(p.src.patches) > 0 && p.patched(n) {
		return
	}
	p.construct(n, tag, key)
}

// properties reads anchor and tag, in either order. It returns the tag as construct wants it.
func (p *parser) properties(n *Node) (tag string) {
	for {
		switch t := p.peek(); {
		case t.kind == anchorToken && n.Anchor == nil:
			p.anchor(n)
		case t.kind == tagToken && n.Tag == "":
			tag = p.tagOf(n)
		default:
			return tag
		}
	}
}

// standardTag is what the tags of YAML's own types begin with.
const standardTag = "tag:yaml.org,2002:"

// tagOf reads a tag. It returns it with "!!" for standardTag.
func (p *parser) tagOf(n *Node) string {
	t := p.next()
	n.TagAt = source.Span{Start: t.start, End: t.end}
	n.Tag = p.str[t.start:t.end]
	tag := t.text
	if t.handle > 0 {
		handle := n.Tag[:t.handle]
		prefix, ok := p.tags[handle]
		switch {
		case ok:
		case handle == "!":
			prefix = "!"
		case handle == "!!":
			prefix = standardTag
		default:
			return n.Tag + " " // as no known tag is written
		}
		tag = prefix + tag
	}
	if len(tag) >= len(standardTag) && tag[:len(standardTag)] == standardTag {
		return "!!" + tag[len(standardTag):]
	}
	if len(tag) >= 2 && tag[:2] == "!!" {
		return tag + " " // a local tag that only looks like a standard one
	}
	return tag
}

func (p *parser) anchor(n *Node) {
	t := p.next()
	a := &Anchor{Name: t.text, Span: source.Span{Start: t.start + 1, End: t.end}, Node: n}
	n.Anchor = a
	p.doc.Anchors = append(p.doc.Anchors, a)
	if p.anchors == nil {
		p.anchors = map[string]*Anchor{}
	}
	if first := p.anchors[a.Name]; first != nil {
		p.doc.fatal(DuplicateAnchor, a.Span, "anchor %q is defined twice: PyYAML refuses that, give one of them another name", a.Name)
		p.doc.relate(first.Span, "first defined here")
	}
	p.anchors[a.Name] = a
}

// relate adds a place to the problem reported last.
func (d *Document) relate(at source.Span, message string) {
	p := &d.Problems[len(d.Problems)-1]
	p.Related = append(p.Related, Related{at, message})
}

// alias reads "*name" and connects it, unless what it stands for is too large or contains it.
func (p *parser) alias(n *Node) {
	t := p.next()
	n.Kind, n.Text, n.Span = Alias, t.text, source.Span{Start: t.start, End: t.end}
	a := p.anchors[t.text]
	if a == nil {
		n.Kind, n.Text = Invalid, p.str[t.start:t.end]
		p.doc.fatal(UnknownAlias, n.Span, "alias *%s has no anchor &%s before it", t.text, t.text)
		return
	}
	a.Uses = append(a.Uses, n)
	ext, complete := p.extents[a.Node]
	switch {
	case !complete:
		p.doc.Problems = append(p.doc.Problems, Problem{Kind: Recursive, Span: n.Span,
			Message: "alias *" + t.text + " stands inside its own anchor: the data would contain itself, which prefect cannot deploy",
			Related: []Related{{a.Span, "the anchor"}}})
	case p.size+ext.size > MaxNodes:
		p.tooLarge(n, a, "with alias *%s written out the file has more than %d values", t.text, MaxNodes)
	case p.depth+ext.height > MaxDepth:
		p.tooLarge(n, a, "with alias *%s written out the data nests deeper than %d levels", t.text, MaxDepth)
	default:
		n.Target = a.Node
		p.size += ext.size
		p.height = ext.height - 1
	}
}

func (p *parser) tooLarge(n *Node, a *Anchor, format string, args ...any) {
	if p.tooBig {
		return
	}
	p.tooBig = true
	p.doc.fatal(TooLarge, n.Span, format, args...)
	if a != nil {
		p.doc.relate(a.Span, "the anchor")
	}
}
