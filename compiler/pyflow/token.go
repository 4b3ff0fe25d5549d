package pyflow

import (
	"bytes"
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
)

type tokenKind uint8

const (
	tokName tokenKind = iota
	tokNumber
	tokString // with its prefix; an f-string is one token
	tokOp
	tokNewline // end of a logical line
)

// token is a piece of the source; comments and insignificant line breaks leave none.
type token struct {
	start, end int
	col        int32 // column of the first token of a logical line, tabs to multiples of eight; -1 elsewhere
	kind       tokenKind
}

// Problem is a place where the text is not Python. It never stops the reading.
type Problem struct {
	Span source.Span
	Text string
}

// maxFStringDepth bounds f-strings nested in f-strings; CPython allows 150.
const maxFStringDepth = 150

type lexer struct {
	src      []byte
	pos      int
	tokens   []token
	brackets []int // offsets of the brackets that are open
	problems []Problem
	retries  int // bytes that failed attempts to read nested f-strings may still cost
}

func tokenize(src []byte) ([]token, []Problem) {
	l := &lexer{src: src, tokens: make([]token, 0, len(src)/4+8), retries: 4*len(src) + 1<<16}
	l.pos = len(bom(src))
	l.run()
	return l.tokens, l.problems
}

var utf8BOM = []byte("\xef\xbb\xbf")

func bom(src []byte) []byte {
	if bytes.HasPrefix(src, utf8BOM) {
		return utf8BOM
	}
	return nil
}

func (l *lexer) problem(start, end int, text string) {
	if len(l.problems) < 100 { // more would tell nobody more
		l.problems = append(l.problems, Problem{source.Span{Start: start, End: end}, text})
	}
}

// run reads line after line; lineStart is true where a token would be the first of its physical line.
func (l *lexer) run() {
	lineStart, col := true, int32(0)
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		switch {
		case c == ' ':
			l.pos++
			col++
		case c == '\t':
			l.pos++
			col = (col/8 + 1) * 8
		case c == '\f':
			l.pos++
			col = 0
		case c == '\n' || c == '\r':
			l.lineBreak()
			lineStart, col = true, 0
		case c == '#':
			l.skipComment()
		case c == '\\' && l.breakAt(l.pos+1) > 0:
			l.pos += 1 + l.breakAt(l.pos+1)
		default:
			l.token(lineStart, col)
			lineStart = false
		}
	}
	l.endLine()
	if n := len(l.brackets); n > 0 {
		at := l.brackets[n-1]
		l.problem(at, at+1, "bracket \""+string(l.src[at])+"\" is never closed")
	}
}

// breakAt is the length of the line break at off, 0 if there is none.
func (l *lexer) breakAt(off int) int {
	if off >= len(l.src) {
		return 0
	}
	switch l.src[off] {
	case '\n':
		return 1
	case '\r':
		if off+1 < len(l.src) && l.src[off+1] == '\n' {
			return 2
		}
		return 1
	}
	return 0
}

func (l *lexer) lineBreak() {
	if len(l.brackets) == 0 {
		l.endLine()
	}
	l.pos += l.breakAt(l.pos)
}

func (l *lexer) endLine() {
	if n := len(l.tokens); n > 0 && l.tokens[n-1].kind != tokNewline {
		l.tokens = append(l.tokens, token{l.pos, l.pos, -1, tokNewline})
	}
}

func (l *lexer) skipComment() {
	for l.pos < len(l.src) && l.src[l.pos] != '\n' && l.src[l.pos] != '\r' {
		l.pos++
	}
}

// token reads one token at pos.
func (l *lexer) token(lineStart bool, col int32) {
	start, kind := l.pos, tokOp
	c := l.src[start]
	switch {
	case isNameStart(c):
		kind = l.nameOrString()
	case isDigit(c) || c == '.' && start+1 < len(l.src) && isDigit(l.src[start+1]):
		kind = tokNumber
		l.number()
	case c == '"' || c == '\'':
		kind = tokString
		l.str(start, "")
	default:
		l.pos += opLen(l.src[start:])
		l.bracket(start)
	}
	if lineStart && kind == tokName && len(l.brackets) > 0 {
		l.recover(start)
	}
	first := int32(-1)
	if n := len(l.tokens); len(l.brackets) == 0 || len(l.brackets) == 1 && l.brackets[0] == start {
		if n == 0 || l.tokens[n-1].kind == tokNewline {
			first = col
		}
	}
	l.tokens = append(l.tokens, token{start, l.pos, first, kind})
}

// recover gives up on open brackets where a line starts with a word that cannot stand inside any: the bracket was
// forgotten, as it often is while somebody types.
func (l *lexer) recover(start int) {
	switch string(l.src[start:l.pos]) {
	case "def", "class", "import":
	case "async":
		rest := bytes.TrimLeft(l.src[l.pos:], " \t")
		if !bytes.HasPrefix(rest, []byte("def ")) {
			return
		}
	default:
		return
	}
	at := l.brackets[len(l.brackets)-1]
	l.problem(at, at+1, "bracket \""+string(l.src[at])+"\" is never closed")
	l.brackets = l.brackets[:0]
	l.tokens = append(l.tokens, token{start, start, -1, tokNewline})
}

func (l *lexer) bracket(start int) {
	switch c := l.src[start]; c {
	case '(', '[', '{':
		l.brackets = append(l.brackets, start)
	case ')', ']', '}':
		n := len(l.brackets)
		if n == 0 {
			l.problem(start, start+1, "bracket \""+string(c)+"\" was never opened")
			return
		}
		if closer(l.src[l.brackets[n-1]]) != c {
			l.problem(start, start+1, "bracket \""+string(c)+"\" closes \""+string(l.src[l.brackets[n-1]])+"\"")
		}
		l.brackets = l.brackets[:n-1]
	}
}

func closer(open byte) byte {
	switch open {
	case '(':
		return ')'
	case '[':
		return ']'
	}
	return '}'
}

func isNameStart(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// nameOrString reads a word and, if it is a string prefix before a quote, the string.
func (l *lexer) nameOrString() tokenKind {
	start := l.pos
	for l.pos < len(l.src) && (isNameStart(l.src[l.pos]) || isDigit(l.src[l.pos])) {
		l.pos++
	}
	if l.pos-start > 2 || l.pos >= len(l.src) || l.src[l.pos] != '"' && l.src[l.pos] != '\'' {
		return tokName
	}
	prefix := strings.ToLower(string(l.src[start:l.pos]))
	switch prefix {
	case "r", "u", "b", "f", "t", "br", "rb", "fr", "rf", "tr", "rt", "ur":
		l.str(start, prefix)
		return tokString
	}
	return tokName
}

// number reads digits, letters, underscores, points and signed exponents: enough to know where the token ends.
func (l *lexer) number() {
	start := l.pos
	hex := len(l.src) > start+1 && l.src[start] == '0' && (l.src[start+1]|0x20 == 'x' || l.src[start+1]|0x20 == 'b' || l.src[start+1]|0x20 == 'o')
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		switch {
		case isDigit(c) || c == '_':
		case c == '.' && !hex:
		case (c == '+' || c == '-') && !hex && l.src[l.pos-1]|0x20 == 'e' && l.pos+1 < len(l.src) && isDigit(l.src[l.pos+1]):
		case c < 0x80 && isNameStart(c):
			if !hex && l.endsNumber() {
				return
			}
		default:
			return
		}
		l.pos++
	}
}

// endsNumber tells that the letters at pos are a keyword glued to the number, as in "1if x else 2".
func (l *lexer) endsNumber() bool {
	rest := l.src[l.pos:]
	for _, word := range [...]string{"if", "else", "or", "and", "in", "is", "not", "for"} {
		if bytes.HasPrefix(rest, []byte(word)) {
			return true
		}
	}
	return false
}

// opLen is the length of the operator at the start of s.
func opLen(s []byte) int {
	if len(s) > 2 {
		switch string(s[:3]) {
		case "...", "**=", "//=", ">>=", "<<=":
			return 3
		}
	}
	if len(s) > 1 {
		switch string(s[:2]) {
		case "->", ":=", "**", "//", "==", "!=", "<=", ">=", "<>", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=":
			return 2
		}
	}
	return 1
}
