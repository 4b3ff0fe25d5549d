package value

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"sort"
	"strconv"
)

// JSON encodes a value as Prefect's client would send it: dates as ISO text, infinities and NaN as null, sets as
// lists, bytes as text, map keys as text, in insertion order.
func JSON(v Value) ([]byte, error) {
	var b bytes.Buffer
	if err := writeJSON(&b, v, false); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Canonical is JSON with sorted keys: equal values have equal bytes.
func Canonical(v Value) ([]byte, error) {
	var b bytes.Buffer
	if err := writeJSON(&b, v, true); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// MarshalJSON lets a Map be a field of a Go struct.
func (m *Map) MarshalJSON() ([]byte, error) { return JSON(m) }

// UnmarshalJSON reads a JSON object, keeping the order of its keys.
func (m *Map) UnmarshalJSON(text []byte) error {
	v, err := FromJSON(text)
	if err != nil {
		return err
	}
	read, ok := v.(*Map)
	if !ok {
		return fmt.Errorf("not a JSON object: %.20s", text)
	}
	*m = *read
	return nil
}

func writeJSON(b *bytes.Buffer, v Value, sorted bool) error {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case int:
		b.WriteString(strconv.Itoa(v))
	case *big.Int:
		b.WriteString(v.String())
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			b.WriteString("null")
			return nil
		}
		b.WriteString(FormatFloat(v))
	case string:
		return writeJSONString(b, v)
	case Bytes:
		return writeJSONString(b, string(v))
	case Date:
		return writeJSONString(b, Str(v))
	case DateTime:
		return writeJSONString(b, v.ISO())
	case []Value:
		return writeJSONList(b, v, sorted)
	case Set:
		return writeJSONList(b, v.Items, sorted)
	case *Map:
		return writeJSONMap(b, v, sorted)
	default:
		return fmt.Errorf("value of Go type %T cannot be written as JSON", v)
	}
	return nil
}

func writeJSONList(b *bytes.Buffer, items []Value, sorted bool) error {
	b.WriteByte('[')
	for i, e := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := writeJSON(b, e, sorted); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	return nil
}

func writeJSONMap(b *bytes.Buffer, m *Map, sorted bool) error {
	pairs := m.Pairs
	if sorted {
		pairs = append([]Pair(nil), pairs...)
		sort.SliceStable(pairs, func(i, j int) bool { return KeyText(pairs[i].Key) < KeyText(pairs[j].Key) })
	}
	b.WriteByte('{')
	for i, p := range pairs {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := writeJSONString(b, KeyText(p.Key)); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := writeJSON(b, p.Value, sorted); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

// KeyText is the text Python's json gives a mapping key.
func KeyText(k Value) string {
	switch k := k.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(k)
	case string:
		return k
	}
	return Str(k)
}

func writeJSONString(b *bytes.Buffer, s string) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // Encode ends with a line break
	return nil
}

// FromJSON reads JSON text into a Value; whole numbers stay whole, key order is kept.
func FromJSON(text []byte) (Value, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := readJSON(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err == nil {
		return nil, fmt.Errorf("more text after the JSON value")
	}
	return v, nil
}

const maxJSONDepth = 1000

func readJSON(d *json.Decoder, depth int) (Value, error) {
	if depth > maxJSONDepth {
		return nil, fmt.Errorf("JSON nested deeper than %d levels", maxJSONDepth)
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			list := []Value{}
			for d.More() {
				v, err := readJSON(d, depth+1)
				if err != nil {
					return nil, err
				}
				list = append(list, v)
			}
			_, err := d.Token()
			return list, err
		}
		m := &Map{}
		for d.More() {
			k, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := readJSON(d, depth+1)
			if err != nil {
				return nil, err
			}
			m.Set(k.(string), v)
		}
		_, err := d.Token()
		return m, err
	case json.Number:
		if i, err := strconv.ParseInt(string(t), 10, 64); err == nil {
			return i, nil
		}
		if n, ok := new(big.Int).SetString(string(t), 10); ok {
			return n, nil
		}
		f, err := t.Float64()
		return f, err
	case bool, string, nil:
		return t, nil
	}
	return nil, fmt.Errorf("unexpected JSON token %v", t)
}

// Equal compares as JSON does: by content, 1 and 1.0 being equal numbers and key order not mattering.
func Equal(a, b Value) bool {
	switch x := a.(type) {
	case []Value:
		y, ok := b.([]Value)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case *Map:
		y, ok := b.(*Map)
		if !ok || x.Len() != y.Len() {
			return false
		}
		for _, p := range x.Pairs {
			v, ok := y.Get(p.Key)
			if !ok || !Equal(p.Value, v) {
				return false
			}
		}
		return true
	case int64:
		switch y := b.(type) {
		case int64:
			return x == y
		case float64:
			return float64(x) == y
		}
		return false
	case float64:
		switch y := b.(type) {
		case int64:
			return x == float64(y)
		case float64:
			return x == y
		}
		return false
	case nil, bool, string, Date:
		return a == b
	}
	ja, ea := Canonical(a)
	jb, eb := Canonical(b)
	return ea == nil && eb == nil && bytes.Equal(ja, jb)
}
