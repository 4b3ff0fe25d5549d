package value

import (
	"math/big"
	"strconv"
	"strings"
	"time"
)

// Value is any of the kinds listed in the package documentation.
type Value = any

// Date is a YAML date without a time: Python's datetime.date.
type Date struct{ Year, Month, Day int }

// DateTime is a YAML timestamp: Python's datetime.datetime. Without a zone it is naive.
type DateTime struct {
	Time  time.Time // microsecond precision
	Naive bool
}

// Bytes is a YAML !!binary.
type Bytes []byte

// Set is a YAML !!set.
type Set struct{ Items []Value }

// Pair is one entry of a Map.
type Pair struct {
	Key   Value // a hashable value: scalar or date
	Value Value
}

// Map is Python's dict: it keeps the order in which keys were first set.
type Map struct {
	Pairs []Pair
	index map[any]int
}

// NewMap makes a map of string keys and values, given in turn.
func NewMap(keysAndValues ...Value) *Map {
	m := &Map{}
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		m.Set(keysAndValues[i], keysAndValues[i+1])
	}
	return m
}

// hashKey maps a key to a Go value that is equal when Python's == and hash() agree: 1, 1.0 and True are one key.
func hashKey(k Value) any {
	switch k := k.(type) {
	case bool:
		if k {
			return int64(1)
		}
		return int64(0)
	case float64:
		if k == float64(int64(k)) {
			return int64(k)
		}
		return k
	case *big.Int:
		return "\x00big" + k.String()
	case Bytes:
		return "\x00bytes" + string(k)
	case DateTime:
		return k.Time.UnixMicro()<<1 | int64(btoi(k.Naive)) ^ 0x5bd1e995
	case string:
		return k
	}
	return k
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Get finds the value of a key.
func (m *Map) Get(key Value) (Value, bool) {
	if m == nil {
		return nil, false
	}
	if i, ok := m.find(key); ok {
		return m.Pairs[i].Value, true
	}
	return nil, false
}

func (m *Map) find(key Value) (int, bool) {
	h := hashKey(key)
	if m.index == nil && len(m.Pairs) <= 8 {
		for i := range m.Pairs {
			if hashKey(m.Pairs[i].Key) == h {
				return i, true
			}
		}
		return 0, false
	}
	if m.index == nil {
		m.index = make(map[any]int, len(m.Pairs))
		for i := range m.Pairs {
			m.index[hashKey(m.Pairs[i].Key)] = i
		}
	}
	i, ok := m.index[h]
	return i, ok
}

// Set puts a value under a key; an existing key keeps its place and, as in Python, its first spelling.
func (m *Map) Set(key, v Value) {
	if i, ok := m.find(key); ok {
		m.Pairs[i].Value = v
		return
	}
	m.Pairs = append(m.Pairs, Pair{key, v})
	if m.index != nil {
		m.index[hashKey(key)] = len(m.Pairs) - 1
	}
}

// Delete removes a key, if present.
func (m *Map) Delete(key Value) {
	if i, ok := m.find(key); ok {
		m.Pairs = append(m.Pairs[:i:i], m.Pairs[i+1:]...)
		m.index = nil
	}
}

// Len is the number of keys.
func (m *Map) Len() int {
	if m == nil {
		return 0
	}
	return len(m.Pairs)
}

// Clone copies a value deeply.
func Clone(v Value) Value {
	switch v := v.(type) {
	case *Map:
		c := &Map{Pairs: make([]Pair, len(v.Pairs))}
		for i, p := range v.Pairs {
			c.Pairs[i] = Pair{p.Key, Clone(p.Value)}
		}
		return c
	case []Value:
		c := make([]Value, len(v))
		for i := range v {
			c[i] = Clone(v[i])
		}
		return c
	}
	return v
}

// Truthy is Python's bool(v).
func Truthy(v Value) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case int64:
		return v != 0
	case float64:
		return v != 0
	case string:
		return v != ""
	case []Value:
		return len(v) > 0
	case *Map:
		return v.Len() > 0
	case Bytes:
		return len(v) > 0
	case Set:
		return len(v.Items) > 0
	}
	return true
}

// ParseInt reads text that is a whole number, as pydantic does for an integer field.
func ParseInt(s string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return n, err == nil
}
