package yamldoc

import (
	"github.com/prefectc/prefectc/compiler/source"
)

// blockSequence reads a list by dashes; bare holds for one at the indentation of its key, which has no tokens around it.
func (p *parser) blockSequence(n *Node, tag string, bare bool) {
	n.Kind, n.Style, n.Span = Sequence, Block, source.At(p.peek().start)
	if !bare {
		p.next()
	}
	height := 0
	tuples := isTuples(tag)
	for p.peek().kind == blockEntry {
		dash := p.next()
		if p.depth == listDepth {
			p.dash(n, dash.start)
		}
		var item *Node
		switch k := p.peek().kind; {
		case k == blockEntry || k == blockEnd || bare && (k == keyToken || k == valueToken):
			item = p.empty(dash.end, false)
		default:
			item = p.item(inBlock, tuples)
		}
		height = max(height, p.height)
		n.Items = append(n.Items, item)
		n.Span.End = max(dash.end, item.Span.End, item.propertiesEnd())
	}
	if !bare {
		p.blockEnd(missingDash, n.Span.Start)
	}
	p.height = height
	p.checkSequence(n, tag)
}

// listDepth is the depth of a list that is an entry of the document.
const listDepth = 2

func (p *parser) dash(list *Node, at int) {
	if p.lists == nil {
		p.lists = map[*Node][]int{}
	}
	p.lists[list] = append(p.lists[list], at)
}

func (p *parser) blockEnd(kind mistake, start int) {
	if t := p.peek(); t.kind != blockEnd {
		p.fail(kind, t.start, start)
	}
	p.next()
}

// item reads one item of a list. What a list of pairs holds is a key and a value each, and no mapping: neither its tag nor
// the kind of its key matters.
func (p *parser) item(at place, tuples bool) *Node {
	p.tuple = tuples
	return p.node(at, false)
}

func (p *parser) flowSequence(n *Node, tag string) {
	n.Kind, n.Style = Sequence, Flow
	start, height := p.next().start, 0
	tuples := isTuples(tag)
	for p.peek().kind != flowSequenceEnd {
		if len(n.Items) > 0 {
			if !p.comma(start) || p.peek().kind == flowSequenceEnd {
				break
			}
		}
		var item *Node
		if p.peek().kind == keyToken {
			item = p.impliedMapping(tuples)
		} else {
			item = p.item(inFlow, tuples)
		}
		height = max(height, p.height)
		n.Items = append(n.Items, item)
	}
	n.Span = source.Span{Start: start, End: p.next().end}
	p.height = height
	p.checkSequence(n, tag)
}

// comma takes the comma between two entries of the bracket that opens at start.
func (p *parser) comma(start int) bool {
	if t := p.peek(); t.kind != flowEntry {
		p.fail(openBracket, t.start, start)
	}
	p.next()
	return true
}

// impliedMapping reads "key: value" in [ ] without braces.
func (p *parser) impliedMapping(tuple bool) *Node {
	n := p.new()
	n.Kind, n.Style = Mapping, Flow
	if p.depth++; p.depth > MaxDepth {
		p.fail(deepNesting, p.peek().start, -1)
	}
	p.height = p.flowPair(n, flowSequenceEnd, !tuple) + 1
	p.depth--
	n.Span = n.Pairs[0].Span
	if !tuple {
		p.fillEntries(n)
	}
	return n
}

func (p *parser) flowMapping(n *Node, tag string, tuple bool) {
	n.Kind, n.Style = Mapping, Flow
	problems := len(p.doc.Problems)
	start, height := p.next().start, 0
	for p.peek().kind != flowMappingEnd {
		if len(n.Pairs) > 0 {
			if !p.comma(start) || p.peek().kind == flowMappingEnd {
				break
			}
		}
		height = max(height, p.flowPair(n, flowMappingEnd, !tuple))
	}
	n.Span = source.Span{Start: start, End: p.next().end}
	p.height = height
	if !tuple && !p.template(n, problems) {
		p.finishMapping(n, tag)
	}
}

// flowPair reads one entry of a bracket that end closes, and returns the height of it; keyed holds in a mapping.
func (p *parser) flowPair(n *Node, end tokenKind, keyed bool) int {
	start := p.peek().start
	stop := start
	var key *Node
	if p.peek().kind != keyToken {
		key = p.node(inFlow, keyed)
		height := p.height
		stop = max(key.Span.End, key.propertiesEnd())
		n.Pairs = append(n.Pairs, Pair{key, p.empty(stop, false), source.Span{Start: start, End: stop}})
		return max(height, p.height)
	} else {
		stop = p.next().end
		switch p.peek().kind {
		case valueToken, flowEntry, end:
			key = p.empty(stop, true)
		default:
			key = p.node(inFlow, keyed)
		}
	}
	height := p.height
	stop = max(stop, key.Span.End, key.propertiesEnd())
	val := p.flowValue(key, &stop, end)
	n.Pairs = append(n.Pairs, Pair{key, val, source.Span{Start: start, End: max(stop, val.Span.End, val.propertiesEnd())}})
	return max(height, p.height)
}

// flowValue reads the value behind a key in brackets; stop is where the key ends, then its colon.
func (p *parser) flowValue(key *Node, stop *int, end tokenKind) *Node {
	if p.peek().kind != valueToken {
		return p.empty(*stop, false)
	}
	*stop = p.next().end
	switch p.peek().kind {
	case flowEntry, end:
		return p.empty(*stop, false)
	}
	return p.valueOf(key, inFlow)
}

// valueOf reads the value of a key. PyYAML never looks at the tag of what is merged.
func (p *parser) valueOf(key *Node, at place) *Node {
	p.untagged = key.IsMerge()
	return p.node(at, false)
}

func (p *parser) blockMapping(n *Node, tag string, tuple bool) {
	n.Kind, n.Style = Mapping, Block
	begin, height := p.next().start, 0
	for p.peek().kind == keyToken {
		mark := p.next()
		stop := mark.end
		var key, val *Node
		switch p.peek().kind {
		case keyToken, valueToken, blockEnd:
			key = p.empty(stop, true)
		default:
			key = p.node(inBlockV, !tuple)
		}
		height = max(height, p.height)
		stop = max(stop, key.Span.End, key.propertiesEnd())
		if p.peek().kind != valueToken {
			val = p.empty(stop, false)
		} else {
			stop = p.next().end
			switch p.peek().kind {
			case keyToken, valueToken, blockEnd:
				val = p.empty(stop, false)
			default:
				val = p.valueOf(key, inBlockV)
			}
		}
		height = max(height, p.height)
		stop = max(stop, val.Span.End, val.propertiesEnd())
		n.Pairs = append(n.Pairs, Pair{key, val, source.Span{Start: mark.start, End: stop}})
		n.Span = source.Span{Start: n.Pairs[0].Span.Start, End: stop}
	}
	p.blockEnd(missingKey, begin)
	p.height = height
	if !tuple {
		p.finishMapping(n, tag)
	}
}

// propertiesEnd is where anchor and tag end; they end a node that is otherwise empty.
func (n *Node) propertiesEnd() int {
	end := n.TagAt.End
	if n.Anchor != nil {
		end = max(end, n.Anchor.Span.End)
	}
	return end
}

// template turns {{ x }} without quotes, which YAML reads as a mapping that is the key of another, into its text.
func (p *parser) template(n *Node, problems int) bool {
	if len(n.Pairs) != 1 {
		return false
	}
	key, val := n.Pairs[0].Key, n.Pairs[0].Value
	if key.Span.Start != n.Span.Start+1 || key.Span.End != n.Span.End-1 || val.Span.Start > key.Span.End ||
		key.Span.Len() < 2 || p.text[key.Span.Start] != '{' || p.text[key.Span.End-1] != '}' {
		return false
	}
	p.doc.Problems = p.doc.Problems[:problems]
	p.doc.textNode(n)
	p.doc.unquotedTemplate(n.Span)
	return true
}

// textNode makes n the text it is written as.
func (d *Document) textNode(n *Node) {
	n.Kind, n.Style, n.Pairs, n.Items, n.entries = String, Plain, nil, nil, nil
	n.Text = d.File.Slice(n.Span)
	n.Scalar = n.Text
}

func (d *Document) unquotedTemplate(at source.Span) {
	d.fatal(UnquotedTemplate, at, "%q is not quoted, so YAML reads { as the start of a mapping: put it in quotes", clip(d.File.Slice(at)))
}
