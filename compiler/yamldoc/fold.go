package yamldoc

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// The functions here read a scalar from its own text, as PyYAML does. The reader uses them where the text handed to
// yaml.v3 differs from the file; tests use them to prove every span.

// readPlain folds the lines of a plain scalar.
func readPlain(s string) string { return foldLines(s, nil) }

// readSingle reads a single-quoted scalar, quotes included.
func readSingle(s string) string {
	return strings.ReplaceAll(foldLines(s[1:len(s)-1], nil), "''", "'")
}

// readDouble reads a double-quoted scalar, quotes included.
func readDouble(s string) string { return foldLines(s[1:len(s)-1], unescape) }

// foldLines joins lines; escape, when given, reads what a backslash starts.
func foldLines(s string, escape func(string) (text string, length int)) string {
	text := []byte(s)
	var b strings.Builder
	for p := 0; p < len(s); {
		switch c := s[p]; {
		case c == ' ' || c == '\t' || breakLen(text, p) > 0:
			end, fold := foldBlanks(text, p)
			if fold == "" {
				fold = s[p:end]
			}
			b.WriteString(fold)
			p = end
		case c == '\\' && escape != nil:
			t, n := escape(s[p:])
			b.WriteString(t)
			p += n
		default:
			b.WriteByte(c)
			p++
		}
	}
	return b.String()
}

var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': `"`, '\'': "'", '\\': `\`, '/': "/", 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// unescape reads the escape at the start of s.
func unescape(s string) (string, int) {
	if len(s) < 2 {
		return s, len(s)
	}
	if t, ok := escapes[s[1]]; ok {
		return t, 2
	}
	if digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[1]]; digits > 0 && len(s) >= 2+digits {
		if n, err := strconv.ParseUint(s[2:2+digits], 16, 32); err == nil {
			return string(utf8.AppendRune(nil, rune(n))), 2 + digits
		}
	}
	if n := breakLen([]byte(s), 1); n > 0 {
		return unescapeBreak(s, 1+n)
	}
	return s[:2], 2
}

// unescapeBreak reads an escaped line break: it and the blanks that follow vanish, further breaks stay.
func unescapeBreak(s string, p int) (string, int) {
	text, out := []byte(s), ""
	for p < len(s) {
		if s[p] == ' ' || s[p] == '\t' {
			p++
			continue
		}
		n := breakLen(text, p)
		if n == 0 {
			break
		}
		if n == 3 {
			out += s[p : p+3]
		} else {
			out += "\n"
		}
		p += n
	}
	return out, p
}

// readBlock reads a block scalar from its text behind the header's line break on.
func readBlock(text []byte, indent int, folded bool, chomp byte) string {
	var b strings.Builder
	breaks, p := blockBreaks(text, 0, indent)
	last := ""
	for p < len(text) && breakLen(text, p) == 0 {
		b.WriteString(breaks)
		spaced := text[p] == ' ' || text[p] == '\t'
		q := p
		for q < len(text) && breakLen(text, q) == 0 {
			q++
		}
		b.Write(text[p:q])
		last, p = breakText(text, q)
		var column bool
		breaks, p, column = blockBreaksColumn(text, p, indent)
		if !column {
			break
		}
		next := text[p] == ' ' || text[p] == '\t'
		if folded && last == "\n" && !spaced && !next {
			if breaks == "" {
				b.WriteByte(' ')
			}
		} else {
			b.WriteString(last)
		}
	}
	if chomp != '-' {
		b.WriteString(last)
	}
	if chomp == '+' {
		b.WriteString(breaks)
	}
	return b.String()
}

// breakText is the line break at p after PyYAML's normalisation, and the offset behind it.
func breakText(text []byte, p int) (string, int) {
	if p >= len(text) {
		return "", p
	}
	n := breakLen(text, p)
	if n == 3 {
		return string(text[p : p+3]), p + 3
	}
	return "\n", p + n
}

func blockBreaks(text []byte, p, indent int) (string, int) {
	breaks, p, _ := blockBreaksColumn(text, p, indent)
	return breaks, p
}

// blockBreaksColumn goes over blank lines and the indentation of the next; column holds when that has text.
func blockBreaksColumn(text []byte, p, indent int) (breaks string, end int, column bool) {
	for {
		q := p
		for q < len(text) && q-p < indent && text[q] == ' ' {
			q++
		}
		if q >= len(text) {
			return breaks, q, false
		}
		if breakLen(text, q) == 0 {
			return breaks, q, q-p == indent
		}
		s, next := breakText(text, q)
		breaks += s
		p = next
	}
}
