package yamldoc

import (
	yaml "gopkg.in/yaml.v3"

	"github.com/prefectc/prefectc/compiler/source"
)

// parseText is the text handed to yaml.v3: the file, with what breaks it blanked or patched in place.
type parseText struct {
	bytes   []byte
	patches []patch
}

// patch is a stretch of the file that stands in the parsed text as one plain word of the same length.
type patch struct{ span source.Span }

func (w *walker) patched(n *Node) bool {
	for _, p := range w.patches {
		if p.span == n.Span {
			w.textNode(n)
			return true
		}
	}
	return false
}

func (d *Document) parse(t *parseText) (*yaml.Node, bool) {
	root, err := parseNodes(t.bytes)
	if err == nil {
		return root, true
	}
	e := locate(t.bytes, err)
	at := max(e.at, 0)
	d.Partial = true
	d.fatal(Syntax, source.Span{Start: at, End: max(at, d.File.LineSpan(d.File.LineOf(at)).End)}, "%s", e.message)
	return nil, false
}
