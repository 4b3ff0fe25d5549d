package yamldoc

import (
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/prefectc/prefectc/compiler/value"
)

// IsMerge reports whether a key is a merge key: "<<" without quotes.
func (n *Node) IsMerge() bool {
	return n != nil && n.merge && n.Kind == String
}

// isTuples holds for the tags of lists of pairs.
func isTuples(tag string) bool { return tag == "!!omap" || tag == "!!pairs" }

// checkSequence applies the tag of a list.
func (p *parser) checkSequence(n *Node, tag string) {
	switch tag {
	case "", "!", "!!seq":
	case "!!omap", "!!pairs":
		n.tuples = true
		for _, item := range n.Items {
			d := item.Deref()
			if d == nil || d.Kind == Invalid {
				continue
			}
			switch {
			case d.Kind == Mapping && len(d.Pairs) == 1 && d.Pairs[0].Key.IsMerge():
				p.doc.fatal(BadScalar, item.Span, "<< has no meaning under the tag %s: write the key itself", n.Tag)
			case d.Kind != Mapping || len(d.Pairs) != 1:
				p.doc.fatal(BadScalar, item.Span, "items under the tag %s must be mappings with exactly one key", n.Tag)
			}
		}
	case "!!map", "!!set":
		p.doc.fatal(BadScalar, n.TagAt, "the tag %s wants a mapping, but a list follows", n.Tag)
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!binary":
		p.doc.fatal(BadScalar, n.TagAt, "the tag %s wants a scalar, but a list follows", n.Tag)
	default:
		p.unknownTag(n)
	}
}

// finishMapping applies the tag of a mapping and finds its entries.
func (p *parser) finishMapping(n *Node, tag string) {
	switch tag {
	case "", "!", "!!map":
	case "!!set":
		n.Kind = Set
	case "!!seq", "!!omap", "!!pairs":
		p.doc.fatal(BadScalar, n.TagAt, "the tag %s wants a list, but a mapping follows", n.Tag)
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!binary":
		if text, ok := n.defaultText(); ok {
			n.Pairs, n.Text = nil, text
			p.doc.Problems = slices.DeleteFunc(p.doc.Problems, func(found Problem) bool { // the rest is never looked at
				return n.Span.Covers(found.Span) && slices.Contains(constructed, found.Kind)
			})
			p.construct(n, tag, false)
			return
		}
		p.doc.fatal(BadScalar, n.TagAt, "the tag %s wants a scalar, but a mapping follows", n.Tag)
	default:
		p.unknownTag(n)
	}
	p.fillEntries(n)
}

// constructed are the kinds of problems that PyYAML finds only where it makes a value of what it read.
var constructed = []ProblemKind{BadKey, BadScalar, BadMerge, UnknownTag}

// defaultText is the scalar that a mapping with the key "=" stands for where its tag wants one.
func (n *Node) defaultText() (string, bool) {
	switch n = n.Deref(); {
	case n == nil || n.Kind == Sequence:
		return "", false
	case n.Kind != Mapping && n.Kind != Set:
		return n.Text, true
	}
	for _, pair := range n.Pairs {
		if k := pair.Key.Deref(); k != nil && k.Text == "=" && k.Style == Plain && k.Tag == "" {
			return pair.Value.defaultText()
		}
	}
	return "", false
}

// fillEntries computes what the Python dict of a mapping holds: merged keys first, in the order of PyYAML's
// flatten_mapping, then the mapping's own; a key keeps its first place and takes its last value.
func (p *parser) fillEntries(n *Node) {
	set := entrySet{entries: make([]Entry, 0, len(n.Pairs))}
	for i := range n.Pairs {
		if pair := &n.Pairs[i]; pair.Key.IsMerge() {
			p.merge(&set, n, pair)
		}
	}
	for i := range n.Pairs {
		pair := &n.Pairs[i]
		if pair.Key.IsMerge() {
			continue
		}
		key := pair.Key.Deref()
		if key == nil || key.Kind == Invalid {
			if pair.Key.Kind == Alias && pair.Key.Target == nil {
				p.unhashable(pair.Key)
			}
			continue
		}
		if key.Kind == Sequence || key.Kind == Mapping || key.Kind == Set {
			p.unhashable(pair.Key)
			continue
		}
		if first := set.put(Entry{Key: key, Value: pair.Value}, pair.Key); first != nil {
			p.duplicate(pair.Key, first)
		}
	}
	n.entries = set.entries
}

func (p *parser) unhashable(key *Node) {
	if len(p.doc.Problems) > 0 && p.doc.Problems[len(p.doc.Problems)-1].Span == key.Span {
		return // an unknown alias, already reported
	}
	p.doc.fatal(BadKey, key.Span, "a list or mapping cannot be a key: write a text, and quote it if it contains [ ] or { }")
}

func (p *parser) duplicate(key, first *Node) {
	p.doc.Problems = append(p.doc.Problems, Problem{Kind: DuplicateKey, Span: key.Span,
		Message: "key " + strconv.Quote(clip(key.KeyText())) + " is written twice: only this last one counts",
		Related: []Related{{first.Span, "first written here"}}})
}

// merge adds what a "<<" brings.
func (p *parser) merge(set *entrySet, n *Node, pair *Pair) {
	from := pair.Value.Deref()
	switch {
	case from == nil && pair.Value.Kind == Alias && p.anchors[pair.Value.Text] != nil && p.anchors[pair.Value.Text].Node.Kind == Sequence:
		p.badMerge(pair.Value, "it contains this mapping")
	case from == nil || from.Kind == Invalid:
	case from.Kind == Mapping || from.Kind == Set:
		p.mergeInto(set, from, pair.Value)
	case from.Kind == Sequence:
		// The first of the list wins, so it is put last.
		for i := len(from.Items) - 1; i >= 0; i-- {
			item := from.Items[i].Deref()
			switch {
			case item == nil || item.Kind == Invalid:
			case item.Kind == Mapping || item.Kind == Set:
				via := from.Items[i]
				if via.Kind != Alias {
					via = pair.Value
				}
				p.mergeInto(set, item, via)
			default:
				if pair.Value.Kind == Alias { // the list may be right where it stands
					p.badMerge(pair.Value, "every item of the list must be a mapping")
					return
				}
				p.badMerge(from.Items[i], "every item of the list must be a mapping")
			}
		}
	default:
		p.badMerge(pair.Value, "write an alias to a mapping, or a list of such aliases")
	}
}

// mergeInto adds the entries of a mapping, unless they are too many.
func (p *parser) mergeInto(set *entrySet, from, via *Node) {
	if p.size+len(from.entries) > MaxNodes {
		p.tooLarge(via, nil, "with all merges written out the file has more than %d values", MaxNodes)
		return
	}
	p.size += len(from.entries)
	set.merge(from, via)
}

func (p *parser) badMerge(n *Node, advice string) {
	p.doc.fatal(BadMerge, n.Span, "%s cannot be merged with <<: %s", n.describe(), advice)
}

// describe names a node for a message.
func (n *Node) describe() string {
	d := n.Deref()
	switch {
	case n.Kind == Alias:
		return "*" + n.Text
	case d == nil || d.Kind == Null:
		return "an empty value"
	case d.Kind == Sequence:
		return "a list"
	case d.Kind == Mapping || d.Kind == Set:
		return "a mapping"
	}
	return strconv.Quote(clip(d.Text))
}

// entrySet collects entries as a Python dict does.
type entrySet struct {
	entries []Entry
	own     []*Node // the key as written in the mapping itself, by entry; nil for merged ones
	index   map[any]int
}

// indexFrom is the size from which a map beats comparing all keys.
const indexFrom = 12

func (s *entrySet) find(id any) (int, bool) {
	if s.index == nil {
		for i := range s.entries {
			if keyID(s.entries[i].Key) == id {
				return i, true
			}
		}
		return 0, false
	}
	i, ok := s.index[id]
	return i, ok
}

// put adds an entry; written is its key in the mapping itself, nil when merged. It returns the key that was
// written in the mapping before, if any.
func (s *entrySet) put(e Entry, written *Node) (first *Node) {
	id := keyID(e.Key)
	if i, ok := s.find(id); ok {
		if written != nil {
			first = s.own[i]
			if first == nil {
				s.own[i] = written
			}
		}
		s.entries[i].Value, s.entries[i].Via = e.Value, e.Via
		if s.entries[i].Key.Kind == e.Key.Kind { // else Python keeps the first spelling, 1 or true
			s.entries[i].Key = e.Key
		}
		return first
	}
	s.entries = append(s.entries, e)
	s.own = append(s.own, written)
	switch {
	case s.index != nil:
		s.index[id] = len(s.entries) - 1
	case len(s.entries) == indexFrom:
		s.index = make(map[any]int, 4*indexFrom)
		for i := range s.entries {
			s.index[keyID(s.entries[i].Key)] = i
		}
	}
	return nil
}

func (s *entrySet) merge(from, via *Node) {
	if via.Kind != Alias {
		via = nil
	}
	for _, e := range from.entries {
		if via != nil {
			e.Via = via
		}
		s.put(e, nil)
	}
}

// keyID is equal for two keys when they are one key of a Python dict: 1, 1.0 and true are.
func keyID(n *Node) any {
	switch v := n.Scalar.(type) {
	case string:
		return n.Scalar
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	case float64:
		switch {
		case math.IsNaN(v):
			return "\x00nan"
		case v == math.Trunc(v) && math.Abs(v) < 1<<63:
			return int64(v)
		case v == math.Trunc(v) && !math.IsInf(v, 0):
			i, _ := new(big.Float).SetFloat64(v).Int(nil)
			return bigID(i)
		}
		return v
	case *big.Int:
		return bigID(v)
	case value.Bytes:
		return "\x00bytes" + string(v)
	case value.DateTime:
		return datetimeID{v.Time.UnixMicro(), v.Naive}
	}
	return n.Scalar
}

type datetimeID struct {
	micro int64
	naive bool
}

func bigID(i *big.Int) string { return "\x00int" + i.String() }
