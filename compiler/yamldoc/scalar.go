package yamldoc

import (
	"strconv"
	"unicode/utf8"

	"github.com/prefectc/prefectc/compiler/source"
)

func (s *scanner) scalar(style Style, start, end int, text string) {
	s.tokens = append(s.tokens, token{kind: scalarToken, style: style, start: start, end: end, text: text})
}

// quoted scans a scalar in quotes.
func (s *scanner) quoted(quote byte) {
	s.saveKey()
	s.allowKey = false
	start := s.pos
	p, raw := start+1, true // raw: the text is what stands between the quotes
	lines := false
	for {
		if p >= len(s.text) {
			s.fail(openQuote, len(s.text), start)
		}
		c := s.text[p]
		switch {
		case c == quote && quote == '\'' && p+1 < len(s.text) && s.text[p+1] == quote:
			p, raw = p+2, false
			continue
		case c == quote:
			p++
		case c == '\\' && quote == '"':
			p, raw = s.escape(p), false
			continue
		case c == '\n' || c == '\r' || c >= 0x80:
			n := breakLen(s.text, p)
			if n == 0 {
				p++
				continue
			}
			p, raw, lines = p+n, false, true
			if s.marker(p) {
				s.fail(openQuote, p, start)
			}
			continue
		default:
			p++
			continue
		}
		break
	}
	text := s.str[start+1 : p-1]
	style := DoubleQuoted
	if quote == '\'' {
		style = SingleQuoted
	}
	switch {
	case raw:
	case style == DoubleQuoted:
		text = readDouble(s.str[start:p])
	default:
		text = readSingle(s.str[start:p])
	}
	if lines {
		s.advance(p)
	}
	s.pos = p
	s.scalar(style, start, p, text)
}

var escapeDigits = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// escape goes behind the escape at p, and reports one that PyYAML does not know.
func (s *scanner) escape(p int) int {
	if p+1 >= len(s.text) {
		return p + 1
	}
	c := s.text[p+1]
	if digits := escapeDigits[c]; digits > 0 {
		code := s.str[p+2 : min(p+2+digits, len(s.str))]
		n, err := strconv.ParseUint(code, 16, 32)
		switch {
		case len(code) < digits || err != nil:
			s.reportEscape(p, 2)
			return p + 2
		case !utf8.ValidRune(rune(n)) || n > utf8.MaxRune:
			s.reportEscape(p, 2+digits)
		}
		return p + 2 + digits
	}
	if _, ok := escapes[c]; ok {
		return p + 2
	}
	if breakLen(s.text, p+1) > 0 {
		return p + 1
	}
	_, size := utf8.DecodeRune(s.text[p+1:])
	s.reportEscape(p, 1+size)
	return p + 1 + size
}

// plain scans a scalar without quotes, over several lines where they are indented by more than the collection around it.
func (s *scanner) plain() {
	s.saveKey()
	s.allowKey = false
	start, end := s.pos, s.pos
	lines, more := false, false // more: a line break stands before pos
	for s.at(0) != '#' {
		q := s.wordEnd(s.pos)
		if q == s.pos {
			break
		}
		s.allowKey = false
		lines = lines || more
		s.pos, end = q, q
		blanks, breaks := s.plainBlanks()
		more = breaks
		if !blanks || s.flow == 0 && breaks && s.column() <= s.indent {
			break
		}
	}
	text := s.str[start:end]
	if lines {
		text = readPlain(text)
	}
	s.scalar(Plain, start, end, text)
}

// wordEnd is the end of the word at p of a plain scalar.
func (s *scanner) wordEnd(p int) int {
	for ; p < len(s.text); p++ {
		switch c := s.text[p]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			return p
		case c == ':':
			if s.blankAt(p+1) || s.flow > 0 && flowIndicator(s.text[p+1]) {
				return p
			}
		case s.flow > 0 && (c == '?' || flowIndicator(c)):
			return p
		case c >= 0x80 && breakLen(s.text, p) > 0:
			return p
		}
	}
	return p
}

func flowIndicator(c byte) bool {
	return c == ',' || c == '[' || c == ']' || c == '{' || c == '}'
}

// plainBlanks goes over what stands between two words of a plain scalar. It tells whether the scalar may go on, and
// whether on another line.
func (s *scanner) plainBlanks() (more, breaks bool) {
	from := s.pos
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == ' ':
			s.pos++
		case c == '\t' && breaks && s.flow == 0 && s.column() <= s.indent:
			return false, true
		case c == '\t':
			s.plainTab()
		default:
			n := breakLen(s.text, s.pos)
			if n == 0 {
				return s.pos > from, breaks
			}
			s.pos += n
			s.line, s.lineStart = s.line+1, s.pos
			s.allowKey, breaks = true, true
			if s.marker(s.pos) {
				return false, true
			}
		}
	}
	return s.pos > from, breaks
}

// plainTab goes over tabs inside a plain scalar or behind it.
func (s *scanner) plainTab() {
	start := s.pos
	for s.at(0) == '\t' || s.at(0) == ' ' {
		s.pos++
	}
	end := s.pos
	for s.text[end-1] == ' ' {
		end--
	}
	s.doc.tab(source.Span{Start: start, End: end})
}

// block scans a block scalar.
func (s *scanner) block(c byte) {
	s.allowKey = true
	s.dropKey()
	start := s.pos
	style := Literal
	if c == '>' {
		style = Folded
	}
	explicit, chomp, p := s.blockHeader(start)
	end := p
	s.pos = p
	for s.at(0) == ' ' || s.at(0) == '\t' {
		if s.at(0) == '\t' {
			s.plainTab()
			continue
		}
		s.pos++
	}
	switch {
	case s.at(0) == '#':
		if s.pos == p {
			s.doc.fatal(Syntax, source.Span{Start: p, End: p + 1}, "\"#\" right behind %c: write a space before the comment", c)
		}
		s.comment()
		end = s.pos
	case s.pos < len(s.text) && breakLen(s.text, s.pos) == 0:
		s.fail(badHeader, s.pos, start)
	}
	content := s.pos
	if content < len(s.text) {
		content += breakLen(s.text, content)
	}
	least := max(s.indent+1, 1)
	indent := least + explicit - 1
	if explicit == 0 {
		indent = detectIndent(s.text, content, least)
	}
	end, stop := blockLines(s.text, content, end, indent, chomp == '+')
	text := readBlock(s.str[content:stop], indent, style == Folded, chomp)
	s.advance(stop)
	s.scalar(style, start, end, text)
}

// blockHeader reads what follows | or > at once: an indentation, a chomping indicator, or both.
func (s *scanner) blockHeader(start int) (explicit int, chomp byte, end int) {
	p := start + 1
	for p < len(s.text) {
		switch c := s.text[p]; {
		case (c == '+' || c == '-') && chomp == 0:
			chomp = c
		case c >= '1' && c <= '9' && explicit == 0:
			explicit = int(c - '0')
		case c == '+' || c == '-' || digit(c):
			s.fail(badHeader, p, start)
		default:
			return explicit, chomp, p
		}
		p++
	}
	return explicit, chomp, p
}

// blockLines goes over the lines of a block scalar, which begin at p; end is the end of its header. It returns the end
// of the last line that counts, and where the first line behind it starts.
func blockLines(text []byte, p, end, indent int, keep bool) (last, stop int) {
	for p < len(text) {
		q := p
		for q < len(text) && text[q] == ' ' && q-p < indent {
			q++
		}
		if q >= len(text) {
			if keep {
				end = q
			}
			return end, q
		}
		b := breakLen(text, q)
		if b == 0 && q-p < indent {
			return end, p
		}
		if b == 0 {
			q = textEnd(text, q)
			end = q
			if q < len(text) {
				b = breakLen(text, q)
			}
		} else if keep {
			end = q
		}
		p = q + b
	}
	return end, p
}

// detectIndent is the indentation that PyYAML takes for a block scalar without an explicit one: that of the
// first line with text, or of a longer blank line before it.
func detectIndent(text []byte, p, least int) int {
	indent := least
	for p < len(text) {
		q := p
		for q < len(text) && text[q] == ' ' {
			q++
		}
		indent = max(indent, q-p)
		if q >= len(text) {
			break
		}
		b := breakLen(text, q)
		if b == 0 {
			break
		}
		p = q + b
	}
	return indent
}
