package step

import (
	"strings"
	"unicode"
)

// splitWords is Python's shlex.split(s): POSIX quoting, no comments, no shell. Errors are Python's.
func splitWords(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\r', '\n':
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
		case '\\':
			inWord = true
			i++
			if i == len(s) {
				return nil, errEscape()
			}
			word.WriteByte(s[i])
		case '\'', '"':
			inWord = true
			length, err := readQuoted(s[i+1:], c, &word)
			if err != nil {
				return nil, err
			}
			i += length
		default:
			inWord = true
			word.WriteByte(c)
		}
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}

// readQuoted copies text up to the closing quote and returns how many bytes it took, the quote included. A backslash
// escapes only inside double quotes, and there only the quote and itself.
func readQuoted(s string, quote byte, word *strings.Builder) (int, error) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == quote:
			return i + 1, nil
		case c == '\\' && quote == '"':
			i++
			if i == len(s) {
				return 0, errEscape()
			}
			if s[i] != '\\' && s[i] != quote {
				word.WriteByte('\\')
			}
			word.WriteByte(s[i])
		default:
			word.WriteByte(c)
		}
	}
	return 0, pyError("ValueError", "No closing quotation", "every line of a script is a command of its own; a quote must end on its line")
}

func errEscape() error {
	return pyError("ValueError", "No escaped character", "a backslash at the end of a line does not join it with the next")
}

// splitLines is Python's str.splitlines().
func splitLines(s string) []string {
	var lines []string
	start := 0
	for i, r := range s {
		if i < start {
			continue // the \n of \r\n
		}
		switch r {
		case '\n', '\r', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
			lines = append(lines, s[start:i])
			start = i + len(string(r))
			if r == '\r' && start < len(s) && s[start] == '\n' {
				start++
			}
		}
	}
	if start < len(s) {
		lines = append(lines, s[start:])
	}
	return lines
}

// strip is Python's str.strip().
func strip(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f })
}

// expand is Python's string.Template(s).safe_substitute(vars): $name, ${name} and $$; what is unknown stays as it is.
func expand(s string, lookup func(string) (string, bool)) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '$')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		name, length := placeholder(s)
		switch {
		case strings.HasPrefix(s, "$$"):
			b.WriteByte('$')
			length = 2
		case length == 0:
			b.WriteByte('$')
			length = 1
		default:
			if v, ok := lookup(name); ok {
				b.WriteString(v)
			} else {
				b.WriteString(s[:length])
			}
		}
		s = s[length:]
	}
}

// placeholder reads $name or ${name} at the start of s; length is 0 when there is none.
func placeholder(s string) (name string, length int) {
	rest, braced := s[1:], false
	if strings.HasPrefix(rest, "{") {
		rest, braced = rest[1:], true
	}
	n := 0
	for n < len(rest) && (rest[n] == '_' || isLetter(rest[n]) || n > 0 && rest[n] >= '0' && rest[n] <= '9') {
		n++
	}
	switch {
	case n == 0 || braced && (n == len(rest) || rest[n] != '}'):
		return "", 0
	case braced:
		return rest[:n], n + len("${}")
	}
	return rest[:n], n + len("$")
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
