package pyflow

import (
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/prefectc/prefectc/compiler/value"
)

// literal reads an expression made of constants only. Tuples become lists, as they do in JSON.
func (m *Module) literal(e *expr) (value.Value, bool) {
	switch e.kind {
	case exprName:
		switch e.text {
		case "None":
			return nil, true
		case "True":
			return true, true
		case "False":
			return false, true
		}
	case exprNumber:
		return number(e.text)
	case exprString:
		return m.stringLiteral(e.tokens)
	case exprUnary:
		return m.signed(e)
	case exprList, exprTuple:
		return m.literalList(e)
	case exprSet:
		items, ok := m.literalList(e)
		if !ok {
			return nil, false
		}
		return setOf(items)
	case exprDict:
		return m.literalDict(e)
	}
	return nil, false
}

func (m *Module) literalList(e *expr) ([]value.Value, bool) {
	list := make([]value.Value, len(e.args))
	for i, a := range e.args {
		v, ok := m.literal(a)
		if !ok {
			return nil, false
		}
		list[i] = v
	}
	return list, true
}

// setOf is a set display; one with several items has no order that we could know.
func setOf(items []value.Value) (value.Value, bool) {
	if len(items) != 1 {
		return nil, false
	}
	return value.Set{Items: items}, true
}

func (m *Module) literalDict(e *expr) (value.Value, bool) {
	d := &value.Map{}
	for i := 0; i+1 < len(e.args); i += 2 {
		k, ok := m.literal(e.args[i])
		if !ok || !hashable(k) {
			return nil, false
		}
		v, ok := m.literal(e.args[i+1])
		if !ok {
			return nil, false
		}
		d.Set(k, v)
	}
	return d, true
}

func hashable(v value.Value) bool {
	switch v.(type) {
	case nil, bool, int64, *big.Int, float64, string, value.Bytes:
		return true
	}
	return false
}

func (m *Module) signed(e *expr) (value.Value, bool) {
	if e.args[0].kind != exprNumber && e.args[0].kind != exprUnary {
		return nil, false
	}
	v, ok := m.literal(e.args[0])
	if !ok || e.text == "+" {
		return v, ok
	}
	if e.text != "-" {
		return nil, false
	}
	switch n := v.(type) {
	case int64:
		return -n, true
	case float64:
		return -n, true
	case *big.Int:
		neg := new(big.Int).Neg(n)
		if neg.IsInt64() {
			return neg.Int64(), true
		}
		return neg, true
	}
	return nil, false
}

// maxNumber bounds the text of a number that is worth reading.
const maxNumber = 4000

func number(text string) (value.Value, bool) {
	s := strings.ReplaceAll(strings.ToLower(text), "_", "")
	if len(s) > maxNumber || strings.HasSuffix(text, "_") || strings.Contains(text, "__") {
		return nil, false
	}
	base, digits := 10, s
	if len(s) > 2 && s[0] == '0' {
		switch s[1] {
		case 'x':
			base, digits = 16, s[2:]
		case 'o':
			base, digits = 8, s[2:]
		case 'b':
			base, digits = 2, s[2:]
		}
	}
	if base == 10 && strings.ContainsAny(s, ".e") {
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil
	}
	if base == 10 && len(s) > 1 && s[0] == '0' && strings.Trim(s, "0") != "" {
		return nil, false // 0777 is Python 2
	}
	if n, err := strconv.ParseInt(digits, base, 64); err == nil {
		return n, true
	}
	n, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return nil, false // 3j, 3L
	}
	return n, true
}

func stringPrefix(text string) string {
	for i := 0; i < len(text) && i < 3; i++ {
		if text[i] == '"' || text[i] == '\'' {
			return strings.ToLower(text[:i])
		}
	}
	return ""
}

// stringValue is the text of adjacent string literals; not known for bytes, f-strings and what does not decode.
func (m *Module) stringValue(r tokenRange) (string, bool) {
	v, ok := m.stringLiteral(r)
	s, isText := v.(string)
	return s, ok && isText
}

func (m *Module) stringLiteral(r tokenRange) (value.Value, bool) {
	var b strings.Builder
	isBytes := false
	for k := r.from; k < r.to; k++ {
		text := m.tok(k)
		prefix := stringPrefix(text)
		if strings.ContainsAny(prefix, "ft") || prefix == "ur" {
			return nil, false
		}
		isBytes = isBytes || strings.Contains(prefix, "b")
		body, ok := unquote(text[len(prefix):], strings.Contains(prefix, "r"), isBytes)
		if !ok {
			return nil, false
		}
		b.WriteString(body)
	}
	if isBytes {
		return value.Bytes(b.String()), true
	}
	return b.String(), true
}

// unquote reads a string literal without its prefix.
func unquote(text string, raw, isBytes bool) (string, bool) {
	n := 1
	if len(text) >= 6 && text[1] == text[0] && text[2] == text[0] {
		n = 3
	}
	if len(text) < 2*n || text[len(text)-n:] != text[:n] {
		return "", false
	}
	body := text[n : len(text)-n]
	if !utf8.ValidString(body) {
		return "", false
	}
	if strings.Contains(body, "\r") {
		body = strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\r", "\n")
	}
	if raw || !strings.Contains(body, `\`) {
		return body, true
	}
	return unescape(body, isBytes)
}

func unescape(body string, isBytes bool) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			b.WriteByte(body[i])
			continue
		}
		i++
		if i >= len(body) {
			return "", false
		}
		switch c := body[i]; c {
		case '\n':
		case 'x', 'u', 'U', 'N':
			if c != 'x' && isBytes {
				b.WriteString(`\`)
				b.WriteByte(c)
				continue
			}
			digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
			if c == 'N' || i+digits >= len(body) {
				return "", false // \N{…} needs the table of Unicode names
			}
			n, err := strconv.ParseUint(body[i+1:i+1+digits], 16, 32)
			if err != nil || n > utf8.MaxRune || 0xD800 <= n && n < 0xE000 {
				return "", false
			}
			writeCode(&b, rune(n), isBytes)
			i += digits
		case '0', '1', '2', '3', '4', '5', '6', '7':
			j := i
			for j < len(body) && j < i+3 && '0' <= body[j] && body[j] <= '7' {
				j++
			}
			n, _ := strconv.ParseUint(body[i:j], 8, 32)
			writeCode(&b, rune(n), isBytes)
			i = j - 1
		default:
			if k := strings.IndexByte(`\'"abfnrtv`, c); k >= 0 {
				b.WriteByte("\\'\"\a\b\f\n\r\t\v"[k])
				continue
			}
			b.WriteString(`\`)
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

func writeCode(b *strings.Builder, r rune, isBytes bool) {
	if isBytes {
		b.WriteByte(byte(r))
		return
	}
	b.WriteRune(r)
}
