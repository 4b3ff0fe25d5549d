package yamldoc

import (
	"bytes"
	"fmt"

	"github.com/prefectc/prefectc/compiler/source"
)

// This file mends, line by line, what would otherwise cost what stands below it.

// torn holds when what follows a second "---" is indented, and so belongs to what stands above it.
func (d *Document) torn() bool {
	for i := range d.Problems {
		p := &d.Problems[i]
		if p.Kind == ManyDocuments && d.File.Slice(p.Span) == "---" && indentedBelow(d.File.Text, p.Span.End) {
			return true
		}
	}
	return false
}

func indentedBelow(text []byte, at int) bool {
	for at = nextLine(text, at); at < len(text); at = nextLine(text, at) {
		p := skipBlanks(text, at, len(text))
		if p < len(text) && text[p] != '#' && breakLen(text, p) == 0 {
			return p > at
		}
	}
	return false
}

// markers blanks each "---" with indented text below it.
func (r *recovery) markers() {
	b, text := r.t.bytes, false
	for at := 0; at < len(b); at = nextLine(b, at) {
		end := lineEnd(b, at)
		line := bytes.TrimSpace(b[at:end])
		if text && string(line) == "---" && b[at] == '-' && indentedBelow(b, at) {
			span := source.Span{Start: at, End: at + len("---")}
			r.mended = true
			r.doc.fatal(ManyDocuments, span, "--- starts a second document, and prefect reads files with one only: remove the line")
			fill(b, span, ' ')
		}
		text = text || len(line) > 0 && line[0] != '#' && line[0] != '%' && string(line) != "---"
	}
}

const noBreakSpace = "\u00a0"

// noBreakSpaces makes blanks of the no-break spaces that indent a key or an item.
func (r *recovery) noBreakSpaces() {
	b := r.t.bytes
	if !bytes.Contains(b, []byte(noBreakSpace)) {
		return
	}
	for at := 0; at < len(b); at = nextLine(b, at) {
		end, p, n := lineEnd(b, at), at, 0
		for p < end && (b[p] == ' ' || bytes.HasPrefix(b[p:end], []byte(noBreakSpace))) {
			if b[p] != ' ' {
				p, n = p+1, n+1
			}
			p++
		}
		if _, colon := findKey(b, p, end); n == 0 || colon < 0 && !bytes.HasPrefix(b[p:end], []byte("- ")) {
			continue
		}
		if r.repairs++; r.repairs > maxRepairs {
			return
		}
		r.mended = true
		span := source.Span{Start: at, End: p}
		r.doc.fatal(Syntax, span, "line is indented by no-break spaces, which YAML takes for text: replace them by spaces")
		fill(b, span, ' ')
		r.move(at, -n)
	}
}

// move takes by blanks more, or fewer, to stand before the offset at.
func (r *recovery) move(at, by int) {
	for ; by > 0; by-- {
		r.t.inserts = insertSorted(r.t.inserts, at)
	}
	for ; by < 0; by++ {
		r.t.removes = insertSorted(r.t.removes, at)
	}
}

// dashes parts a dash from the key behind it where other items stand at the dash.
func (r *recovery) dashes() {
	items := map[int]bool{}
	for i := range r.outline {
		items[r.outline[i].Indent] = items[r.outline[i].Indent] || r.outline[i].Item
	}
	for i := range r.outline {
		if k := &r.outline[i]; !k.Item && items[k.Indent] {
			r.dash(k.Span)
		}
	}
	for _, w := range r.words {
		if items[w.indent] {
			r.dash(source.Span{Start: w.at, End: r.wordEnd(w.at, false)})
		}
	}
}

// dash makes an item of a line that starts with one at span, unless that says nothing or no room is before it.
func (r *recovery) dash(span source.Span) {
	b, p := r.t.bytes, span.Start
	if span.Len() < 2 || b[p] != '-' || !isName(b[p+1]) && b[p+1] != '*' || b[p+1] == '-' || p == 0 || b[p-1] != ' ' || r.repairs >= maxRepairs {
		return
	}
	r.repairs++
	r.mended = true
	r.doc.fatal(Syntax, span, "the dash of a list item needs a space behind it: write \"- %s\"", clip(string(b[p+1:span.End])))
	b[p-1], b[p] = '-', ' '
	r.move(p-1, 1)
}

// colons puts a colon behind words that are keys but for that: keys stand below them, or an anchor or alias behind them.
func (r *recovery) colons() {
	b := r.t.bytes
	for _, w := range r.words {
		end := lineEnd(b, w.at)
		span := r.trim(source.Span{Start: w.at, End: end})
		name := span.Start + run(string(b[span.Start:span.End]), func(c byte) bool { return isName(c) || c == '.' })
		rest := bytes.TrimLeft(b[name:span.End], " ")
		i := r.outlineFrom(span.End)
		below := i < len(r.outline) && (r.outline[i].Indent > w.indent || r.outline[i].Item && r.outline[i].Indent == w.indent)
		beside := i < len(r.outline) && r.outline[i].Indent == w.indent || i > 0 && r.outline[i-1].Indent == w.indent
		switch {
		case name < span.Start+2:
			continue
		case len(rest) == 0 && below && !r.textBetween(end, r.outline[i].Span.Start):
			r.doc.fatal(Syntax, span, "%q has no colon behind it, but keys below it: write %q", clip(string(b[span.Start:name])), clip(string(b[span.Start:name]))+":")
		case len(rest) > 1 && (rest[0] == '&' || rest[0] == '*') && run(string(rest[1:]), isName) == len(rest)-1 && (beside || below):
			r.doc.fatal(Syntax, span, "%q misses a colon: write %q", clip(string(b[span.Start:span.End])), clip(string(b[span.Start:name])+": "+string(rest)))
		default:
			continue
		}
		if r.repairs++; r.repairs > maxRepairs {
			return
		}
		r.mended = true
		b[name-1] = ':'
		r.t.colons = append(r.t.colons, name-1)
	}
}

// textBetween holds when more than comments and blanks stands between the end of a line and the start of what is at to.
func (r *recovery) textBetween(from, to int) bool {
	b := r.t.bytes
	for at := nextLine(b, from); at < to; at = nextLine(b, at) {
		if p := skipBlanks(b, at, len(b)); p < to && b[p] != '#' && breakLen(b, p) == 0 {
			return true
		}
	}
	return false
}

// openings patches quotes and brackets that nothing closes before the next key, so that they do not swallow it, and leaves out
// the text of | and > that is not indented.
func (r *recovery) openings() {
	b := r.t.bytes
	for i := range r.outline {
		k, next := &r.outline[i], len(b)
		if i+1 < len(r.outline) {
			next = r.outline[i+1].Span.Start
		}
		at, end := k.ValueStart, lineEnd(b, k.Span.Start)
		if at >= end || next < end {
			continue
		}
		indent := k.Indent
		inner := source.Span{Start: at, End: r.deeperEnd(at, next, indent)}
		text := func() string { return clip(string(b[at:r.trim(source.Span{Start: at, End: end}).End])) }
		switch c := b[at]; {
		case (c == '"' || c == '\'') && closeQuote(b, at, next) < 0:
			r.t.patch(inner, Syntax, fmt.Sprintf("the quote that opens at %q is never closed: close it at the end of the text", text()))
		case (c == '[' || c == '{') && !bytes.HasPrefix(b[at:], []byte("{{")) && !flowClosed(b, at, next) &&
			(i+1 == len(r.outline) || r.outline[i+1].Indent <= indent):
			r.t.patch(inner, Syntax, fmt.Sprintf("%q is not closed: close the bracket, or quote the text in it", text()))
		case c == '|' || c == '>':
			r.shallow(k, end, next)
		}
	}
}

// deeperEnd is the end of the value at at: of its line, or of the last line below it that is indented by more than indent,
// before next.
func (r *recovery) deeperEnd(at, next, indent int) int {
	b := r.t.bytes
	end := r.wordEnd(at, false)
	if b[at] == '"' || b[at] == '\'' {
		end = r.trim(source.Span{Start: at, End: lineEnd(b, at)}).End
	}
	for line := nextLine(b, at); line < next; line = nextLine(b, line) {
		p := skipBlanks(b, line, len(b))
		switch {
		case p >= len(b) || breakLen(b, p) > 0:
			continue
		case p-line <= indent || b[p] == '#' || p >= next || lineEnd(b, line) > next:
			return end
		}
		end = r.wordEnd(p, false)
	}
	return end
}

// shallow leaves out what stands below "key: |" at the indentation of the key and is no key.
func (r *recovery) shallow(k *OutlineKey, end, next int) {
	b := r.t.bytes
	at := nextLine(b, end)
	p := skipBlanks(b, at, len(b))
	if at >= len(b) || p >= len(b) || p-at > k.Indent || p-at < k.Indent && p == at || b[p] == '#' || breakLen(b, p) > 0 || p >= next {
		return
	}
	stop := r.lineStart(next)
	if next == len(b) {
		stop = next
	}
	region := r.trim(source.Span{Start: at, End: stop})
	if region.Len() == 0 || r.repairs >= maxRepairs {
		return
	}
	r.repairs++
	r.mended, r.doc.Partial = true, true
	line := r.trim(source.Span{Start: at, End: lineEnd(b, at)})
	r.doc.fatal(Syntax, line, "%q is the text of %q, but is not indented deeper than it: indent it", clip(r.doc.File.Slice(line)), k.Text)
	fill(b, region, ' ')
	r.t.dropped = append(r.t.dropped, region)
}
