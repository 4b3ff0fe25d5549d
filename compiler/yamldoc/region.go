package yamldoc

import (
	"bytes"
	"sort"

	"github.com/prefectc/prefectc/compiler/source"
)

// choose finds the smallest region whose blanking moves the first error behind it.
func (r *recovery) choose(e syntaxError, scope source.Span) source.Span {
	tried := 0
	for _, c := range r.candidates(e, scope) {
		if tried++; tried > maxTries || r.budget <= 0 {
			break
		}
		kept := bytes.Clone(r.t.bytes[c.Start:c.End])
		fill(r.t.bytes, c, ' ')
		next, bad := r.failure(scope)
		copy(r.t.bytes[c.Start:c.End], kept)
		if !bad || next.at >= c.End && next.at > e.at && !r.continues(e, next, c) {
			return c
		}
	}
	return scope
}

// continues holds when next is still the error e after c was blanked: the same key or quote fails, or what was
// below c lost its parent.
func (r *recovery) continues(e, next syntaxError, c source.Span) bool {
	if e.context >= 0 && e.context == next.context && e.kind == next.kind && e.kind != missingKey && e.kind != missingDash {
		return true
	}
	f := r.doc.File
	line := f.LineOf(next.at)
	for below := f.LineOf(c.End); below < line; below++ {
		if below > f.LineOf(c.Start) && len(bytes.TrimSpace(r.t.bytes[f.LineStart(below):f.LineSpan(below).End])) > 0 {
			return false // text between them was read
		}
	}
	return line > f.LineOf(c.Start) && r.indent(line) > r.indent(f.LineOf(c.Start))
}

func (r *recovery) indent(line int) int {
	s := r.doc.File.LineSpan(line)
	return run(string(r.doc.File.Text[s.Start:s.End]), func(c byte) bool { return c == ' ' })
}

// shiftItem is by how much a dash stands left of the dash of the item above it.
func (r *recovery) shiftItem(line int) (at, by int) {
	start := r.doc.File.LineStart(line)
	i := r.outlineFrom(start)
	if i >= len(r.outline) || !r.outline[i].Item || r.outline[i].Span.Start != start+r.indent(line) {
		return 0, 0
	}
	for k := i - 1; k >= 0; k-- {
		o := &r.outline[k]
		switch {
		case o.Item && o.Indent > r.outline[i].Indent && o.Parent >= 0 && o.Parent == r.outline[i].Parent:
			return start, o.Indent - r.outline[i].Indent
		case k == r.outline[i].Parent:
			return 0, 0
		}
	}
	return 0, 0
}

// shiftKey is by how much the key behind the dash above stands left of the keys below it.
func (r *recovery) shiftKey(e syntaxError, line int) (at, by int) {
	if e.kind != misplacedValue || line == 0 {
		return 0, 0
	}
	above := r.textLine(r.doc.File.LineStart(line) - 1)
	i := r.outlineFrom(r.doc.File.LineStart(above))
	if i+1 >= len(r.outline) || !r.outline[i].Item || r.outline[i+1].Item || r.doc.File.LineOf(r.outline[i+1].Span.Start) != above {
		return 0, 0
	}
	at, by = r.outline[i+1].Span.Start, r.indent(line)-r.outline[i+1].Indent
	if start, item := r.shiftItem(above); item == by {
		at = start // the dash is off too, and moves the key with it
	}
	return at, by
}

// outlineFrom is the index of the first outline entry at or behind off.
func (r *recovery) outlineFrom(off int) int {
	return sort.Search(len(r.outline), func(i int) bool { return r.outline[i].Span.Start >= off })
}

// candidates are the regions that may hold the cause of an error, smallest first.
func (r *recovery) candidates(e syntaxError, scope source.Span) []source.Span {
	var out []source.Span
	add := func(s source.Span) {
		s.Start, s.End = max(s.Start, scope.Start), min(s.End, scope.End)
		if s.Len() > 0 && len(bytes.TrimSpace(r.t.bytes[s.Start:s.End])) > 0 {
			out = append(out, s)
		}
	}
	lines := []int{r.textLine(e.at)}
	if prev := r.textLine(r.doc.File.LineStart(lines[0]) - 1); prev != lines[0] {
		lines = append(lines, prev)
	}
	if e.context >= 0 {
		lines = append(lines, r.doc.File.LineOf(e.context))
	}
	for _, line := range lines {
		span := source.Span{Start: r.doc.File.LineStart(line), End: r.doc.File.LineSpan(line).End}
		add(span)
		first := r.outlineFrom(span.Start)
		last := first
		for last < len(r.outline) && r.outline[last].Span.Start < span.End {
			last++
		}
		if last > first {
			add(source.Span{Start: r.outline[last-1].ValueStart, End: span.End})
		}
		for k := last - 1; k >= 0; k = r.outline[k].Parent {
			add(r.block(k))
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Len() < out[j].Len() })
	uniq := out[:0]
	for i, s := range out {
		if i == 0 || s != uniq[len(uniq)-1] {
			uniq = append(uniq, s)
		}
	}
	return uniq
}

// textLine is the line of off, or the nearest one above it that is not blank.
func (r *recovery) textLine(off int) int {
	line := r.doc.File.LineOf(off)
	for line > 0 {
		s := r.doc.File.LineSpan(line)
		if len(bytes.TrimSpace(r.t.bytes[s.Start:s.End])) > 0 {
			break
		}
		line--
	}
	return line
}

// block is a key or item with everything in it.
func (r *recovery) block(k int) source.Span {
	end := len(r.t.bytes)
	for i := k + 1; i < len(r.outline); i++ {
		if r.outline[i].Parent < k {
			end = r.lineStart(r.outline[i].Span.Start)
			break
		}
	}
	return source.Span{Start: r.outline[k].Span.Start, End: end}
}
