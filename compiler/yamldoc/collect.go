package yamldoc

import (
	"bytes"
	"slices"
	"strings"

	yaml "gopkg.in/yaml.v3"

	"github.com/prefectc/prefectc/compiler/source"
)

func flowIndicator(c byte) bool {
	return c == ',' || c == '[' || c == ']' || c == '{' || c == '}'
}

func (w *walker) sequence(n *Node, y *yaml.Node) {
	n.Kind, n.Style = Sequence, Block
	n.Items = make([]*Node, 0, len(y.Content))
	if y.Style&yaml.FlowStyle != 0 {
		w.flowSequence(n, y)
	} else {
		w.blockSequence(n, y)
	}
	w.checkSequence(n, y)
}

func (w *walker) blockSequence(n *Node, y *yaml.Node) {
	start, height := -1, 0
	for _, item := range y.Content {
		w.skip()
		if start < 0 {
			start = w.pos
			n.Span = source.At(start)
		}
		w.expect('-', item)
		end := w.pos
		child := w.node(item, start, false)
		height = max(height, w.height)
		n.Items = append(n.Items, child)
		n.Span.End = max(end, child.Span.End, child.propertiesEnd())
	}
	w.height = height
}

func (w *walker) flowSequence(n *Node, y *yaml.Node) {
	n.Style = Flow
	start, height := w.pos, 0
	w.expect('[', y)
	w.flow++
	for _, item := range y.Content {
		w.skip()
		if w.at(0) == ',' {
			w.pos++
			w.skip()
		}
		child := w.node(item, -1, false)
		height = max(height, w.height)
		if child.colon {
			child = w.colonPair(child, item)
		}
		if child.Kind == String && child.Style == Plain && child.Text == "?" {
			w.emptyPair(child)
		}
		n.Items = append(n.Items, child)
	}
	w.close(n, start, ']')
	w.height = height
}

// close ends a flow collection.
func (w *walker) close(n *Node, start int, bracket byte) {
	w.skip()
	if w.at(0) == ',' {
		w.pos++
		w.skip()
	}
	if w.at(0) == bracket {
		w.pos++
	} else {
		w.lost++
	}
	w.flow--
	n.Span = source.Span{Start: start, End: w.pos}
}

func (w *walker) mapping(n *Node, y *yaml.Node) {
	n.Kind, n.Style = Mapping, Block
	n.Pairs = make([]Pair, 0, len(y.Content)/2)
	switch {
	case y.Style&yaml.FlowStyle == 0:
		w.blockMapping(n, y)
	case len(y.Content) >= 2 && (w.at(0) != '{' || impliedPair(y)):
		n.Style = Flow
		start := w.pos
		height := w.flowPair(n, y.Content[0], y.Content[1])
		n.Span = source.Span{Start: start, End: n.Pairs[0].Span.End}
		w.height = height
	default:
		problems := len(w.doc.Problems)
		w.flowMapping(n, y)
		if w.template(n, problems) {
			return
		}
	}
	w.checkMapping(n, y)
	w.fillEntries(n)
}

// impliedPair holds for a "key: value" that stands in [ ] without braces: it starts where its key starts.
func impliedPair(y *yaml.Node) bool {
	return len(y.Content) == 2 && y.Content[0].Line == y.Line && y.Content[0].Column == y.Column
}

func (w *walker) flowMapping(n *Node, y *yaml.Node) {
	n.Style = Flow
	start, height := w.pos, 0
	w.expect('{', y)
	w.flow++
	for i := 0; i+1 < len(y.Content); i += 2 {
		w.skip()
		if w.at(0) == ',' {
			w.pos++
			w.skip()
		}
		height = max(height, w.flowPair(n, y.Content[i], y.Content[i+1]))
	}
	w.close(n, start, '}')
	w.height = height
}

// flowPair reads one pair in { } or [ ] and returns the height of it.
func (w *walker) flowPair(n *Node, yk, yv *yaml.Node) int {
	start := w.pos
	if w.at(0) == '?' {
		w.pos++
		w.skip()
	}
	key := w.node(yk, -1, true)
	height := w.height
	if key.colon {
		w.stripColon(key, yk)
	}
	if key.Kind == String && key.Style == Plain && key.Text == "?" { // see lone
		key.Kind, key.Text, key.Scalar = Null, "", nil
	}
	end := max(w.pos, key.Span.End)
	pos, comments, problems := w.pos, len(w.doc.Comments), len(w.doc.Problems)
	w.skip()
	if w.at(0) == ':' {
		w.pos++
		end = w.pos
	} else {
		w.pos, w.doc.Comments, w.doc.Problems = pos, w.doc.Comments[:comments], w.doc.Problems[:problems]
	}
	val := w.value(key, yv, -1)
	if val.colon {
		w.doc.fatal(Syntax, source.Span{Start: val.Span.End - 1, End: val.Span.End},
			"a second \":\" in one entry: quote the value if the colon belongs to it")
	}
	n.Pairs = append(n.Pairs, Pair{key, val, source.Span{Start: start, End: max(end, val.Span.End, val.propertiesEnd())}})
	return max(height, w.height)
}

// value reads what stands behind a key. PyYAML never looks at the tag of what is merged.
func (w *walker) value(key *Node, y *yaml.Node, block int) *Node {
	problems := len(w.doc.Problems)
	val := w.node(y, block, false)
	if val.Tag != "" && len(w.doc.Problems) > problems && key.IsMerge() {
		w.doc.Problems = slices.DeleteFunc(w.doc.Problems, func(p Problem) bool { return p.Span == val.TagAt })
		if val.Kind == Invalid {
			w.badMerge(val, "write an alias to a mapping, or a list of such aliases")
		}
	}
	return val
}

func (w *walker) blockMapping(n *Node, y *yaml.Node) {
	first, height := -1, 0
	for i := 0; i+1 < len(y.Content); i += 2 {
		w.skip()
		start := w.pos
		if first < 0 {
			first = start
		}
		explicit := w.at(0) == '?' && w.blankAt(1)
		if explicit {
			w.pos++
		}
		key := w.node(y.Content[i], first, true)
		height = max(height, w.height)
		end := max(w.pos, key.Span.End)
		pos, comments, problems := w.pos, len(w.doc.Comments), len(w.doc.Problems)
		w.skip()
		switch {
		case w.at(0) == ':' && w.blankAt(1):
			w.pos++
			end = w.pos
		case explicit:
			w.pos, w.doc.Comments, w.doc.Problems = pos, w.doc.Comments[:comments], w.doc.Problems[:problems]
		default:
			w.expect(':', y.Content[i+1])
		}
		val := w.value(key, y.Content[i+1], first)
		height = max(height, w.height)
		end = max(end, val.Span.End, val.propertiesEnd())
		n.Pairs = append(n.Pairs, Pair{key, val, source.Span{Start: start, End: end}})
		n.Span = source.Span{Start: first, End: end}
	}
	w.height = height
}

// propertiesEnd is where anchor and tag end; they end a node that is otherwise empty.
func (n *Node) propertiesEnd() int {
	end := n.TagAt.End
	if n.Anchor != nil {
		end = max(end, n.Anchor.Span.End)
	}
	return end
}

// stripColon makes "a:" before a comma or bracket what PyYAML reads: the key "a", and the colon behind it.
func (w *walker) stripColon(n *Node, y *yaml.Node) {
	colon := n.Span.End - 1
	n.Text = strings.TrimRight(n.Text[:len(n.Text)-1], " ")
	n.Span.End = n.Span.Start + len(bytes.TrimRight(w.text[n.Span.Start:colon], " "))
	w.construct(n, y, true)
	w.pos = colon
}

// colonPair makes the item "a:" of a list the mapping {a: null}.
func (w *walker) colonPair(key *Node, y *yaml.Node) *Node {
	w.stripColon(key, y)
	w.pos++
	val := w.new()
	val.Kind, val.Span = Null, source.At(w.pos)
	m := w.new()
	m.Kind, m.Style, m.Span = Mapping, Flow, source.Span{Start: key.extentStart(), End: w.pos}
	m.Pairs = []Pair{{key, val, m.Span}}
	w.fillEntries(m)
	return m
}

// emptyPair makes "?" alone in [ ] the mapping {null: null}: in brackets PyYAML takes every "?" for a key.
func (w *walker) emptyPair(n *Node) {
	key, val := w.new(), w.new()
	key.Kind, key.Span = Null, source.At(n.Span.End)
	val.Kind, val.Span = Null, source.At(n.Span.End)
	n.Kind, n.Style, n.Text, n.Scalar = Mapping, Flow, "", nil
	n.Pairs = []Pair{{key, val, n.Span}}
	w.fillEntries(n)
}

// template turns {{ x }} without quotes, which YAML reads as a mapping that is the key of another, into its text.
func (w *walker) template(n *Node, problems int) bool {
	if len(n.Pairs) != 1 {
		return false
	}
	key, val := n.Pairs[0].Key, n.Pairs[0].Value
	if key.Span.Start != n.Span.Start+1 || key.Span.End != n.Span.End-1 || val.Span.Start > key.Span.End ||
		key.Span.Len() < 2 || w.text[key.Span.Start] != '{' || w.text[key.Span.End-1] != '}' {
		return false
	}
	w.doc.Problems = w.doc.Problems[:problems]
	w.textNode(n)
	w.doc.unquotedTemplate(n.Span)
	return true
}

// textNode makes n the text it is written as.
func (w *walker) textNode(n *Node) {
	n.Kind, n.Style, n.Pairs, n.Items, n.entries = String, Plain, nil, nil, nil
	n.Text = w.doc.File.Slice(n.Span)
	n.Scalar = n.Text
}

func (d *Document) unquotedTemplate(at source.Span) {
	d.fatal(UnquotedTemplate, at, "%q is not quoted, so YAML reads { as the start of a mapping: put it in quotes", clip(d.File.Slice(at)))
}
