package value

import (
	"math"
	"math/big"
	"testing"
	"time"
)

// Texts are what CPython 3.11 prints for the same values: str() and repr().
func TestTextIsPythons(t *testing.T) {
	huge, _ := new(big.Int).SetString("1180591620717411303424", 10)
	west := time.FixedZone("", -(5*3600 + 30*60))
	for _, c := range []struct {
		v         Value
		str, repr string
	}{
		{nil, "None", "None"}, {true, "True", "True"}, {int64(-5), "-5", "-5"}, {huge, "1180591620717411303424", "1180591620717411303424"},
		{1.0, "1.0", "1.0"}, {math.Copysign(0, -1), "-0.0", "-0.0"}, {1.5, "1.5", "1.5"}, {1e16, "1e+16", "1e+16"},
		{1e15, "1000000000000000.0", "1000000000000000.0"}, {123456789012345680.0, "1.2345678901234568e+17", "1.2345678901234568e+17"},
		{1e-5, "1e-05", "1e-05"}, {0.0001, "0.0001", "0.0001"}, {1e22, "1e+22", "1e+22"}, {math.Inf(1), "inf", "inf"},
		{"it's", "it's", `"it's"`}, {`say "hi"`, `say "hi"`, `'say "hi"'`}, {`both ' and "`, `both ' and "`, `'both \' and "'`},
		{"tab\tnl\n\\", "tab\tnl\n\\", `'tab\tnl\n\\'`},
		{"é\u200b\u00a0\u007f\u2028🚀", "é\u200b\u00a0\u007f\u2028🚀", `'é\u200b\xa0\x7f\u2028🚀'`},
		{[]Value{int64(1), "a", nil}, "[1, 'a', None]", "[1, 'a', None]"},
		{NewMap("k", "v", int64(1), []Value{true}), "{'k': 'v', 1: [True]}", "{'k': 'v', 1: [True]}"},
		{Date{2024, 1, 2}, "2024-01-02", "datetime.date(2024, 1, 2)"},
		{DateTime{time.Date(2024, 1, 2, 3, 4, 0, 0, time.UTC), true}, "2024-01-02 03:04:00", "datetime.datetime(2024, 1, 2, 3, 4)"},
		{DateTime{time.Date(2024, 1, 2, 3, 4, 5, 678000, time.UTC), false}, "2024-01-02 03:04:05.000678+00:00",
			"datetime.datetime(2024, 1, 2, 3, 4, 5, 678, tzinfo=datetime.timezone.utc)"},
		{DateTime{time.Date(2024, 1, 2, 3, 4, 5, 0, west), false}, "2024-01-02 03:04:05-05:30",
			"datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=66600)))"},
		{Bytes("a\x00\xff'\""), `b'a\x00\xff\'"'`, `b'a\x00\xff\'"'`},
	} {
		if got := Str(c.v); got != c.str {
			t.Errorf("str: got %s, want %s", got, c.str)
		}
		if got := Repr(c.v); got != c.repr {
			t.Errorf("repr: got %s, want %s", got, c.repr)
		}
	}
}

func TestMapIsPythonsDict(t *testing.T) {
	m := NewMap("b", int64(1), "a", int64(2), true, "yes")
	m.Set("b", int64(3))
	m.Set(int64(1), "one") // 1 == True
	if got := Repr(m); got != "{'b': 3, 'a': 2, True: 'one'}" {
		t.Errorf("got %s", got)
	}
	for i := range 100 {
		m.Set(int64(i+10), int64(i))
	}
	m.Delete("a")
	if v, ok := m.Get(59.0); !ok || v != int64(49) {
		t.Errorf("59.0 finds %v", v)
	}
	if _, ok := m.Get("a"); ok || m.Len() != 102 {
		t.Errorf("a deleted key is found, or %d keys", m.Len())
	}
	if (*Map)(nil).Len() != 0 {
		t.Error("no map has keys")
	}
}

func TestJSONRoundTrip(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, `-5`, `1.5`, `1180591620717411303424`, `"<a & b> é"`, `[1,[],{}]`, `{"z":1,"a":{"b":[null]}}`,
	} {
		v, err := FromJSON([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		back, err := JSON(v)
		if err != nil || string(back) != text {
			t.Errorf("%s came back as %s (%v)", text, back, err)
		}
	}
	for _, text := range []string{``, `{`, `[1,`, `1 2`, `{"a":}`} {
		if _, err := FromJSON([]byte(text)); err == nil {
			t.Errorf("%q must be refused", text)
		}
	}
	b, err := JSON(NewMap(nil, math.NaN(), true, Date{2024, 1, 2}, int64(3), Set{[]Value{"x"}}))
	if want := `{"null":null,"true":"2024-01-02","3":["x"]}`; err != nil || string(b) != want {
		t.Errorf("got %s (%v), want %s", b, err, want)
	}
	if _, err := JSON(struct{}{}); err == nil {
		t.Error("a value of no kind of ours must be refused")
	}
}

func TestEqualComparesContent(t *testing.T) {
	a, _ := FromJSON([]byte(`{"a": 1, "b": [1.0, {"c": null}]}`))
	b, _ := FromJSON([]byte(`{"b": [1, {"c": null}], "a": 1.0}`))
	if !Equal(a, b) || !Equal(a, Clone(a)) {
		t.Error("order of keys and 1 against 1.0 must not matter")
	}
	for _, pair := range [][2]Value{{int64(1), "1"}, {true, int64(1)}, {nil, ""}, {[]Value{}, nil}, {NewMap("a", nil), NewMap()}} {
		if Equal(pair[0], pair[1]) {
			t.Errorf("%s and %s are not equal", Repr(pair[0]), Repr(pair[1]))
		}
	}
}

func FuzzFromJSON(f *testing.F) {
	f.Add([]byte(`{"a": [1, 2.5, "x", null, true]}`))
	f.Add([]byte(`[[[[[[`))
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := FromJSON(text)
		if err != nil {
			return
		}
		out, err := JSON(v)
		if err != nil {
			t.Fatal(err)
		}
		again, err := FromJSON(out)
		if err != nil || !Equal(v, again) {
			t.Fatalf("%s became %s: %v", text, out, err)
		}
	})
}
