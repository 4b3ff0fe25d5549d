package yamldoc

import (
	"sort"
	"unicode/utf8"

	"github.com/prefectc/prefectc/compiler/source"
)

// scanner cuts text into tokens. It follows PyYAML's scanner decision by decision, for what YAML's grammar leaves open
// or PyYAML does otherwise is what Prefect reads. Where only a tab or an escape is wrong it reports that and goes on.
type scanner struct {
	doc     *Document
	text    []byte // of the whole file; its end is where scanning ends
	str     string // what the file says there, for the tokens to point into
	inserts []int  // offsets before which one blank more is taken to stand
	removes []int  // offsets before which one blank fewer is taken to stand

	pos       int
	line      int // line breaks passed
	lineStart int
	colAt     int // where col was counted
	col       int

	flow     int     // depth of [ ] and { }
	indent   int     // column of the block collection around pos, -1 outside of all
	indents  []int   // those around it
	allowKey bool    // a key without "?" may start here
	keys     []maybe // what may turn out to be keys, outermost first
	tokens   []token
	head     int // the next token in tokens
	taken    int // tokens taken so far
	done     bool
}

// maybe is a token that becomes a key if a colon follows it.
type maybe struct {
	flow     int
	token    int // how many tokens stand before it
	required bool
	line     int
	start    int
	column   int // in block context
}

// maxKey is how many characters a key without "?" may have before its colon.
const maxKey = 1024

func (s *scanner) fail(kind mistake, at, context int) {
	panic(&syntaxError{kind: kind, at: at, context: context})
}

// at is the byte at pos+i, 0 behind the end.
func (s *scanner) at(i int) byte {
	if s.pos+i < len(s.text) {
		return s.text[s.pos+i]
	}
	return 0
}

// blankAt holds at p for a blank, a line break or the end.
func (s *scanner) blankAt(p int) bool {
	return p >= len(s.text) || s.text[p] == ' ' || s.text[p] == '\t' || breakLen(s.text, p) > 0
}

// column is how many characters stand before pos in its line.
func (s *scanner) column() int {
	if s.colAt < s.lineStart {
		s.colAt, s.col = s.lineStart, 0
	}
	for ; s.colAt < s.pos; s.colAt++ {
		c := s.text[s.colAt]
		if c&0xC0 != 0x80 && !(c == 0xEF && isMark(s.text[s.colAt:])) {
			s.col++
		}
	}
	if len(s.inserts) == 0 && len(s.removes) == 0 {
		return s.col
	}
	return max(0, s.col+s.moved(s.inserts)-s.moved(s.removes))
}

// moved is how many of the offsets stand in this line up to pos.
func (s *scanner) moved(offsets []int) int {
	return sort.SearchInts(offsets, s.pos+1) - sort.SearchInts(offsets, s.lineStart)
}

// isMark holds for text that starts with a byte order mark.
func isMark(text []byte) bool {
	return len(text) >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF
}

// advance goes to an offset that may lie on a later line.
func (s *scanner) advance(to int) {
	for p := s.pos; p < to; {
		if c := s.text[p]; c != '\n' && c != '\r' && c < 0x80 {
			p++
		} else if n := breakLen(s.text, p); n > 0 {
			p += n
			s.line, s.lineStart = s.line+1, p
		} else {
			p++
		}
	}
	s.pos = to
}

// peek is the next token, which stays.
func (s *scanner) peek() *token {
	for s.needMore() {
		s.fetch()
	}
	return &s.tokens[s.head]
}

// next takes the next token; the end of the stream stays.
func (s *scanner) next() token {
	t := *s.peek()
	if t.kind == streamEnd {
		return t
	}
	s.taken++
	if s.head++; s.head == len(s.tokens) {
		s.tokens, s.head = s.tokens[:0], 0
	}
	return t
}

func (s *scanner) needMore() bool {
	switch {
	case s.done:
		return false
	case s.head == len(s.tokens):
		return true
	}
	s.dropStale()
	return len(s.keys) > 0 && s.keys[0].token == s.taken
}

// dropStale forgets what can be no key any more: a key is short and on one line.
func (s *scanner) dropStale() {
	n := 0
	for n < len(s.keys) {
		k := &s.keys[n]
		if k.line == s.line && (s.pos-k.start <= maxKey || utf8.RuneCount(s.text[k.start:s.pos]) <= maxKey) {
			break
		}
		if k.required {
			s.fail(missingColon, s.pos, k.start)
		}
		n++
	}
	if n > 0 {
		s.keys = append(s.keys[:0], s.keys[n:]...)
	}
}

// saveKey notes that a key may start at pos.
func (s *scanner) saveKey() {
	if !s.allowKey {
		return
	}
	s.dropKey()
	k := maybe{flow: s.flow, token: s.taken + len(s.tokens) - s.head, line: s.line, start: s.pos}
	if s.flow == 0 {
		k.column = s.column()
		k.required = s.indent == k.column
	}
	s.keys = append(s.keys, k)
}

// dropKey forgets what could have been a key in the innermost bracket.
func (s *scanner) dropKey() {
	n := len(s.keys) - 1
	if n < 0 || s.keys[n].flow != s.flow {
		return
	}
	if s.keys[n].required {
		s.fail(missingColon, s.pos, s.keys[n].start)
	}
	s.keys = s.keys[:n]
}

func (s *scanner) put(kind tokenKind, start, end int) {
	s.tokens = append(s.tokens, token{kind: kind, start: start, end: end})
}

// unwind ends the block collections that are indented by more than column.
func (s *scanner) unwind(column int) {
	for s.flow == 0 && s.indent > column {
		s.put(blockEnd, s.pos, s.pos)
		s.indent = s.indents[len(s.indents)-1]
		s.indents = s.indents[:len(s.indents)-1]
	}
}

func (s *scanner) addIndent(column int) bool {
	if s.indent >= column {
		return false
	}
	s.indents = append(s.indents, s.indent)
	s.indent = column
	return true
}

// skip goes to the next token, over blanks, line breaks and comments.
func (s *scanner) skip() {
	if s.pos == 0 && isMark(s.text) {
		s.pos = 3
	}
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; c {
		case ' ':
			s.pos++
		case '\t':
			if !s.tabs() {
				return
			}
		case '#':
			s.comment()
		default:
			n := breakLen(s.text, s.pos)
			if n == 0 {
				return
			}
			s.pos += n
			s.line, s.lineStart = s.line+1, s.pos
			if s.flow == 0 {
				s.allowKey = true
			}
		}
	}
}

func (s *scanner) comment() {
	start := s.pos
	s.pos = textEnd(s.text, s.pos)
	s.doc.Comments = append(s.doc.Comments, source.Span{Start: start, End: s.pos})
}

// textEnd is where the line that holds p ends for YAML.
func textEnd[T string | []byte](text T, p int) int {
	for p < len(text) && (text[p] >= ' ' && text[p] < 0x80 || breakLen(text, p) == 0) {
		p++
	}
	return p
}

// tabs goes over tabs between tokens, which PyYAML does not take, and reports them. It stays before those that indent
// what follows: how deep that was meant to stand is not known here.
func (s *scanner) tabs() bool {
	end := s.pos
	for end < len(s.text) && (s.text[end] == '\t' || s.text[end] == ' ') {
		end++
	}
	if s.flow == 0 && s.allowKey && s.blankBefore() && !s.blankAt(end) && s.text[end] != '#' {
		return false
	}
	last := end
	for s.text[last-1] == ' ' {
		last--
	}
	s.doc.tab(source.Span{Start: s.pos, End: last})
	s.pos = end
	return true
}

// blankBefore holds when only blanks stand before pos in its line.
func (s *scanner) blankBefore() bool {
	for _, c := range s.text[s.lineStart:s.pos] {
		if c != ' ' && c != '\t' {
			return false
		}
	}
	return true
}

func (d *Document) tab(at source.Span) {
	d.fatal(Tab, at, "tab outside quotes: YAML allows only spaces between words here, replace it by spaces")
}

// marker holds when "---" or "..." stands at p, the start of a line.
func (s *scanner) marker(p int) bool {
	return p+3 <= len(s.text) && (string(s.text[p:p+3]) == "---" || string(s.text[p:p+3]) == "...") && s.blankAt(p+3)
}
