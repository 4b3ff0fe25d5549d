package yamldoc

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
)

type recorded struct {
	Title string
	Text  string
	Hex   bool
	Value any
	Error string
}

// PyYAML is the judge: testdata/record.py wrote down what its safe loader returns, or that it refuses.
func TestAgainstPyYAML(t *testing.T) {
	text, err := os.ReadFile("testdata/pyyaml.json")
	if err != nil {
		t.Fatal(err)
	}
	var record struct{ Cases []recorded }
	if err := json.Unmarshal(text, &record); err != nil {
		t.Fatal(err)
	}
	for _, c := range record.Cases {
		t.Run(c.Title, func(t *testing.T) { compare(t, c) })
	}
}

func compare(t *testing.T, c recorded) {
	raw := []byte(c.Text)
	if c.Hex {
		raw, _ = hex.DecodeString(c.Text)
	}
	d := Read(source.New("x.yaml", raw))
	checkSpans(t, c.Title, d)
	fatal := firstFatal(d)
	if c.Error != "" {
		if fatal == nil {
			t.Errorf("%q is accepted, PyYAML raises %s", raw, c.Error)
		}
		return
	}
	if fatal != nil {
		t.Fatalf("%q is refused: %s; PyYAML loads it", raw, fatal.Message)
	}
	v, err := d.Root.Python()
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(typed(v))
	var plain any
	if err := json.Unmarshal(got, &plain); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(plain, c.Value) {
		want, _ := json.Marshal(c.Value)
		t.Errorf("%q\n got %s\nwant %s", raw, got, want)
	}
}

// typed is the form record.py writes values in.
func typed(v value.Value) []any {
	switch v := v.(type) {
	case nil:
		return []any{"null"}
	case bool:
		return []any{"bool", v}
	case int64:
		return []any{"int", fmt.Sprint(v)}
	case *big.Int:
		return []any{"int", v.String()}
	case float64:
		return []any{"float", value.FormatFloat(v)}
	case string:
		return []any{"str", v}
	case value.Date:
		return []any{"date", value.Str(v)}
	case value.DateTime:
		return []any{"datetime", v.ISO()}
	case value.Bytes:
		return []any{"bytes", hex.EncodeToString(v)}
	case value.Set:
		out := typedList("set", v.Items)
		sort.Slice(out[1:], func(i, j int) bool { return plainJSON(out[i+1]) < plainJSON(out[j+1]) })
		return out
	case []value.Value:
		return typedList("list", v)
	case *value.Map:
		out := []any{"map"}
		for _, p := range v.Pairs {
			out = append(out, []any{typed(p.Key), typed(p.Value)})
		}
		return out
	}
	panic(fmt.Sprintf("value of type %T", v))
}

func plainJSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return b.String()
}

func typedList(kind string, items []value.Value) []any {
	out := []any{kind}
	for _, e := range items {
		out = append(out, typed(e))
	}
	return out
}
