package yamldoc

import (
	"bytes"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
)

// checkSpans proves every span of a document: children inside parents, siblings in order, and each scalar, read
// again from its own slice, the same.
func checkSpans(t testing.TB, name string, d *Document) {
	t.Helper()
	size := len(d.File.Text)
	for _, p := range d.Problems {
		if p.Span.Start < 0 || p.Span.End < p.Span.Start || p.Span.End > size {
			t.Errorf("%s: problem %q lies outside the file: %v", name, p.Message, p.Span)
		}
		if p.Message == "" || strings.HasSuffix(p.Message, ".") {
			t.Errorf("%s: message %q", name, p.Message)
		}
	}
	for i, c := range d.Comments {
		if d.File.Text[c.Start] != '#' && !d.Partial || i > 0 && c.Start < d.Comments[i-1].End {
			t.Errorf("%s: comment %d at %v is not one", name, i, c)
		}
	}
	if d.Root != nil {
		checkNode(t, name, d, d.Root, source.Span{Start: 0, End: size})
	}
}

func checkNode(t testing.TB, name string, d *Document, n *Node, parent source.Span) {
	t.Helper()
	if n.Span.Start > n.Span.End || !parent.Covers(n.Span) {
		t.Errorf("%s: node %v leaves its parent %v", name, n.Span, parent)
		return
	}
	if n.Tag != "" && (d.File.Slice(n.TagAt) != n.Tag && !hasBadCharacters(d) || !parent.Covers(n.TagAt) || n.TagAt.End > n.Span.Start) {
		t.Errorf("%s: tag %q at %v", name, n.Tag, n.TagAt)
	}
	if n.Anchor != nil && !hasKind(d, BadEncoding) && (d.File.Slice(n.Anchor.Span) != n.Anchor.Name || n.Anchor.Span.End > n.Span.Start) {
		t.Errorf("%s: anchor %q at %v", name, n.Anchor.Name, n.Anchor.Span)
	}
	last := n.Span.Start
	for _, p := range n.Pairs {
		if p.Span.Start < last || !n.Span.Covers(p.Span) {
			t.Errorf("%s: pair %v out of order in %v", name, p.Span, n.Span)
		}
		checkNode(t, name, d, p.Key, p.Span)
		checkNode(t, name, d, p.Value, p.Span)
		if p.Value.Span.Start < p.Key.Span.End {
			t.Errorf("%s: value %v before its key %v", name, p.Value.Span, p.Key.Span)
		}
		last = p.Span.End
	}
	for _, item := range n.Items {
		if item.extentStart() < last {
			t.Errorf("%s: item %v out of order in %v", name, item.Span, n.Span)
		}
		checkNode(t, name, d, item, n.Span)
		last = max(item.Span.End, item.propertiesEnd())
	}
	checkScalar(t, name, d, n)
}

func hasKind(d *Document, kind ProblemKind) bool {
	for _, p := range d.Problems {
		if p.Kind == kind {
			return true
		}
	}
	return false
}

func checkScalar(t testing.TB, name string, d *Document, n *Node) {
	t.Helper()
	s := d.File.Slice(n.Span)
	switch n.Kind {
	case Sequence, Mapping, Set:
		return
	case Alias:
		if s != "*"+n.Text && !hasKind(d, BadEncoding) {
			t.Errorf("%s: alias %q at %q", name, n.Text, s)
		}
		return
	}
	got := ""
	switch n.Style {
	case Plain:
		got = readPlain(s)
	case SingleQuoted:
		got = readSingle(s)
	case DoubleQuoted:
		got = readDouble(s)
	default:
		return // proven by rereading in context
	}
	if got != n.Text && s != n.Text && !d.Partial && !hasKind(d, BadEncoding) {
		t.Errorf("%s: %q at %v reads %q, not %q", name, s, n.Span, got, n.Text)
	}
}

// Block scalars: the slice, put under a key again, gives the same text.
func TestBlockScalarSpans(t *testing.T) {
	for _, c := range []struct{ text, want, slice string }{
		{"a: |\n  x\n  y\nb: 1\n", "x\ny\n", "|\n  x\n  y"},
		{"a: |-\n  x\n\n\nb: 1\n", "x", "|-\n  x"},
		{"a: |+\n  x\n\n\nb: 1\n", "x\n\n\n", "|+\n  x\n\n"},
		{"a: >\n  x\n  y\n\n  z\n", "x y\nz\n", ">\n  x\n  y\n\n  z"},
		{"a: |2\n    x\n", "  x\n", "|2\n    x"},
		{"a: | # why\n  x\n# after\n", "x\n", "| # why\n  x"},
		{"a: |\nb: 1\n", "", "|"},
		{"a: |\n  x", "x", "|\n  x"},
		{"- |\n x\n- 1\n", "x\n", "|\n x"},
		{"a: |\r\n  x\r\n  é\r\n", "x\né\n", "|\r\n  x\r\n  é"},
		{"a: |\n  \tx\n  y\n", "\tx\ny\n", "|\n  \tx\n  y"},
		{"a: >\n  \tx\n  y\n  z\n", "\tx\ny z\n", ">\n  \tx\n  y\n  z"},
	} {
		f := source.New("x.yaml", []byte(c.text))
		d := Read(f)
		checkSpans(t, c.text, d)
		n := d.Root.Items
		var v *Node
		if len(n) > 0 {
			v = n[0]
		} else {
			v = d.Root.Pairs[0].Value
		}
		if v.Text != c.want || f.Slice(v.Span) != c.slice || len(d.Problems) > 0 {
			t.Errorf("%q reads %q from %q with %v, want %q from %q", c.text, v.Text, f.Slice(v.Span), d.Problems, c.want, c.slice)
		}
	}
}

func TestSpans(t *testing.T) {
	for _, c := range []struct{ text, path, want string }{
		{"a:   b c   # d\n", "a", "b c"},
		{"a: b\n  c\n\n  d\ne: 1", "a", "b\n  c\n\n  d"},
		{"a: &x !!str  'it''s'\n", "a", "'it''s'"},
		{`a: "b\" c"`, "a", `"b\" c"`},
		{"a: [1, {b: c}]\n", "a", "[1, {b: c}]"},
		{"a:\n  b: 1\n  c:\n\nd: 2\n", "a", "b: 1\n  c:"},
		{"a:\n- 1\n-\nb: 1", "a", "- 1\n-"},
		{"a:\nb: 1\n", "a", ""},
		{"é: &日 1\n", "é", ""},
		{"k: &a v\na: *a\n", "a", "*a"},
		{"\uFEFFa: b\n", "a", "b"},
		{"a: \u2028\n  b\n", "a", "b"},
		{"a: {{ x.y }}\n", "a", "{{ x.y }}"},
		{"a: {{ x }}-{{ y }} # c\n", "a", "{{ x }}-{{ y }}"},
		{"a: *.csv\n", "a", "*.csv"},
	} {
		f := source.New("x.yaml", []byte(c.text))
		d := Read(f)
		e, ok := d.Root.Get(c.path)
		if !ok {
			if c.want != "" {
				t.Errorf("%q has no key %q: %v", c.text, c.path, d.Problems)
			}
			continue
		}
		if got := f.Slice(e.Value.Span); got != c.want {
			t.Errorf("%q: the value of %s is written %q, want %q", c.text, c.path, got, c.want)
		}
	}
}

// Random documents, most of them broken somewhere: the spans hold in all of them.
func TestRandomSpans(t *testing.T) {
	words := []string{"a", "b: ", "- ", "\n", "\n  ", "\n    ", "é", "'x'", `"y\n"`, "[", "]", "{", "}", ", ", ": ", "? ", "&a ", "*a", "!!str ",
		"# c\n", "|\n  ", ">-\n  ", "k:\n", "\r\n", "\t", " ", "{{ x }}", "*/5 * *", "<<: ", "1", "~", "---\n", "...\n", "\u2028", "%", "@x", "'", "\""}
	r := rand.New(rand.NewSource(1))
	for range 20_000 {
		var b bytes.Buffer
		for range r.Intn(14) {
			b.WriteString(words[r.Intn(len(words))])
		}
		checkSpans(t, strings.ToValidUTF8(b.String(), "?"), Read(source.New("x", b.Bytes())))
		if t.Failed() {
			t.Fatalf("text %q", b.String())
		}
	}
}

func TestNodeAt(t *testing.T) {
	text := "deployments:\n  - name: &n one\n    tags: [a, bc]\n    x:\n"
	d := Read(source.New("x", []byte(text)))
	for _, c := range []struct {
		at   string
		want string
	}{{"one", "one"}, {"bc]", "bc"}, {"tags", "tags"}, {"&n", "one"}, {"[a", "[a, bc]"}} {
		path := d.NodeAt(strings.Index(text, c.at))
		if len(path) == 0 || d.File.Slice(path[len(path)-1].Span) != c.want {
			t.Errorf("at %q: the innermost of %d nodes is not %q", c.at, len(path), c.want)
		}
	}
}

// hasBadCharacters holds when underscores stand for some characters in what was read.
func hasBadCharacters(d *Document) bool {
	return slices.ContainsFunc(d.Problems, func(p Problem) bool { return p.Kind == BadEncoding })
}
