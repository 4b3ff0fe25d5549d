package yamldoc

import (
	"sort"

	"github.com/prefectc/prefectc/compiler/source"
)

// Bounds of what is read. Real files stay far below: the largest of the corpus has 243 kB and nests 9 deep.
const (
	MaxSize  = 16 << 20  // bytes of one file
	MaxNodes = 1_000_000 // nodes once every alias is written out
	MaxDepth = 400       // nesting once every alias is written out; PyYAML 6.0 exhausts Python's stack at 490
)

// Read reads a file. It never fails: what is wrong is in Problems, and the tree holds what could be understood.
func Read(f *source.File) *Document {
	d := &Document{File: f}
	if len(f.Text) > MaxSize {
		d.Partial = true
		d.fatal(TooLarge, source.Span{Start: 0, End: f.LineSpan(0).End},
			"file has %d bytes, more than the %d that are read", len(f.Text), MaxSize)
		return d
	}
	t, ok := d.decode(f.Text)
	if !ok {
		return d
	}
	d.parse(t)
	for _, p := range t.patches {
		d.Problems = append(d.Problems, p.problem)
	}
	if t.fallback != nil && !d.hasFatal() {
		t.fallback()
	}
	d.sortProblems()
	return d
}

func (d *Document) sortProblems() {
	sort.SliceStable(d.Problems, func(i, j int) bool {
		return d.Problems[i].Span.Start < d.Problems[j].Span.Start
	})
}

func (d *Document) hasFatal() bool {
	for i := range d.Problems {
		if d.Problems[i].Fatal {
			return true
		}
	}
	return false
}
