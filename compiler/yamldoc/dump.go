package yamldoc

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/prefectc/prefectc/compiler/value"
)

// Dump writes a mapping as PyYAML's yaml.dump(…, sort_keys=False) does, to the byte. It takes what JSON has, without fractions,
// and keys of a line each.
func Dump(m *value.Map) (string, error) {
	d := &dumper{}
	if m.Len() == 0 {
		return "{}\n", nil
	}
	if err := d.mapping(m, 0); err != nil {
		return "", err
	}
	return d.String() + "\n", nil
}

// dumper knows the column, because PyYAML folds text by it.
type dumper struct {
	strings.Builder
	column int // in characters
}

const (
	dumpIndent = 2
	dumpWidth  = 80
	longestKey = 128
)

func (d *dumper) put(s string) {
	d.WriteString(s)
	d.column += utf8.RuneCountInString(s)
}

func (d *dumper) newline(indent int) {
	d.WriteByte('\n')
	d.WriteString(strings.Repeat(" ", indent))
	d.column = indent
}

// mapping writes the entries of a mapping, the first from where the writer stands.
func (d *dumper) mapping(m *value.Map, indent int) error {
	for i, p := range m.Pairs {
		if i > 0 {
			d.newline(indent)
		}
		key, ok := p.Key.(string)
		if !ok || key == "" || len(key) >= longestKey || strings.ContainsAny(key, "\n\u0085\u2028\u2029") {
			return fmt.Errorf("%s cannot be written as a key here", value.Repr(p.Key))
		}
		if err := d.scalar(key, indent, false); err != nil {
			return err
		}
		d.put(":")
		if err := d.under(p.Value, indent); err != nil {
			return err
		}
	}
	return nil
}

// under writes the value of a key: mappings below it and deeper, lists below it at the same depth.
func (d *dumper) under(v value.Value, indent int) error {
	switch v := v.(type) {
	case *value.Map:
		if v.Len() > 0 {
			d.newline(indent + dumpIndent)
			return d.mapping(v, indent+dumpIndent)
		}
	case []value.Value:
		if len(v) > 0 {
			d.newline(indent)
			return d.list(v, indent)
		}
	}
	d.put(" ")
	return d.scalar(v, indent, true)
}

func (d *dumper) list(items []value.Value, indent int) error {
	for i, item := range items {
		if i > 0 {
			d.newline(indent)
		}
		d.put("- ")
		if err := d.item(item, indent); err != nil {
			return err
		}
	}
	return nil
}

// item writes one item of a list, behind its dash.
func (d *dumper) item(v value.Value, indent int) error {
	switch v := v.(type) {
	case *value.Map:
		if v.Len() > 0 {
			return d.mapping(v, indent+dumpIndent)
		}
	case []value.Value:
		if len(v) > 0 {
			return d.list(v, indent+dumpIndent)
		}
	}
	return d.scalar(v, indent, true)
}

func (d *dumper) scalar(v value.Value, indent int, split bool) error {
	switch v := v.(type) {
	case nil:
		d.put("null")
	case bool:
		d.put(strconv.FormatBool(v))
	case int64:
		d.put(strconv.FormatInt(v, 10))
	case *value.Map:
		d.put("{}")
	case []value.Value:
		d.put("[]")
	case string:
		if !utf8.ValidString(v) {
			return fmt.Errorf("%q is not UTF-8", v)
		}
		d.text([]rune(v), indent+dumpIndent, split)
	default:
		return fmt.Errorf("a %s cannot be written here", value.TypeName(v))
	}
	return nil
}

func (d *dumper) text(s []rune, indent int, split bool) {
	switch styleOf(s) {
	case plainStyle:
		d.plain(s, indent, split)
	case singleStyle:
		d.single(s, indent, split)
	default:
		d.double(s, indent, split)
	}
}

// plain writes text without quotes, folded at single spaces.
func (d *dumper) plain(s []rune, indent int, split bool) {
	for start, end := 0, 0; start < len(s); start = end {
		space := s[start] == ' '
		for end < len(s) && (s[end] == ' ') == space {
			end++
		}
		if space && end == start+1 && d.column > dumpWidth && split {
			d.newline(indent)
			continue
		}
		d.put(string(s[start:end]))
	}
}

// single writes text in single quotes, where a line break is an empty line.
func (d *dumper) single(s []rune, indent int, split bool) {
	d.put("'")
	for start, end := 0, 0; start < len(s); start = end {
		kind := kindOf(s[start])
		for end < len(s) && kindOf(s[end]) == kind {
			end++
		}
		switch {
		case kind == lineBreaks:
			if s[start] == '\n' {
				d.WriteByte('\n')
			}
			d.WriteString(string(s[start:end]))
			d.WriteString(strings.Repeat(" ", indent))
			d.column = indent
		case kind == spaces && end == start+1 && d.column > dumpWidth && split && start != 0 && end != len(s):
			d.newline(indent)
		default:
			d.put(strings.ReplaceAll(string(s[start:end]), "'", "''"))
		}
	}
	d.put("'")
}

// double writes text in double quotes, with escapes for all that is not ASCII; a line that would be too long ends in a backslash.
func (d *dumper) double(s []rune, indent int, split bool) {
	d.put(`"`)
	start := 0
	for end := 0; end <= len(s); end++ {
		if end == len(s) || escaped(s[end]) {
			if start < end {
				d.put(string(s[start:end]))
				start = end
			}
			if end < len(s) {
				d.put(escape(s[end]))
				start = end + 1
			}
		}
		if end == 0 || end >= len(s)-1 || s[end] != ' ' && start < end || d.column+end-start <= dumpWidth || !split {
			continue
		}
		if start < end {
			d.put(string(s[start:end]))
			start = end
		}
		d.put(`\`)
		d.newline(indent)
		if s[start] == ' ' {
			d.put(`\`)
		}
	}
	d.put(`"`)
}

func escaped(r rune) bool { return r == '"' || r == '\\' || r < ' ' || r > '~' }

func escape(r rune) string {
	const named = "\x00\a\b\t\n\v\f\r\x1b\"\\\u0085\u00a0\u2028\u2029"
	const letters = `0abtnvfre"\N_LP`
	for i, n := range []rune(named) {
		if r == n {
			return `\` + letters[i:i+1]
		}
	}
	switch {
	case r <= 0xff:
		return fmt.Sprintf(`\x%02X`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04X`, r)
	}
	return fmt.Sprintf(`\U%08X`, r)
}
