package yamldoc

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// The functions here read a scalar from its own text, as PyYAML does.

// breakLen is the length of the line break at p, 0 when there is none.
func breakLen[T string | []byte](text T, p int) int {
	switch c := text[p]; {
	case c == '\n':
		return 1
	case c == '\r':
		if p+1 < len(text) && text[p+1] == '\n' {
			return 2
		}
		return 1
	case c < 0x80:
		return 0
	case c == 0xC2 && p+1 < len(text) && text[p+1] == 0x85:
		return 2
	case c == 0xE2 && p+2 < len(text) && text[p+1] == 0x80 && (text[p+2] == 0xA8 || text[p+2] == 0xA9):
		return 3
	}
	return 0
}

// writeBreak writes the line break at p as PyYAML keeps it, and goes behind it.
func writeBreak(b *strings.Builder, text string, p int) int {
	n := breakLen(text, p)
	if n == 3 {
		b.WriteString(text[p : p+3]) // LS and PS stay
	} else if n > 0 {
		b.WriteByte('\n')
	}
	return p + n
}

// readPlain folds the lines of a plain scalar.
func readPlain(s string) string { return foldLines(s, false) }

// readSingle reads a single-quoted scalar, quotes included.
func readSingle(s string) string {
	return strings.ReplaceAll(foldLines(s[1:len(s)-1], false), "''", "'")
}

// readDouble reads a double-quoted scalar, quotes included.
func readDouble(s string) string { return foldLines(s[1:len(s)-1], true) }

// foldLines joins lines, and reads escapes where there are some.
func foldLines(s string, escaped bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for p := 0; p < len(s); {
		switch c := s[p]; {
		case c == ' ' || c == '\t' || breakLen(s, p) > 0:
			p = fold(&b, s, p)
		case c == '\\' && escaped:
			p = unescape(&b, s, p)
		default:
			b.WriteByte(c)
			p++
		}
	}
	return b.String()
}

// fold writes what blanks and line breaks at p mean: one break is a blank, more are all but the first; blanks around
// breaks vanish. It goes behind them.
func fold(b *strings.Builder, s string, p int) int {
	from, breaks := p, 0
	first := "" // the first break, if it stays
	for p < len(s) {
		if s[p] == ' ' || s[p] == '\t' {
			p++
			continue
		}
		n := breakLen(s, p)
		if n == 0 {
			break
		}
		if breaks++; breaks > 1 {
			b.WriteString(first)
			first = ""
			writeBreak(b, s, p)
		} else if n == 3 {
			first = s[p : p+3]
		}
		p += n
	}
	switch {
	case breaks == 0:
		b.WriteString(s[from:p])
	case breaks == 1 && first == "":
		b.WriteByte(' ')
	default:
		b.WriteString(first)
	}
	return p
}

var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': `"`, '\\': `\`, '/': "/", 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// unescape writes what the escape at p means, and goes behind it. One that is none is text.
func unescape(b *strings.Builder, s string, p int) int {
	if p+1 >= len(s) {
		b.WriteString(s[p:])
		return len(s)
	}
	if t, ok := escapes[s[p+1]]; ok {
		b.WriteString(t)
		return p + 2
	}
	if digits := escapeDigits[s[p+1]]; digits > 0 && len(s) >= p+2+digits {
		if n, err := strconv.ParseUint(s[p+2:p+2+digits], 16, 32); err == nil {
			b.WriteRune(rune(min(n, utf8.MaxRune+1)))
			return p + 2 + digits
		}
	}
	if n := breakLen(s, p+1); n > 0 {
		return foldEscaped(b, s, p+1+n)
	}
	b.WriteString(s[p : p+2])
	return p + 2
}

// foldEscaped goes over what follows an escaped line break: blanks vanish, further breaks stay.
func foldEscaped(b *strings.Builder, s string, p int) int {
	for p < len(s) {
		if s[p] == ' ' || s[p] == '\t' {
			p++
		} else if breakLen(s, p) > 0 {
			p = writeBreak(b, s, p)
		} else {
			break
		}
	}
	return p
}

// readBlock reads a block scalar from its text behind the header's line break on.
func readBlock(s string, indent int, folded bool, chomp byte) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := 0      // where the blank lines before the next line begin
	broken := -1    // where the last line breaks
	spaced := false // it begins with a blank
	p, more := blockLine(s, 0, indent)
	for more {
		next := s[p] == ' ' || s[p] == '\t'
		switch {
		case broken < 0:
		case !folded || spaced || next || breakLen(s, broken) == 3:
			writeBreak(&b, s, broken)
		case !hasBreak(s[blank:p]):
			b.WriteByte(' ')
		}
		writeBreaks(&b, s[blank:p])
		end := textEnd(s, p)
		b.WriteString(s[p:end])
		broken, spaced, blank = end, next, end
		if end < len(s) {
			blank += breakLen(s, end)
		}
		p, more = blockLine(s, blank, indent)
	}
	if chomp != '-' && broken >= 0 && broken < len(s) {
		writeBreak(&b, s, broken)
	}
	if chomp == '+' {
		writeBreaks(&b, s[blank:p])
	}
	return b.String()
}

// blockLine goes over blank lines and the indentation of the next; more holds when that has text.
func blockLine(s string, p, indent int) (text int, more bool) {
	for {
		q := p
		for q < len(s) && q-p < indent && s[q] == ' ' {
			q++
		}
		if q >= len(s) {
			return q, false
		}
		n := breakLen(s, q)
		if n == 0 {
			return q, q-p == indent
		}
		p = q + n
	}
}

func hasBreak(blanks string) bool { return strings.TrimLeft(blanks, " ") != "" }

// writeBreaks writes the line breaks among blanks.
func writeBreaks(b *strings.Builder, blanks string) {
	for p := 0; p < len(blanks); {
		if blanks[p] == ' ' {
			p++
		} else {
			p = writeBreak(b, blanks, p)
		}
	}
}
