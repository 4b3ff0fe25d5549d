package template

import (
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/prefectc/prefectc/compiler/value"
)

// SplitPath turns a name into the keys Prefect looks up one after another: brackets count as dots.
func SplitPath(name string) []string {
	return strings.Split(strings.ReplaceAll(strings.ReplaceAll(name, "[", "."), "]", ""), ".")
}

// Lookup follows a name into nested data. A part that reads as a whole number is only tried as one: it finds
// list items (from the end when negative), characters of text, and mapping keys that are numbers.
func Lookup(values value.Value, name string) (value.Value, bool) {
	v := values
	for _, part := range SplitPath(name) {
		var ok bool
		if v, ok = step(v, part); !ok {
			return nil, false
		}
	}
	return v, true
}

func step(v value.Value, part string) (value.Value, bool) {
	key := keyOf(part)
	if m, ok := v.(*value.Map); ok {
		return m.Get(key)
	}
	n, isInt := key.(int64)
	if !isInt {
		return nil, false
	}
	switch v := v.(type) {
	case []value.Value:
		if i, ok := index(n, len(v)); ok {
			return v[i], true
		}
	case string:
		if i, ok := index(n, utf8.RuneCountInString(v)); ok {
			return string([]rune(v)[i]), true
		}
	case value.Bytes:
		if i, ok := index(n, len(v)); ok {
			return int64(v[i]), true
		}
	}
	return nil, false
}

func index(n int64, length int) (int, bool) {
	if n < 0 {
		n += int64(length)
	}
	return int(n), n >= 0 && n < int64(length)
}

// maxDigits is how many digits Python's int() reads before it refuses.
const maxDigits = 4300

// keyOf is what Python's int() makes of a part, or the part itself when that fails: an optional minus, decimal digits of
// any script, single underscores between digits.
func keyOf(part string) value.Value {
	digits, negative := strings.CutPrefix(part, "-")
	if digits == "" || digits[0] == '_' || strings.HasSuffix(digits, "_") || strings.Contains(digits, "__") {
		return part
	}
	ascii := make([]byte, 0, len(digits))
	for _, r := range digits {
		if r == '_' {
			continue
		}
		d, ok := digitValue(r)
		if !ok || len(ascii) == maxDigits {
			return part
		}
		ascii = append(ascii, '0'+d)
	}
	n, ok := new(big.Int).SetString(string(ascii), 10)
	if !ok {
		return part
	}
	if negative {
		n.Neg(n)
	}
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

// digitValue reads a decimal digit. Unicode's come in runs of ten, from zero to nine; only the mathematical ones follow each
// other without a gap.
func digitValue(r rune) (byte, bool) {
	switch {
	case r < utf8.RuneSelf:
		return byte(r - '0'), r >= '0' && r <= '9'
	case !unicode.Is(unicode.Nd, r):
		return 0, false
	case r >= 0x1d7ce && r <= 0x1d7ff:
		return byte((r - 0x1d7ce) % 10), true
	}
	d := byte(0)
	for d < 9 && unicode.Is(unicode.Nd, r-1) {
		r--
		d++
	}
	return d, true
}
