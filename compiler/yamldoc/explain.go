package yamldoc

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
)

// report says what a syntax error is about; region is what was left out because of it.
func (r *recovery) report(e syntaxError, region source.Span) {
	span, message := r.explain(e)
	if span.Len() == 0 {
		span = r.trim(source.Span{Start: r.doc.File.LineStart(r.textLine(e.at)), End: r.doc.File.LineSpan(r.textLine(e.at)).End})
	}
	r.doc.Problems = append(r.doc.Problems, Problem{Kind: Syntax, Fatal: true, Span: span, Message: message})
	if region.Len() > 0 && !span.Covers(r.trim(region)) {
		r.doc.relate(r.trim(region), "this part is not read")
	}
}

// trim cuts blanks off both ends.
func (r *recovery) trim(s source.Span) source.Span {
	text := r.doc.File.Text
	s.Start, s.End = max(s.Start, 0), min(s.End, len(text))
	for s.Start < s.End && bytes.IndexByte([]byte(" \t\r\n"), text[s.Start]) >= 0 {
		s.Start++
	}
	for s.End > s.Start && bytes.IndexByte([]byte(" \t\r\n"), text[s.End-1]) >= 0 {
		s.End--
	}
	return s
}

// lineFrom is the text from off to the end of its line.
func (r *recovery) lineFrom(off int) source.Span {
	off = min(max(off, 0), len(r.doc.File.Text))
	return r.trim(source.Span{Start: off, End: max(off, r.doc.File.LineSpan(r.doc.File.LineOf(off)).End)})
}

// explain turns the parser's message into place and advice.
func (r *recovery) explain(e syntaxError) (source.Span, string) {
	f := r.doc.File
	line := r.trim(f.LineSpan(f.LineOf(e.at)))
	switch e.kind {
	case misplacedValue:
		return r.explainColon(e, line)
	case missingColon:
		span := line
		if e.context >= 0 {
			span = r.lineFrom(e.context)
		}
		return span, fmt.Sprintf("%q is neither a key nor part of a value: a colon is missing behind it, or a # before it", clip(f.Slice(span)))
	case openQuote:
		span := r.lineFrom(e.context)
		return span, fmt.Sprintf("the quote that opens at %q is never closed: close it at the end of the text", clip(f.Slice(span)))
	case openBracket:
		span := r.lineFrom(e.context)
		return span, fmt.Sprintf("%q is not closed, or misses a comma: close the bracket, or quote the text in it", clip(f.Slice(span)))
	case missingDash:
		return line, fmt.Sprintf("%q stands at the indentation of a list but has no dash: add the dash, or indent it as its neighbours", clip(f.Slice(line)))
	case missingKey:
		if line.Start < e.at && e.at < line.End {
			span := r.lineFrom(e.at)
			return span, fmt.Sprintf("%q follows a value that is already complete: quote the whole value", clip(f.Slice(span)))
		}
		return line, fmt.Sprintf("%q is indented by %d spaces, which fits nothing above it: align it with its neighbours", clip(f.Slice(line)), line.Start-r.lineStart(line.Start))
	case misplacedEntry:
		return line, fmt.Sprintf("a list item cannot start in %q: put the dash on a line of its own", clip(f.Slice(line)))
	case badStart:
		span := r.lineFrom(e.at)
		return span, fmt.Sprintf("%q cannot start a value: quote it", clip(f.Slice(span)))
	case misplacedText:
		return r.lineFrom(e.at), "text behind the end of the data: it belongs to nothing above it"
	case strayBracket:
		return r.lineFrom(e.at), fmt.Sprintf("%q closes nothing: remove the bracket, or quote the text it belongs to", clip(f.Slice(r.lineFrom(e.at))))
	case badName:
		span := r.lineFrom(e.context)
		return span, fmt.Sprintf("%q: behind %c stands a name of letters, digits, - and _: quote the text if it is none", clip(f.Slice(span)), f.Text[e.context])
	case badTag:
		span := r.lineFrom(e.context)
		return span, fmt.Sprintf("%q starts with ! and is read as a tag, but is none: quote the text", clip(f.Slice(span)))
	case badHeader:
		span := r.lineFrom(e.context)
		return span, fmt.Sprintf("%q: behind %c the text starts on the next line: move it there, or quote it", clip(f.Slice(span)), f.Text[e.context])
	case misplacedKey:
		return line, fmt.Sprintf("%q cannot be a key here", clip(f.Slice(line)))
	}
	span := r.lineFrom(e.at)
	if span.Len() == 0 {
		span = line
	}
	return span, fmt.Sprintf("a value is missing before %q", clip(f.Slice(span)))
}

// explainColon is about a colon where no key can be: a second one in the line, or a line deeper than the text above.
func (r *recovery) explainColon(e syntaxError, line source.Span) (source.Span, string) {
	f := r.doc.File
	text := f.Slice(line)
	if i := strings.Index(text, ": "); i >= 0 && line.Start+i < e.at && !strings.HasPrefix(text, "- ") || strings.Count(text, ": ") > 1 {
		span := r.trim(source.Span{Start: line.Start + max(i, 0) + 1, End: line.End})
		return span, fmt.Sprintf("%q has a colon of its own: quote the whole value", clip(f.Slice(span)))
	}
	above := r.trim(f.LineSpan(r.textLine(f.LineStart(f.LineOf(e.at)) - 1)))
	words := strings.TrimPrefix(f.Slice(above), "- ")
	if above.End <= line.Start && !strings.Contains(words, ": ") && !strings.HasSuffix(words, ":") {
		return above, fmt.Sprintf("%q has no colon behind it, but keys below it: write %q", clip(words), clip(words)+":")
	}
	if above.End <= line.Start {
		span := line
		return span, fmt.Sprintf("%q is indented deeper than the key above it, which already has a value: align the two", clip(text))
	}
	return line, fmt.Sprintf("%q cannot be a key here", clip(text))
}
