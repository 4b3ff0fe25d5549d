package render

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// block writes a value and ends the line: behind column at if it fits there, else below, each item on a line of its own and
// further in than indent.
func (v PlanView) block(b *strings.Builder, x value.Value, indent, at int) {
	text := flat(x)
	if at+columns(text) <= v.width() || !divisible(x) {
		fmt.Fprintf(b, " %s\n", wrap(text, at, v.width()))
		return
	}
	indent += 2
	b.WriteByte('\n')
	for _, line := range layOut(x, v.width()-indent) {
		fmt.Fprintf(b, "%s%s\n", strings.Repeat(" ", indent), line)
	}
}

// layOut writes a value in lines no wider than room, where its parts allow that, in the manner of YAML.
func layOut(x value.Value, room int) []string {
	text := flat(x)
	if columns(text) <= room || !divisible(x) {
		return strings.Split(wrap(text, 0, room), "\n")
	}
	var lines []string
	switch x := x.(type) {
	case *value.Map:
		for _, p := range x.Pairs {
			key := printable(value.KeyText(p.Key)) + ":"
			if one := flat(p.Value); columns(key)+1+columns(one) <= room {
				lines = append(lines, key+" "+one)
				continue
			}
			lines = append(lines, key)
			for _, line := range layOut(p.Value, room-2) {
				lines = append(lines, "  "+line)
			}
		}
	case []value.Value:
		for _, item := range x {
			lead := "- "
			for _, line := range layOut(item, room-2) {
				lines = append(lines, lead+line)
				lead = "  "
			}
		}
	}
	return lines
}

// divisible holds for what has items to put on lines of their own.
func divisible(x value.Value) bool {
	switch x := x.(type) {
	case *value.Map:
		return x.Len() > 0 && !isMark(x)
	case []value.Value:
		return len(x) > 0
	}
	return false
}

// wrap breaks a text that starts at a column so that it stays within the width; further lines start at the same column.
func wrap(text string, at, width int) string { return wrapFrom(text, at, at, width) }

// wrapFrom breaks a text that starts at a column so that it stays within the width; further lines are indented.
func wrapFrom(text string, at, indent, width int) string {
	var lines []string
	for {
		room := max(width-at, minLine)
		if columns(text) <= room {
			return strings.Join(append(lines, text), "\n"+strings.Repeat(" ", indent))
		}
		cutAt, col := 0, 0
		lastBlank := -1
		for i, r := range text {
			if col+runeColumns(r) > room {
				cutAt = i
				if r == ' ' {
					lastBlank = i
				}
				break
			}
			if r == ' ' {
				lastBlank = i
			}
			col += runeColumns(r)
		}
		if lastBlank > cutAt/2 {
			cutAt = lastBlank + 1
		}
		lines = append(lines, strings.TrimRight(text[:cutAt], " "))
		text = text[cutAt:]
		at = indent
	}
}

// isMark reports whether a mapping stands for a value that is not there: {"$unknown": …} or {"$ref": …}.
func isMark(m *value.Map) bool {
	if m.Len() != 1 {
		return false
	}
	_, unknown := m.Get("$unknown")
	_, ref := m.Get("$ref")
	return unknown || ref
}

// flat writes a value in one line; what is not known yet and references in angle brackets.
func flat(x value.Value) string {
	switch x := x.(type) {
	case *value.Map:
		if x.Len() == 1 {
			if ref, ok := x.Get("$unknown"); ok {
				return "<known after apply: " + value.Str(ref) + ">"
			}
			if ref, ok := x.Get("$ref"); ok {
				return "<" + value.Str(ref) + ">"
			}
		}
		parts := make([]string, 0, x.Len())
		for _, p := range x.Pairs {
			parts = append(parts, value.KeyText(p.Key)+": "+flat(p.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []value.Value:
		parts := make([]string, 0, len(x))
		for _, e := range x {
			parts = append(parts, flat(e))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case nil:
		return "null"
	case string:
		j, err := value.JSON(x)
		if err != nil {
			return x
		}
		return string(j)
	case bool:
		return fmt.Sprint(x)
	}
	return value.Str(x)
}
