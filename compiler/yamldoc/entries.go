package yamldoc

import (
	"math"
	"math/big"
	"strconv"

	yaml "gopkg.in/yaml.v3"

	"github.com/prefectc/prefectc/compiler/value"
)

// IsMerge reports whether a key is a merge key: "<<" without quotes.
func (n *Node) IsMerge() bool {
	switch {
	case n == nil || n.Kind != String:
		return false
	case n.Tag == "" || n.Tag == "!":
		return n.Text == "<<" && (n.Style == Plain || n.Tag == "!")
	}
	return n.merge
}

// checkSequence applies the tag of a list.
func (w *walker) checkSequence(n *Node, y *yaml.Node) {
	if y.Style&yaml.TaggedStyle == 0 {
		return
	}
	switch y.Tag {
	case "!!seq":
	case "!!omap", "!!pairs":
		n.tuples = true
		for _, item := range n.Items {
			d := item.Deref()
			if d == nil || d.Kind == Invalid {
				continue
			}
			if d.Kind != Mapping || len(d.Pairs) != 1 {
				w.doc.fatal(BadScalar, item.Span, "items under the tag %s must be mappings with exactly one key", n.Tag)
			}
		}
	case "!!map", "!!set":
		w.doc.fatal(BadScalar, n.TagAt, "the tag %s wants a mapping, but a list follows", n.Tag)
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!binary":
		w.doc.fatal(BadScalar, n.TagAt, "the tag %s wants a scalar, but a list follows", n.Tag)
	default:
		w.unknownTag(n)
	}
}

// checkMapping applies the tag of a mapping.
func (w *walker) checkMapping(n *Node, y *yaml.Node) {
	if y.Style&yaml.TaggedStyle == 0 {
		return
	}
	switch y.Tag {
	case "!!map":
	case "!!set":
		n.Kind = Set
	case "!!seq", "!!omap", "!!pairs":
		w.doc.fatal(BadScalar, n.TagAt, "the tag %s wants a list, but a mapping follows", n.Tag)
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!binary":
		w.doc.fatal(BadScalar, n.TagAt, "the tag %s wants a scalar, but a mapping follows", n.Tag)
	default:
		w.unknownTag(n)
	}
}

// fillEntries computes what the Python dict of a mapping holds: merged keys first, in the order of PyYAML's
// flatten_mapping, then the mapping's own; a key keeps its first place and takes its last value.
func (w *walker) fillEntries(n *Node) {
	set := entrySet{entries: make([]Entry, 0, len(n.Pairs))}
	for i := range n.Pairs {
		if p := &n.Pairs[i]; p.Key.IsMerge() {
			w.merge(&set, n, p)
		}
	}
	for i := range n.Pairs {
		p := &n.Pairs[i]
		if p.Key.IsMerge() {
			continue
		}
		key := p.Key.Deref()
		if key == nil || key.Kind == Invalid {
			if p.Key.Kind == Alias && p.Key.Target == nil {
				w.unhashable(p.Key)
			}
			continue
		}
		if key.Kind == Sequence || key.Kind == Mapping || key.Kind == Set {
			w.unhashable(p.Key)
			continue
		}
		if first := set.put(Entry{Key: key, Value: p.Value}, p.Key); first != nil {
			w.duplicate(p.Key, first)
		}
	}
	n.entries = set.entries
}

func (w *walker) unhashable(key *Node) {
	if len(w.doc.Problems) > 0 && w.doc.Problems[len(w.doc.Problems)-1].Span == key.Span {
		return // an unknown alias, already reported
	}
	w.doc.fatal(BadKey, key.Span, "a list or mapping cannot be a key: write a text, and quote it if it contains [ ] or { }")
}

func (w *walker) duplicate(key, first *Node) {
	w.doc.Problems = append(w.doc.Problems, Problem{Kind: DuplicateKey, Span: key.Span,
		Message: "key " + strconv.Quote(clip(key.KeyText())) + " is written twice: only this last one counts",
		Related: []Related{{first.Span, "first written here"}}})
}

// merge adds what a "<<" brings.
func (w *walker) merge(set *entrySet, n *Node, p *Pair) {
	from := p.Value.Deref()
	switch {
	case from == nil && p.Value.Kind == Alias && w.anchors[p.Value.Text] != nil && w.anchors[p.Value.Text].Node.Kind == Sequence:
		w.badMerge(p.Value, "it contains this mapping")
	case from == nil || from.Kind == Invalid:
	case from.Kind == Mapping || from.Kind == Set:
		set.merge(from, p.Value)
	case from.Kind == Sequence:
		// The first of the list wins, so it is put last.
		for i := len(from.Items) - 1; i >= 0; i-- {
			item := from.Items[i].Deref()
			switch {
			case item == nil || item.Kind == Invalid:
			case item.Kind == Mapping || item.Kind == Set:
				via := from.Items[i]
				if via.Kind != Alias {
					via = p.Value
				}
				set.merge(item, via)
			default:
				w.badMerge(from.Items[i], "every item of the list must be a mapping")
			}
		}
	default:
		w.badMerge(p.Value, "write an alias to a mapping, or a list of such aliases")
	}
}

func (w *walker) badMerge(n *Node, advice string) {
	w.doc.fatal(BadMerge, n.Span, "%s cannot be merged with <<: %s", n.describe(), advice)
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
