package yamldoc

import (
	"slices"

	"github.com/prefectc/prefectc/compiler/source"
)

// shiftLine is one way to mend a line: by blanks more, or fewer, before at.
type shiftLine struct{ line, at, by int }

// Bounds of aligning.
const (
	maxShift  = 16  // blanks a line is moved by
	maxBeside = 200 // keys looked at for where the neighbours stand
	maxPlaces = 4   // of them
)

// shift moves an item or a key to where its neighbours stand, when that mends the error e. Of several ways it takes the one
// behind which most can be read.
func (r *recovery) shift(e syntaxError, scope source.Span) bool {
	f := r.doc.File
	line := r.textLine(e.at)
	limit := max(e.at, f.LineSpan(line).End)
	inserts, removes := r.t.inserts, r.t.removes
	best, furthest := shiftLine{}, limit
	for _, s := range r.shifts(e, line) {
		if s.at < scope.Start || r.budget <= 0 {
			continue
		}
		r.t.inserts, r.t.removes = slices.Clone(inserts), slices.Clone(removes)
		r.move(s.at, s.by)
		next, bad := r.failure(scope)
		reached := next.at
		if !bad {
			reached = len(r.t.bytes) + 1
		}
		if reached > furthest || reached == furthest && best.by != 0 && s.gentler(best) {
			best, furthest = s, reached
		}
	}
	r.t.inserts, r.t.removes = inserts, removes
	if best.by == 0 {
		return false
	}
	r.move(best.at, best.by)
	if best.at != f.LineStart(best.line) || best.line == line && e.kind == misplacedValue {
		r.report(e, source.Span{})
		return true
	}
	span := r.trim(f.LineSpan(best.line))
	what := "its neighbours"
	if i := r.outlineFrom(best.at); i < len(r.outline) && r.outline[i].Item {
		what = "the other items"
	}
	r.doc.fatal(Syntax, span, "%q is indented by %d spaces, %s by %d: align it with them", clip(f.Slice(span)), r.indent(best.line), what, r.indent(best.line)+best.by)
	return true
}

// gentler holds when s moves by less than b, or as much to the left.
func (s shiftLine) gentler(b shiftLine) bool {
	return max(s.by, -s.by) < max(b.by, -b.by) || s.line == b.line && s.by == -b.by && s.by < 0
}

// shifts are the ways to try: the line of the error and the one above it to where keys or items beside them stand.
func (r *recovery) shifts(e syntaxError, line int) []shiftLine {
	var out []shiftLine
	lines := []int{line}
	if line > 0 {
		if above := r.textLine(r.doc.File.LineStart(line) - 1); above != line {
			lines = append(lines, above)
		}
	}
	for _, l := range lines {
		start := r.doc.File.LineStart(l)
		i := r.outlineFrom(start)
		if i >= len(r.outline) || r.outline[i].Span.Start != start+r.indent(l) {
			continue
		}
		for _, want := range r.beside(i) {
			if by := want - r.outline[i].Indent; by != 0 && by <= maxShift && by >= -r.indent(l) {
				out = append(out, shiftLine{l, start, by})
			}
		}
	}
	if at, by := r.shiftKey(e, line); by > 0 && by <= maxShift {
		out = append(out, shiftLine{r.doc.File.LineOf(at), at, by})
	}
	return out
}

// beside are the indentations of the keys, or items, near the entry i, nearest first.
func (r *recovery) beside(i int) []int {
	var out []int
	add := func(k int) {
		o := &r.outline[k]
		if o.Item == r.outline[i].Item && !slices.Contains(out, o.Indent) && len(out) < maxPlaces {
			out = append(out, o.Indent)
		}
	}
	for d := 1; d < maxBeside && len(out) < maxPlaces; d++ {
		if i-d >= 0 {
			add(i - d)
		}
		if i+d < len(r.outline) {
			add(i + d)
		}
	}
	return out
}
