package render

import (
	"encoding/base64"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/prefectc/prefectc/compiler/value"
)

// YAML writes a value as block-style YAML without aliases, tags where they are needed, that Prefect's reader takes for the
// same value. Text is plain only where no reader of YAML, old or new, takes it for something else.
func YAML(v value.Value) (string, error) {
	var b strings.Builder
	y := yamlWriter{&b}
	if err := y.document(v); err != nil {
		return "", err
	}
	return b.String(), nil
}

type yamlWriter struct{ *strings.Builder }

func (y yamlWriter) document(v value.Value) error {
	if divisibleYAML(v) {
		return y.lines(v, 0)
	}
	return y.scalarLine(v, 0)
}

func divisibleYAML(v value.Value) bool {
	switch v := v.(type) {
	case *value.Map:
		return v.Len() > 0
	case []value.Value:
		return len(v) > 0
	case value.Set:
		return len(v.Items) > 0
	}
	return false
}

// lines writes the items of a list, mapping or set, each at an indentation.
func (y yamlWriter) lines(v value.Value, indent int) error {
	switch v := v.(type) {
	case *value.Map:
		for _, p := range v.Pairs {
			y.pad(indent)
			if err := y.entry(p, indent); err != nil {
				return err
			}
		}
	case []value.Value:
		for _, item := range v {
			y.pad(indent)
			if err := y.item(item, indent); err != nil {
				return err
			}
		}
	case value.Set:
		for _, item := range v.Items {
			y.pad(indent)
			if err := y.entry(value.Pair{Key: item}, indent); err != nil {
				return err
			}
		}
	}
	return nil
}

func (y yamlWriter) pad(n int) { y.WriteString(strings.Repeat(" ", n)) }

// maxSimpleKey is how long a key may be before YAML wants a question mark, in characters.
const maxSimpleKey = 120

// entry writes one key and its value, from after the indentation to the end of the last line.
func (y yamlWriter) entry(p value.Pair, indent int) error {
	key, err := yamlScalar(p.Key)
	if err != nil {
		return err
	}
	if len(key) > maxSimpleKey {
		y.WriteString("? " + key + "\n")
		y.pad(indent)
	} else {
		y.WriteString(key)
	}
	y.WriteByte(':')
	if !divisibleYAML(p.Value) {
		y.WriteByte(' ')
		return y.scalarLine(p.Value, indent)
	}
	if _, set := p.Value.(value.Set); set {
		y.WriteString(" !!set")
	}
	y.WriteByte('\n')
	inner := indent + 2
	if _, list := p.Value.([]value.Value); list {
		inner = indent // as people write prefect.yaml
	}
	return y.lines(p.Value, inner)
}

func (y yamlWriter) item(v value.Value, indent int) error {
	y.WriteString("- ")
	switch v := v.(type) {
	case *value.Map:
		for i, p := range v.Pairs {
			if i > 0 {
				y.pad(indent + 2)
			}
			if err := y.entry(p, indent+2); err != nil {
				return err
			}
		}
		if v.Len() > 0 {
			return nil
		}
	case []value.Value:
		for i, item := range v {
			if i > 0 {
				y.pad(indent + 2)
			}
			if err := y.item(item, indent+2); err != nil {
				return err
			}
		}
		if len(v) > 0 {
			return nil
		}
	case value.Set:
		if len(v.Items) > 0 {
			y.WriteString("!!set\n")
			return y.lines(v, indent+2)
		}
	}
	return y.scalarLine(v, indent)
}

// scalarLine writes what fits on a line, or a text of several lines as a literal block, and ends the line.
func (y yamlWriter) scalarLine(v value.Value, indent int) error {
	if s, ok := v.(string); ok && literal(s) {
		body := strings.TrimRight(s, "\n")
		switch len(s) - len(body) {
		case 0:
			y.WriteString("|-\n")
		case 1:
			y.WriteString("|\n")
		default:
			y.WriteString("|+\n")
		}
		for _, line := range strings.Split(strings.TrimSuffix(s, "\n"), "\n") {
			if line != "" {
				y.pad(indent + 2)
			}
			y.WriteString(line + "\n")
		}
		return nil
	}
	text, err := yamlScalar(v)
	if err != nil {
		return err
	}
	y.WriteString(text + "\n")
	return nil
}

// literal reports whether text reads back exactly from a literal block: several lines, nothing invisible, no blanks where
// they would count as indentation.
func literal(s string) bool {
	if !strings.Contains(strings.TrimRight(s, "\n"), "\n") || s[0] == ' ' || s[0] == '\n' {
		return false
	}
	for _, r := range s {
		if r != '\n' && (!unicode.IsPrint(r) || r == '\uFEFF') {
			return false
		}
	}
	return true
}

// yamlScalar writes a value on one line.
func yamlScalar(v value.Value) (string, error) {
	switch v := v.(type) {
	case nil:
		return "null", nil
	case bool:
		return strconv.FormatBool(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case int:
		return strconv.Itoa(v), nil
	case *big.Int:
		return v.String(), nil
	case float64:
		return yamlFloat(v), nil
	case string:
		return yamlText(v), nil
	case value.Bytes:
		return "!!binary " + strconv.Quote(base64.StdEncoding.EncodeToString(v)), nil
	case value.Date, value.DateTime:
		return value.Str(v), nil
	case *value.Map:
		return "{}", nil
	case []value.Value:
		return "[]", nil
	case value.Set:
		return "!!set {}", nil
	}
	return "", fmt.Errorf("a %s cannot be written as YAML here", value.TypeName(v))
}

// yamlFloat: YAML 1.1 wants a point before an exponent.
func yamlFloat(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return ".inf"
	case math.IsInf(f, -1):
		return "-.inf"
	case math.IsNaN(f):
		return ".nan"
	}
	s := value.FormatFloat(f)
	if mantissa, exponent, ok := strings.Cut(s, "e"); ok && !strings.Contains(mantissa, ".") {
		return mantissa + ".0e" + exponent
	}
	return s
}

var (
	// plainText is text that no version of YAML reads as anything but text, but for the words below.
	plainText = regexp.MustCompile(`^[A-Za-z_/][A-Za-z0-9_./@+-]*(:[A-Za-z0-9_./@+-]+)*( [A-Za-z0-9_./@+(-][A-Za-z0-9_./@+()-]*)*$`)
	notText   = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null|_|[0-9a-f_:.]*e[+-]?[0-9_.]+)$`)
)

func yamlText(s string) string {
	if plainText.MatchString(s) && !notText.MatchString(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x100 && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		case !unicode.IsPrint(r) && r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		case !unicode.IsPrint(r) || r == '\uFEFF':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
