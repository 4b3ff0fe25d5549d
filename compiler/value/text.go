package value

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Str is Python's str(v).
func Str(v Value) string {
	switch v := v.(type) {
	case string:
		return v
	case Date:
		return fmt.Sprintf("%04d-%02d-%02d", v.Year, v.Month, v.Day)
	case DateTime:
		return v.iso(" ")
	}
	return Repr(v)
}

// Repr is Python's repr(v).
func Repr(v Value) string {
	var b strings.Builder
	writeRepr(&b, v)
	return b.String()
}

func writeRepr(b *strings.Builder, v Value) {
	switch v := v.(type) {
	case nil:
		b.WriteString("None")
	case bool:
		if v {
			b.WriteString("True")
		} else {
			b.WriteString("False")
		}
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case *big.Int:
		b.WriteString(v.String())
	case float64:
		b.WriteString(FormatFloat(v))
	case string:
		writeQuoted(b, v)
	case []Value:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			writeRepr(b, e)
		}
		b.WriteByte(']')
	case *Map:
		b.WriteByte('{')
		for i, p := range v.Pairs {
			if i > 0 {
				b.WriteString(", ")
			}
			writeRepr(b, p.Key)
			b.WriteString(": ")
			writeRepr(b, p.Value)
		}
		b.WriteByte('}')
	case Date:
		fmt.Fprintf(b, "datetime.date(%d, %d, %d)", v.Year, v.Month, v.Day)
	case DateTime:
		writeDateTimeRepr(b, v)
	case Bytes:
		b.WriteByte('b')
		writeBytesQuoted(b, v)
	case Set:
		if len(v.Items) == 0 {
			b.WriteString("set()")
			return
		}
		b.WriteByte('{')
		for i, e := range v.Items {
			if i > 0 {
				b.WriteString(", ")
			}
			writeRepr(b, e)
		}
		b.WriteByte('}')
	default:
		fmt.Fprintf(b, "%v", v)
	}
}

// FormatFloat is Python's repr of a float: the shortest text that reads back, with ".0" where it would look like an int.
func FormatFloat(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	a := math.Abs(f)
	if a != 0 && (a < 1e-4 || a >= 1e16) {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		return s // Go, like Python, writes at least two exponent digits
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func writeQuoted(b *strings.Builder, s string) {
	q := byte('\'')
	if strings.ContainsRune(s, '\'') && !strings.ContainsRune(s, '"') {
		q = '"'
	}
	b.WriteByte(q)
	for _, r := range s {
		switch {
		case r == rune(q) || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(b, `\x%02x`, r)
		case r < 0x7f || unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			fmt.Fprintf(b, `\U%08x`, r)
		}
	}
	b.WriteByte(q)
}

func writeBytesQuoted(b *strings.Builder, s []byte) {
	q := byte('\'')
	if strings.ContainsRune(string(s), '\'') && !strings.ContainsRune(string(s), '"') {
		q = '"'
	}
	b.WriteByte(q)
	for _, c := range s {
		switch {
		case c == q || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte(q)
}

// iso is Python's isoformat with sep between date and time.
func (d DateTime) iso(sep string) string {
	t := d.Time
	s := t.Format("2006-01-02") + sep + t.Format("15:04:05")
	if us := t.Nanosecond() / 1000; us != 0 {
		s += fmt.Sprintf(".%06d", us)
	}
	if d.Naive {
		return s
	}
	_, off := t.Zone()
	sign := "+"
	if off < 0 {
		sign, off = "-", -off
	}
	s += fmt.Sprintf("%s%02d:%02d", sign, off/3600, off/60%60)
	return s
}

// ISO is Python's isoformat().
func (d DateTime) ISO() string { return d.iso("T") }

func writeDateTimeRepr(b *strings.Builder, d DateTime) {
	t := d.Time
	fmt.Fprintf(b, "datetime.datetime(%d, %d, %d, %d, %d", t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute())
	us := t.Nanosecond() / 1000
	if t.Second() != 0 || us != 0 {
		fmt.Fprintf(b, ", %d", t.Second())
	}
	if us != 0 {
		fmt.Fprintf(b, ", %d", us)
	}
	if !d.Naive {
		_, off := t.Zone()
		if off == 0 {
			b.WriteString(", tzinfo=datetime.timezone.utc")
		} else {
			days, secs := 0, off
			if secs < 0 {
				days, secs = -1, secs+86400
			}
			delta := fmt.Sprintf("seconds=%d", secs)
			if days != 0 {
				delta = fmt.Sprintf("days=%d, %s", days, delta)
			}
			fmt.Fprintf(b, ", tzinfo=datetime.timezone(datetime.timedelta(%s))", delta)
		}
	}
	b.WriteByte(')')
}

// TypeName names the kind of a value for people: "text", "number", "list", "mapping", …
func TypeName(v Value) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "true/false"
	case int64, *big.Int:
		return "whole number"
	case float64:
		return "number"
	case string:
		return "text"
	case []Value:
		return "list"
	case *Map:
		return "mapping"
	case Date:
		return "date"
	case DateTime, time.Time:
		return "timestamp"
	case Bytes:
		return "binary"
	case Set:
		return "set"
	}
	return "value"
}
