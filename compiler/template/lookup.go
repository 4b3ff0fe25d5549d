package template

import (
	"strconv"
	"strings"
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
	n, isInt := pythonInt(part)
	switch v := v.(type) {
	case *value.Map:
		if isInt {
			return v.Get(n)
		}
		return v.Get(part)
	case []value.Value:
		if i, ok := index(n, len(v)); isInt && ok {
			return v[i], true
		}
	case string:
		if i, ok := index(n, utf8.RuneCountInString(v)); isInt && ok {
			return string([]rune(v)[i]), true
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

// pythonInt reads what int() of Python reads from a placeholder's part: an optional minus, digits, single underscores
// between digits.
func pythonInt(s string) (int64, bool) {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || digits[0] == '_' || strings.HasSuffix(digits, "_") || strings.Contains(digits, "__") {
		return 0, false
	}
	for _, r := range digits {
		if r != '_' && (r < '0' || r > '9') {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(s, "_", ""), 10, 64)
	return n, err == nil
}
