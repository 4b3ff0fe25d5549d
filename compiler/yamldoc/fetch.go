package yamldoc

import (
	"strconv"
	"unicode/utf8"

	"github.com/prefectc/prefectc/compiler/source"
)

// fetch scans one token, or a few that belong together.
func (s *scanner) fetch() {
	s.skip()
	s.dropStale()
	if s.flow == 0 {
		s.unwind(s.column())
	}
	if s.pos >= len(s.text) {
		s.end()
		return
	}
	switch c := s.text[s.pos]; {
	case c == '%' && s.column() == 0:
		s.directive()
	case (c == '-' || c == '.') && s.marker(s.pos) && s.column() == 0:
		s.documentMarker(c)
	case c == '[':
		s.open(flowSequenceStart)
	case c == '{':
		s.open(flowMappingStart)
	case c == ']':
		s.close(flowSequenceEnd)
	case c == '}':
		s.close(flowMappingEnd)
	case c == ',':
		s.allowKey = true
		s.dropKey()
		s.indicator(flowEntry)
	case c == '-' && s.blankAt(s.pos+1):
		s.entry()
	case c == '?' && (s.flow > 0 || s.blankAt(s.pos+1)):
		s.key()
	case c == ':' && (s.flow > 0 || s.blankAt(s.pos+1)):
		s.value()
	case c == '*':
		s.name(aliasToken)
	case c == '&':
		s.name(anchorToken)
	case c == '!':
		s.tag()
	case (c == '|' || c == '>') && s.flow == 0:
		s.block(c)
	case c == '\'' || c == '"':
		s.quoted(c)
	case s.startsPlain(c):
		s.plain()
	default:
		s.fail(badStart, s.pos, -1)
	}
}

func (s *scanner) end() {
	s.unwind(-1)
	s.dropKey()
	s.allowKey, s.keys, s.done = false, nil, true
	s.put(streamEnd, s.pos, s.pos)
}

// indicator puts the character at pos.
func (s *scanner) indicator(kind tokenKind) {
	s.put(kind, s.pos, s.pos+1)
	s.pos++
}

func (s *scanner) documentMarker(c byte) {
	s.unwind(-1)
	s.dropKey()
	s.allowKey = false
	kind := documentStart
	if c == '.' {
		kind = documentEnd
	}
	s.put(kind, s.pos, s.pos+3)
	s.pos += 3
}

func (s *scanner) directive() {
	s.unwind(-1)
	s.dropKey()
	s.allowKey = false
	end := textEnd(s.text, s.pos)
	s.put(directiveToken, s.pos, end)
	s.pos = end
}

func (s *scanner) open(kind tokenKind) {
	s.saveKey()
	s.flow++
	s.allowKey = true
	s.indicator(kind)
}

func (s *scanner) close(kind tokenKind) {
	if s.flow == 0 {
		s.fail(strayBracket, s.pos, -1)
	}
	s.dropKey()
	s.flow--
	s.allowKey = false
	s.indicator(kind)
}

// beginBlock begins a block collection where a dash or a "?" stands further in than what is around it.
func (s *scanner) beginBlock(start tokenKind, misplaced mistake) {
	if s.flow > 0 {
		return
	}
	if !s.allowKey {
		s.fail(misplaced, s.pos, -1)
	}
	if s.addIndent(s.column()) {
		s.put(start, s.pos, s.pos)
	}
}

// entry scans a dash.
func (s *scanner) entry() {
	s.beginBlock(blockSequenceStart, misplacedEntry)
	s.allowKey = true
	s.dropKey()
	s.indicator(blockEntry)
}

// key scans a "?".
func (s *scanner) key() {
	s.beginBlock(blockMappingStart, misplacedKey)
	s.allowKey = s.flow == 0
	s.dropKey()
	s.indicator(keyToken)
}

// value scans a ":", which makes a key of what may be one.
func (s *scanner) value() {
	if n := len(s.keys) - 1; n >= 0 && s.keys[n].flow == s.flow {
		k := s.keys[n]
		s.keys = s.keys[:n]
		at := s.head + k.token - s.taken
		s.insert(at, token{kind: keyToken, start: k.start, end: k.start})
		if s.flow == 0 && s.addIndent(k.column) {
			s.insert(at, token{kind: blockMappingStart, start: k.start, end: k.start})
		}
		s.allowKey = false
	} else {
		if s.flow == 0 {
			if !s.allowKey {
				s.fail(misplacedValue, s.pos, -1)
			}
			if s.addIndent(s.column()) {
				s.put(blockMappingStart, s.pos, s.pos)
			}
		}
		s.allowKey = s.flow == 0
		s.dropKey()
	}
	s.indicator(valueToken)
}

func (s *scanner) insert(at int, t token) {
	s.tokens = append(s.tokens, token{})
	copy(s.tokens[at+1:], s.tokens[at:])
	s.tokens[at] = t
}

// name scans an anchor or an alias.
func (s *scanner) name(kind tokenKind) {
	s.saveKey()
	s.allowKey = false
	start := s.pos
	p := start + 1
	for p < len(s.text) && isName(s.text[p]) {
		p++
	}
	if p == start+1 || !s.blankAt(p) && !endsName(s.text[p]) {
		s.fail(badName, p, start)
	}
	s.tokens = append(s.tokens, token{kind: kind, start: start, end: p, text: s.str[start+1 : p]})
	s.pos = p
}

func isName(c byte) bool {
	return digit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-'
}

// endsName holds for what may follow a name directly.
func endsName(c byte) bool {
	switch c {
	case '?', ':', ',', ']', '}', '%', '@', '`':
		return true
	}
	return false
}

// tag scans a tag: "!", "!<uri>", or a handle and what follows it.
func (s *scanner) tag() {
	s.saveKey()
	s.allowKey = false
	t := token{kind: tagToken, start: s.pos}
	p := s.pos + 1
	switch {
	case s.blankAt(p):
		t.text = "!"
	case s.text[p] == '<':
		t.text, p = s.uri(p+1, s.pos)
		if p >= len(s.text) || s.text[p] != '>' {
			s.fail(badTag, p, s.pos)
		}
		p++
	default:
		t.handle = s.handle(s.pos)
		t.text, p = s.uri(s.pos+t.handle, s.pos)
	}
	if p < len(s.text) && s.text[p] != ' ' && s.text[p] != '\t' && breakLen(s.text, p) == 0 {
		s.fail(badTag, p, s.pos)
	}
	t.end = p
	s.pos = p
	s.tokens = append(s.tokens, t)
}

// handle is the length of the handle of the tag at start: "!", "!!" or "!name!".
func (s *scanner) handle(start int) int {
	for p := start + 1; p < len(s.text) && s.text[p] != ' ' && breakLen(s.text, p) == 0; p++ {
		if s.text[p] != '!' {
			continue
		}
		for q := start + 1; q < p; q++ {
			if !isName(s.text[q]) {
				s.fail(badTag, q, start)
			}
		}
		return p + 1 - start
	}
	return 1
}

// uri reads the part of a tag that starts at p, and ends behind it.
func (s *scanner) uri(p, start int) (text string, end int) {
	from := p
	escaped := false
	for p < len(s.text) && isURI(s.text[p]) {
		escaped = escaped || s.text[p] == '%'
		p++
	}
	if p == from {
		s.fail(badTag, p, start)
	}
	if !escaped {
		return s.str[from:p], p
	}
	var b []byte
	for q := from; q < p; q++ {
		if s.text[q] != '%' {
			b = append(b, s.text[q])
			continue
		}
		run := len(b)
		for ; q < p && s.text[q] == '%'; q += 3 {
			n, err := strconv.ParseUint(s.str[q+1:min(q+3, p)], 16, 8)
			if err != nil || q+3 > p {
				s.fail(badTag, q, start)
			}
			b = append(b, byte(n))
		}
		q--
		if !utf8.Valid(b[run:]) {
			s.fail(badTag, q, start)
		}
	}
	return string(b), p
}

func isURI(c byte) bool {
	switch c {
	case ';', '/', '?', ':', '@', '&', '=', '+', '$', ',', '.', '!', '~', '*', '\'', '(', ')', '[', ']', '%':
		return true
	}
	return isName(c)
}

// startsPlain holds when c, at pos, starts a scalar without quotes.
func (s *scanner) startsPlain(c byte) bool {
	switch c {
	case '-':
		return !s.blankAt(s.pos + 1)
	case '?', ':':
		return s.flow == 0 && !s.blankAt(s.pos+1)
	case ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '\t':
		return false
	}
	return true
}

// reportEscape reports the escape of n bytes at p, which PyYAML does not know.
func (s *scanner) reportEscape(p, n int) {
	at := source.Span{Start: p, End: min(p+n, len(s.text))}
	written := s.doc.File.Slice(source.Span{Start: p + 1, End: at.End})
	switch {
	case n > 2 && (written[0] == 'x' || written[0] == 'u' || written[0] == 'U'):
		s.doc.fatal(Syntax, at, "escape \\%s is no character: write the character itself", written)
	case written == "x" || written == "u" || written == "U":
		s.doc.fatal(Syntax, at, "escape \\%s wants %d hexadecimal digits behind it: write them, or \\\\%[1]s for the text", written, escapeDigits[written[0]])
	case written == "'":
		s.doc.fatal(Syntax, at, "escape \\%s is unknown in double quotes: write the character without the backslash", written)
	default:
		s.doc.fatal(Syntax, at, "escape \\%s is unknown in double quotes: write \\\\%[1]s, or put the text in single quotes", written)
	}
}
