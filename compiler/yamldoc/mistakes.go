package yamldoc

import (
	"bytes"
	"fmt"
	"sort"
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
)

// This file knows the mistakes people make, and says them in their words instead of the parser's.

// accept edits what PyYAML accepts and yaml.v3 refuses: the escape \/, unknown directives, and a tab that begins a
// block scalar, and "-" or "?" alone in brackets.
func (r *recovery) accept() {
	b := r.t.bytes
	r.lone()
	for i := 0; i+1 < len(b); i++ {
		switch {
		case b[i] == '\\' && b[i+1] == '/':
			copy(b[i:], "ab")
			r.t.edits = append(r.t.edits, source.Span{Start: i, End: i + 2})
			i++
		case b[i] == '\\':
			i++
		}
	}
	r.unknownDirectives()
	header := false
	for at := 0; at < len(b); at = nextLine(b, at) {
		line := b[at:lineEnd(b, at)]
		blanks := len(line) - len(bytes.TrimLeft(line, " "))
		if header && blanks < len(line) && line[blanks] == '\t' {
			b[at+blanks] = 'x'
			r.t.edits = append(r.t.edits, source.Span{Start: at + blanks, End: at + blanks + 1})
		}
		if len(bytes.TrimSpace(line)) > 0 {
			header = endsInHeader(line)
		}
	}
}

// unknownDirectives blanks the directives that PyYAML passes over, where --- follows them.
func (r *recovery) unknownDirectives() {
	b := r.t.bytes
	var unknown []source.Span
	for at := 0; at < len(b); at = nextLine(b, at) {
		line := b[at:lineEnd(b, at)]
		switch name, _, _ := bytes.Cut(line, []byte(" ")); {
		case len(bytes.TrimSpace(line)) == 0 || line[0] == '#':
		case string(name) == "%YAML" || string(name) == "%TAG":
		case otherDirective.MatchString(string(line)):
			unknown = append(unknown, source.Span{Start: at, End: at + len(line)})
		default:
			for _, s := range unknown {
				if bytes.HasPrefix(line, []byte("---")) {
					fill(b, s, ' ')
				}
			}
			return
		}
	}
}

// lone edits words in brackets that are only "-", which is text to PyYAML, and "?" without a key, see emptyPair.
func (r *recovery) lone() {
	b := r.t.bytes
	before := byte(0) // the last byte that is neither blank nor comment
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '#' && i > 0 && isOpen(b[i-1]):
			i = lineEnd(b, i) - 1
		case c == '-' && i+1 < len(b) && flowIndicator(b[i+1]) && i > 0 && (isOpen(b[i-1]) || b[i-1] == '{'),
			c == '?' && (before == ',' || before == '[') && endsItem(b[i+1:]):
			b[i] = 'x'
			r.t.edits = append(r.t.edits, source.Span{Start: i, End: i + 1})
			before = 'x'
		case c != ' ' && c != '\n' && c != '\r':
			before = c
		}
	}
}

// endsItem holds when nothing but blanks and comments stands before the "," or "]" that ends an item.
func endsItem(b []byte) bool {
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == ',' || c == ']':
			return true
		case c == '#' && i > 0 && isOpen(b[i-1]):
			i = lineEnd(b, i) - 1
		case c != ' ' && c != '\n' && c != '\r':
			return false
		}
	}
	return false
}

// endsInHeader holds for a line that ends in the header of a block scalar.
func endsInHeader(line []byte) bool {
	line = bytes.TrimPrefix(line, []byte("\uFEFF"))
	if bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("#")) {
		return false
	}
	if i := bytes.Index(line, []byte(" #")); i >= 0 {
		line = line[:i]
	}
	line = bytes.TrimRight(line, " ")
	n := len(line)
	for n > 0 && (line[n-1] == '-' || line[n-1] == '+' || digit(line[n-1])) {
		n--
	}
	return n > 0 && (line[n-1] == '|' || line[n-1] == '>') && (n == 1 || line[n-2] == ' ')
}

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
			for range want - at.Len() {
				r.t.inserts = append(r.t.inserts, at.Start)
			}
			k.Indent = want
		}
	}
	sort.Ints(r.t.inserts)
}

// words patches the values that YAML takes for something else: templates, stars, @ and the like.
func (r *recovery) words() {
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
		r.t.patch(span, UnquotedTemplate, true, quoted+" is not quoted, so YAML reads { as the start of a mapping: put it in quotes")
	case '*':
		n := 1 + run(text[1:], isName)
		if n > 1 && (n == len(text) || strings.HasPrefix(strings.TrimLeft(text[n:], " "), ":")) {
			return false
		}
		r.t.patch(span, UnquotedStar, true, quoted+" is not quoted, so YAML reads * as the start of an alias: put it in quotes")
	case '@', '`', '%':
		r.t.patch(span, UnquotedStar, true, quoted+" is not quoted, and no YAML value can start with "+text[:1]+": put it in quotes")
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
	case strings.Contains(e.message, "cannot start any token") && e.at < scope.End && b[e.at] == '\t':
		end := e.at
		for end < scope.End && b[end] == '\t' {
			end++
		}
		r.doc.fatal(Tab, source.Span{Start: e.at, End: end}, "tab where YAML allows only spaces: replace it by spaces")
		fill(b, source.Span{Start: e.at, End: end}, ' ')
		return true
	case strings.Contains(e.message, "cannot start any token") && e.at < scope.End && (e.at == 0 || b[e.at-1] != '{'):
		r.word(source.Span{Start: e.at, End: r.wordEnd(e.at, flow)})
		return done()
	case strings.Contains(e.message, "unknown anchor"):
		at := bytes.LastIndexByte(b[r.lineStart(e.at):min(e.at+1, len(b))], '*')
		if at < 0 {
			return false
		}
		at += r.lineStart(e.at)
		r.word(source.Span{Start: at, End: r.wordEnd(at, r.inFlow(at))})
		return done()
	case strings.Contains(e.while, "an alias") && e.context >= 0:
		r.word(source.Span{Start: e.context, End: r.wordEnd(e.context, flow)})
		return done()
	case strings.Contains(e.message, "unknown escape") && e.context >= 0:
		return r.escape(e)
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

// isOpen holds for what can stand before a value.
func isOpen(c byte) bool {
	return c == ' ' || c == '[' || c == ',' || c == '\t' || c == '\n' || c == '\r'
}

// escape reads a double-quoted text with an unknown escape as what it seems to say.
func (r *recovery) escape(e syntaxError) bool {
	b := r.t.bytes
	end := closeQuote(b, e.context, len(b))
	if b[e.context] != '"' || end < 0 || bytes.ContainsAny(b[e.context:end], "\n\r") {
		return false
	}
	at := e.context
	for at < end && !(b[at] == '\\' && !knownEscape(b[at+1])) {
		if b[at] == '\\' {
			at++
		}
		at++
	}
	if at+1 >= end {
		return false
	}
	r.doc.fatal(Syntax, source.Span{Start: at, End: at + 2},
		"escape \\%c is unknown in double quotes: write \\\\%c, or put the text in single quotes", b[at+1], b[at+1])
	r.t.edits = append(r.t.edits, source.Span{Start: at, End: at + 2})
	fill(b, source.Span{Start: at, End: at + 2}, 'x')
	return true
}

func knownEscape(c byte) bool {
	_, ok := escapes[c]
	return ok || c == 'x' || c == 'u' || c == 'U' || c == '\n' || c == '\r'
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

// unknownAliases patches every "*name" for which no "&name" stands before it.
func (r *recovery) unknownAliases() {
	b := r.t.bytes
	known := map[string]bool{}
	for i := 0; i < len(b); i++ {
		if b[i] != '*' && b[i] != '&' || i > 0 && !isOpen(b[i-1]) && b[i-1] != '{' {
			continue
		}
		n := run(string(b[i+1:min(len(b), i+256)]), isName)
		name := string(b[i+1 : i+1+n])
		switch {
		case n == 0:
		case b[i] == '&':
			known[name] = true
		case !known[name]:
			span := source.Span{Start: i, End: i + 1 + n}
			r.t.edits = append(r.t.edits, span)
			r.t.patch(span, UnknownAlias, false, "alias *"+name+" has no anchor &"+name+" before it")
		}
		i += n
	}
}
