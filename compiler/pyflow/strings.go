package pyflow

import "bytes"

// str reads a string literal whose quote is at pos; start is where its prefix begins.
func (l *lexer) str(start int, prefix string) {
	if hasByte(prefix, 'f') || hasByte(prefix, 't') {
		if l.retries > 0 {
			if end := l.fstring(l.pos, 0); end > 0 {
				l.pos = end
				return
			}
		}
	}
	l.pos = l.plainString(start, l.pos)
}

func hasByte(s string, c byte) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return true
		}
	}
	return false
}

// quoteAt is the delimiter that opens at off: one or three quotes.
func quoteAt(src []byte, off int) []byte {
	if off+2 < len(src) && src[off+1] == src[off] && src[off+2] == src[off] {
		return src[off : off+3]
	}
	return src[off : off+1]
}

// plainString is the end of the string that opens at off. One that is not closed ends at its line, or with the file.
func (l *lexer) plainString(start, off int) int {
	quote := quoteAt(l.src, off)
	for i := off + len(quote); i < len(l.src); i++ {
		switch c := l.src[i]; {
		case c == '\\':
			i += max(1, l.breakAt(i+1))
		case c == quote[0] && bytes.HasPrefix(l.src[i:], quote):
			return i + len(quote)
		case len(quote) == 1 && (c == '\n' || c == '\r'):
			l.problem(start, i, "string is never closed")
			return i
		}
	}
	l.problem(start, len(l.src), "string is never closed")
	return len(l.src)
}

// fstring is the end of the f-string that opens at off, or -1: replacement fields may hold strings with the same
// quotes and further f-strings (PEP 701).
func (l *lexer) fstring(off, depth int) int {
	if depth > maxFStringDepth {
		return -1
	}
	quote := quoteAt(l.src, off)
	i := off + len(quote)
	for i < len(l.src) {
		switch c := l.src[i]; {
		case c == '\\':
			i += 1 + max(1, l.breakAt(i+1))
			if i-1 < len(l.src) && (l.src[i-1] == '{' || l.src[i-1] == '}') {
				i-- // a backslash does not escape a brace
			}
		case c == quote[0] && bytes.HasPrefix(l.src[i:], quote):
			return i + len(quote)
		case len(quote) == 1 && (c == '\n' || c == '\r'):
			l.retries -= i - off
			return -1
		case c == '{' && i+1 < len(l.src) && l.src[i+1] == '{':
			i += 2
		case c == '{':
			if i = l.field(i, quote, depth); i < 0 {
				l.retries -= 64
				return -1
			}
		default:
			i++
		}
	}
	l.retries -= i - off
	return -1
}

// field is the end of the replacement field that opens at off, or -1.
func (l *lexer) field(off int, quote []byte, depth int) int {
	var open []byte
	for i := off + 1; i < len(l.src); {
		c := l.src[i]
		switch c {
		case '(', '[', '{':
			open = append(open, c)
			i++
		case ')', ']', '}':
			if len(open) == 0 {
				if c == '}' {
					return i + 1
				}
				l.retries -= i - off
				return -1
			}
			open = open[:len(open)-1]
			i++
		case '\'', '"':
			if i = l.nestedString(i, depth); i < 0 {
				return -1
			}
		case '#':
			for i < len(l.src) && l.src[i] != '\n' && l.src[i] != '\r' {
				i++
			}
		case ':':
			if len(open) == 0 && (i+1 >= len(l.src) || l.src[i+1] != '=') {
				return l.formatSpec(i+1, quote, depth)
			}
			i++
		default:
			i++
		}
	}
	l.retries -= len(l.src) - off
	return -1
}

// formatSpec is the end of the field whose format text starts at off: literal text with fields of its own.
func (l *lexer) formatSpec(off int, quote []byte, depth int) int {
	if depth > maxFStringDepth {
		return -1
	}
	for i := off; i < len(l.src); {
		switch c := l.src[i]; {
		case c == '}':
			return i + 1
		case c == '{':
			if i = l.field(i, quote, depth+1); i < 0 {
				return -1
			}
		case c == quote[0] && bytes.HasPrefix(l.src[i:], quote), len(quote) == 1 && (c == '\n' || c == '\r'):
			l.retries -= i - off
			return -1
		default:
			i++
		}
	}
	l.retries -= len(l.src) - off
	return -1
}

// nestedString is the end of a string inside a replacement field, or -1.
func (l *lexer) nestedString(off, depth int) int {
	p := off
	for p > 0 && off-p < 2 && isNameStart(l.src[p-1]) {
		p--
	}
	if prefix := bytes.ToLower(l.src[p:off]); bytes.IndexByte(prefix, 'f') >= 0 || bytes.IndexByte(prefix, 't') >= 0 {
		if p == 0 || !isNameStart(l.src[p-1]) {
			return l.fstring(off, depth+1)
		}
	}
	quote := quoteAt(l.src, off)
	for i := off + len(quote); i < len(l.src); i++ {
		switch c := l.src[i]; {
		case c == '\\':
			i += max(1, l.breakAt(i+1))
		case c == quote[0] && bytes.HasPrefix(l.src[i:], quote):
			return i + len(quote)
		case len(quote) == 1 && (c == '\n' || c == '\r'):
			l.retries -= i - off
			return -1
		}
	}
	l.retries -= len(l.src) - off
	return -1
}
