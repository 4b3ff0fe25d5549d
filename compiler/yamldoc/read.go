package yamldoc

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
)

// Bounds of what is read. Real files stay far below: the largest of the corpus has 243 kB and nests 9 deep.
const (
	MaxSize  = 8 << 20 // bytes of one file
	MaxNodes = 200_000 // nodes, and entries of mappings, once every alias is written out
	MaxDepth = 400     // nesting once every alias is written out; PyYAML 6.0 exhausts Python's stack at 490
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
	d.forgiveAliases(t)
	d.sortProblems()
	d.limitProblems()
	return d
}

// forgiveAliases forgets aliases whose anchor stands in what could not be read, which is reported.
func (d *Document) forgiveAliases(t *parseText) {
	lost := t.dropped
	for _, p := range t.patches {
		lost = append(lost, p.span)
	}
	if len(lost) == 0 {
		return
	}
	names := map[string]bool{}
	for _, s := range lost {
		words := strings.Fields(d.File.Slice(s))
		for i, w := range words {
			if w == "&" && i+1 < len(words) {
				w += words[i+1]
			}
			if len(w) > 1 && w[0] == '&' {
				names[w[1:]] = true
			}
		}
	}
	d.Problems = slices.DeleteFunc(d.Problems, func(p Problem) bool {
		return p.Kind == UnknownAlias && names[d.File.Slice(p.Span)[1:]]
	})
}

func (d *Document) sortProblems() {
	sort.SliceStable(d.Problems, func(i, j int) bool {
		return d.Problems[i].Span.Start < d.Problems[j].Span.Start
	})
}

// maxProblems is how many problems of one kind are listed: mending starts at the first, and a file of a million tabs says no
// more than one of a thousand.
const maxProblems = 1000

// limitProblems keeps the first problems of each kind, and says how many more there are.
func (d *Document) limitProblems() {
	if len(d.Problems) <= maxProblems {
		return
	}
	all := map[ProblemKind]int{}
	for i := range d.Problems {
		all[d.Problems[i].Kind]++
	}
	seen := map[ProblemKind]int{}
	kept := d.Problems[:0]
	for _, p := range d.Problems {
		switch seen[p.Kind]++; {
		case seen[p.Kind] <= maxProblems:
			kept = append(kept, p)
		case seen[p.Kind] == maxProblems+1:
			kept = append(kept, Problem{Kind: p.Kind, Fatal: p.Fatal, Span: p.Span,
				Message: fmt.Sprintf("and %d more like this, from here on: only the first %d are listed", all[p.Kind]-maxProblems, maxProblems)})
		}
	}
	d.Problems = kept
}

func (d *Document) hasFatal() bool {
	for i := range d.Problems {
		if d.Problems[i].Fatal {
			return true
		}
	}
	return false
}
