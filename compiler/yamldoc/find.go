package yamldoc

import (
	"sort"

	"github.com/prefectc/prefectc/compiler/value"
)

// KeyText is the text of a key for paths and messages: "name", "1", "null".
func (n *Node) KeyText() string {
	d := n.Deref()
	switch {
	case d == nil:
		return n.Text
	case d.Kind == String || d.Kind == Invalid || d.Kind == Bytes:
		return d.Text
	}
	return value.KeyText(d.Scalar)
}

// NodeAt is the path from the root to the innermost node, as written, that off touches; aliases are not followed.
// A node's anchor and tag count as part of it. It is empty outside the data.
func (d *Document) NodeAt(off int) []*Node {
	var path []*Node
	for n := d.Root; n != nil; {
		if !n.touches(off) {
			break
		}
		path = append(path, n)
		n = n.childAt(off)
	}
	return path
}

func (n *Node) touches(off int) bool {
	return n.Span.Contains(off) || n.Tag != "" && n.TagAt.Contains(off) ||
		n.Anchor != nil && n.Anchor.Span.Start-1 <= off && off <= n.Anchor.Span.End
}

// extentStart is where the node starts with its properties.
func (n *Node) extentStart() int {
	start := n.Span.Start
	if n.Tag != "" {
		start = min(start, n.TagAt.Start)
	}
	if n.Anchor != nil {
		start = min(start, n.Anchor.Span.Start-1)
	}
	return start
}

// childAt is the child that touches off. Where two meet, the later wins unless it is empty.
func (n *Node) childAt(off int) *Node {
	if len(n.Pairs) > 0 {
		i := sort.Search(len(n.Pairs), func(i int) bool { return n.Pairs[i].Span.Start > off })
		if i == 0 {
			return nil
		}
		p := &n.Pairs[i-1]
		if p.Value.touches(off) && (p.Value.Span.Len() > 0 || !p.Key.touches(off)) {
			return p.Value
		}
		if p.Key.touches(off) {
			return p.Key
		}
		return nil
	}
	i := sort.Search(len(n.Items), func(i int) bool { return n.Items[i].extentStart() > off })
	if i == 0 || !n.Items[i-1].touches(off) {
		return nil
	}
	return n.Items[i-1]
}
