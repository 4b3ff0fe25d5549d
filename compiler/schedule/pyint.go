package schedule

import (
	"math"
	"strings"
	"unicode"
)

// pyInt is Python's int() of text, within bounds that no calendar reaches.
func pyInt(text string) (int64, bool) {
	s := strings.TrimFunc(text, isPySpace)
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	var n int64
	count, previous := 0, rune('_')
	for _, c := range s {
		if c == '_' {
			if previous == '_' {
				return 0, false
			}
			previous = c
			continue
		}
		d, ok := digitValue(c)
		if !ok {
			return 0, false
		}
		n = min(n*10+int64(d), math.MaxInt32)
		count++
		previous = c
	}
	if count == 0 || count > 4300 || previous == '_' {
		return 0, false
	}
	if negative {
		n = -n
	}
	return n, true
}

// digitValue is the value of a decimal digit of any script: their blocks of ten start at their zero.
func digitValue(c rune) (int, bool) {
	if c >= '0' && c <= '9' {
		return int(c - '0'), true
	}
	if c < 0x80 || !unicode.Is(unicode.Nd, c) {
		return 0, false
	}
	zero := c
	for zero > c-9 && unicode.Is(unicode.Nd, zero-1) {
		zero--
	}
	return int(c-zero) % 10, true
}
