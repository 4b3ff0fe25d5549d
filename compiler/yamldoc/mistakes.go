package yamldoc

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
)

// This file knows the mistakes people make, and says them in their words instead of the parser's.

// conflicts blanks what a version control system left, and the second side of each conflict.
func (r *recovery) conflicts() {
	f, open := r.doc.File, -1
	var related []Related
	for line := 0; line < f.Lines(); line++ {
		s := f.LineSpan(line)
		text := f.Text[s.Start:s.End]
		switch {
		case bytes.HasPrefix(text, []byte("<<<<<<< ")) && open < 0:
			open, related = line, nil
		case open >= 0 && bytes.Equal(text, []byte("=======")):
			related = append(related, Related{s, "the other side begins here"})
		case open >= 0 && bytes.HasPrefix(text, []byte(">>>>>>> ")):
			first := f.LineSpan(open)
			from := s.Start
			if len(related) > 0 {
				from = related[0].Span.Start
			}
			fill(r.t.bytes, first, ' ')
			fill(r.t.bytes, source.Span{Start: from, End: s.End}, ' ')
			r.doc.Partial = true
			r.doc.Problems = append(r.doc.Problems, Problem{Kind: ConflictMarker, Fatal: true, Span: first,
				Message: "merge conflict left in the file: keep one side and remove the lines with <<<<<<<, ======= and >>>>>>>",
				Related: append(related, Related{s, "the conflict ends here"})})
			open = -1
		}
	}
}

// docstring blanks a Python docstring at the top of the file.
func (r *recovery) docstring() {
	text := r.doc.File.Text
	start := len(text) - len(bytes.TrimLeft(text, " \t\r\n"))
	quote := []byte(`"""`)
	if !bytes.HasPrefix(text[start:], quote) {
		return
	}
	end := bytes.Index(text[start+3:], quote)
	if end < 0 {
		return
	}
	span := source.Span{Start: start, End: start + 3 + end + 3}
	r.mended, r.doc.Partial = true, true
	r.doc.fatal(Syntax, span, "a Python docstring is no YAML: write the text as comments, with # before each line")
	fill(r.t.bytes, span, ' ')
}

// tabs makes blanks of tabs that indent keys. A file indented by tabs alone keeps its shape, one blank for each;
// among lines indented by blanks, a line with a tab goes where the key above it says.
func (r *recovery) tabs() {
	mixed := false
	for i := range r.outline {
		mixed = mixed || r.outline[i].Indent > 0 && r.t.bytes[r.lineStart(r.outline[i].Span.Start)] == ' '
	}
	for i := range r.outline {
		k := &r.outline[i]
		if i > 0 && r.lineStart(r.outline[i-1].Span.Start) == r.lineStart(k.Span.Start) {
			continue
		}
		at := source.Span{Start: r.lineStart(k.Span.Start), End: k.Span.Start}
		t := bytes.IndexByte(r.t.bytes[at.Start:at.End], '\t')
		if t < 0 {
			continue
		}
		if r.repairs++; r.repairs > maxRepairs {
			return
		}
		r.mended = true
		r.doc.fatal(Tab, source.Span{Start: at.Start + t, End: at.End}, "line is indented by a tab: YAML allows only spaces, replace it by spaces")
		fill(r.t.bytes, at, ' ')
		if mixed && i > 0 {
			above := &r.outline[i-1]
			want := above.Indent
			if above.ValueStart >= lineEnd(r.t.bytes, above.Span.Start) {
				want += 2
			}
			r.move(at.Start, max(0, want-at.Len()))
			k.Indent = want
		}
	}
}

// unquoted patches the values that YAML takes for something else: templates, stars, @ and the like.
func (r *recovery) unquoted() {
	for i := range r.outline {
		k := &r.outline[i]
		end := lineEnd(r.t.bytes, k.Span.Start)
		if k.ValueStart >= end || i+1 < len(r.outline) && r.outline[i+1].Span.Start < end && r.t.bytes[k.ValueStart] != '{' {
			continue
		}
		span := source.Span{Start: k.ValueStart, End: r.wordEnd(k.ValueStart, false)}
		r.word(span)
	}
}

// word patches one value, if it needs quotes.
func (r *recovery) word(span source.Span) bool {
	text := string(r.t.bytes[span.Start:span.End])
	if text == "" {
		return false
	}
	quoted := fmt.Sprintf("%q", clip(r.doc.File.Slice(span)))
	switch text[0] {
	case '{':
		if !strings.HasPrefix(text, "{{") || !closesTemplate(text) {
			return false
		}
		r.t.patch(span, UnquotedTemplate, quoted+" is not quoted, so YAML reads { as the start of a mapping: put it in quotes")
	case '*':
		n := 1 + run(text[1:], isName)
		if n > 1 && (n == len(text) || strings.HasPrefix(strings.TrimLeft(text[n:], " "), ":")) {
			return false
		}
		r.t.patch(span, UnquotedStar, quoted+" is not quoted, so YAML reads * as the start of an alias: put it in quotes")
	case '@', '`', '%':
		r.t.patch(span, UnquotedStar, quoted+" is not quoted, and no YAML value can start with "+text[:1]+": put it in quotes")
	default:
		return false
	}
	return true
}

// closesTemplate holds when "{{" at the start is closed by "}}" before any other brace.
func closesTemplate(text string) bool {
	i := strings.IndexAny(text[2:], "{}")
	return i >= 0 && strings.HasPrefix(text[2+i:], "}}")
}

// wordEnd is where an unquoted text that starts at p ends: before a comment, and in [ ] and { } before , ] and }.
func (r *recovery) wordEnd(p int, flow bool) int {
	b := r.t.bytes
	end := lineEnd(b, p)
	q, braces := p, 0
	for ; q < end; q++ {
		switch c := b[q]; {
		case c == '#' && q > p && (b[q-1] == ' ' || b[q-1] == '\t'):
			end = q
		case flow && bytes.HasPrefix(b[q:end], []byte("{{")):
			braces++
			q++
		case flow && braces > 0 && bytes.HasPrefix(b[q:end], []byte("}}")):
			braces--
			q++
		case flow && braces == 0 && (c == ',' || c == ']' || c == '}'):
			end = q
		}
	}
	for end > p && (b[end-1] == ' ' || b[end-1] == '\t') {
		end--
	}
	return end
}

// token patches the text at an error when a mistake is recognised there.
func (r *recovery) token(e syntaxError, scope source.Span) bool {
	b := r.t.bytes
	flow := r.inFlow(e.at)
	patches := len(r.t.patches)
	done := func() bool { return len(r.t.patches) > patches }
	switch {
	case e.kind == badStart && e.at < scope.End && b[e.at] == '\t':
		end := e.at
		for end < scope.End && b[end] == '\t' {
			end++
		}
		r.doc.fatal(Tab, source.Span{Start: e.at, End: end}, "tab where YAML allows only spaces: replace it by spaces")
		fill(b, source.Span{Start: e.at, End: end}, ' ')
		return true
	case e.kind == badStart && e.at < scope.End && (e.at == 0 || b[e.at-1] != '{'):
		r.word(source.Span{Start: e.at, End: r.wordEnd(e.at, flow)})
		return done()
	case e.kind == badName && b[e.context] == '*':
		r.word(source.Span{Start: e.context, End: r.wordEnd(e.context, flow)})
		return done()
	case (e.kind == missingKey || e.kind == missingDash || e.kind == openBracket) && r.star(e.at):
		return done()
	}
	start := r.lineStart(min(e.at, scope.End))
	if i := bytes.Index(b[start:min(e.at, len(b))], []byte("{{")); i >= 0 {
		for i > 0 && !isOpen(b[start+i-1]) {
			i--
		}
		at := start + i
		flow = flow && !bytes.HasPrefix(b[at:], []byte("{{")) || r.inFlow(at)
		r.word(source.Span{Start: at, End: r.wordEnd(at, flow)})
		return done()
	}
	return false
}

// star patches a word that begins with a name behind a star on the line of at, before at.
func (r *recovery) star(at int) bool {
	b := r.t.bytes
	start := r.lineStart(at)
	star := bytes.LastIndexByte(b[start:min(at, len(b))], '*') + start
	if star < start || star > start && !isOpen(b[star-1]) {
		return false
	}
	return r.word(source.Span{Start: star, End: r.wordEnd(star, r.inFlow(star))})
}

// isOpen holds for what can stand before a value.
func isOpen(c byte) bool {
	return c == ' ' || c == '[' || c == ',' || c == '\t' || c == '\n' || c == '\r'
}

// inFlow holds when off stands inside [ ] or { } that opened earlier on its line or, in a line without keys, above.
func (r *recovery) inFlow(off int) bool {
	start := r.lineStart(off)
	depth := 0
	for _, c := range r.t.bytes[start:min(off, len(r.t.bytes))] {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
	}
	return depth > 0
}
