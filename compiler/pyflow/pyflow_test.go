package pyflow_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
)

func scan(text string) *pyflow.Module { return pyflow.Scan(source.New("f.py", []byte(text))) }

func TestLookupSaysWhatANameIs(t *testing.T) {
	const head = "from prefect import flow, task\nimport prefect\n"
	for _, c := range []struct {
		what, text, name string
		want             pyflow.Status
	}{
		{"a flow", "@flow\ndef f(): pass", "f", pyflow.IsFlow},
		{"a plain function", "def f(): pass", "f", pyflow.NotAFlow},
		{"a task", "@task\ndef f(): pass", "f", pyflow.NotAFlow},
		{"nothing of that name", "@flow\ndef f(): pass", "g", pyflow.NotFound},
		{"a name with a dash", "@flow(name='my-flow')\ndef my_flow(): pass", "my-flow", pyflow.NotFound},
		{"the last definition is no flow", "@flow\ndef f(): pass\ndef f(): pass", "f", pyflow.NotAFlow},
		{"re-exported", "from other import f", "f", pyflow.Unknown},
		{"perhaps star imported", "from other import *", "f", pyflow.Unknown},
		{"an unknown decorator", "from lib import my_flow\n@my_flow\ndef f(): pass", "f", pyflow.Unknown},
		{"flow from elsewhere", "from lib import flow\n@flow\ndef f(): pass", "f", pyflow.Unknown},
		{"an unknown decorator around a flow", "from lib import deco\n@deco\n@flow\ndef f(): pass", "f", pyflow.Unknown},
		{"a value", "f = 3", "f", pyflow.NotAFlow},
		{"a computed value", "f = make()", "f", pyflow.Unknown},
		{"only under the main guard", "if __name__ == '__main__':\n    @flow\n    def f(): pass", "f", pyflow.NotFound},
		{"in both branches", "if x:\n    @flow\n    def f(): pass\nelse:\n    def f(): pass", "f", pyflow.Unknown},
		{"in a try", "try:\n    @flow\n    def f(): pass\nexcept Exception:\n    f = None", "f", pyflow.IsFlow},
		{"made in globals()", "globals()['f'] = 1", "f", pyflow.Unknown},
		{"a missing method", "class C:\n    pass", "C.f", pyflow.NotFound},
		{"an inherited method", "class C(B):\n    pass", "C.f", pyflow.Unknown},
		{"a class", "class C: pass", "C", pyflow.NotAFlow},
		{"a broken file", "x = (\n", "f", pyflow.Unknown},
		{"behind an open bracket", "x = (\n@flow\ndef f(): pass", "f", pyflow.Unknown},
		{"with CRLF and tabs", "\r\n@flow\r\ndef f(\r\n\tx,\r\n):\r\n\tpass\r\n", "f", pyflow.IsFlow},
		{"Python 2 around it", "print 'a'\nexec 'x'\nx = 0777L\n@flow\ndef f(): pass", "f", pyflow.IsFlow},
		{"f-strings around it", "x = f\"{f'{\"}\"}' + \"{\"}\"\n@flow\ndef f(): pass", "f", pyflow.IsFlow},
		{"star import behind it", "from lib import *\n@flow\ndef f(): pass", "f", pyflow.IsFlow},
		{"flow rebound before", "flow = 1\n@flow\ndef f(): pass", "f", pyflow.Unknown},
		{"flow rebound after", "@flow\ndef f(): pass\nflow = 1", "f", pyflow.IsFlow},
	} {
		if _, got := scan(head + c.text + "\n").Lookup(c.name); got != c.want {
			t.Errorf("%s: got status %d, want %d", c.what, got, c.want)
		}
	}
}

func TestNamesListsFlowsFirst(t *testing.T) {
	m := scan("from prefect import flow\ndef helper(): pass\n@flow\ndef a(): pass\nclass C:\n    @flow\n    def m(self): pass\n")
	if got, want := m.Names(), []string{"a", "C.m", "helper"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFlowCalledWhileImporting(t *testing.T) {
	m := scan(`from prefect import flow
import asyncio
@flow
def f(): pass
f()
x = asyncio.run(f(1))
f.serve(name="x")
later = lambda: f()
def g(): f()
len([])
if __name__ == "__main__":
    f()
`)
	var got []string
	for _, c := range m.Calls {
		got = append(got, fmt.Sprint(m.File.Position(c.Span.Start).Line, c.Name, c.Method))
	}
	if want := []string{"5f", "6f", "7fserve"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSpansPointAtTheSource(t *testing.T) {
	m := scan("# é\nfrom prefect import flow\n@flow(\n  name='n')\nasync def f(a: int = 3, *, b: 'str'): pass\n")
	fl, _ := m.Lookup("f")
	for what, span := range map[string]source.Span{
		"f": fl.Function.Name.Span, "int": fl.Params[0].Annotation.Span, "3": fl.Params[0].Default.Span, "'str'": fl.Params[1].Annotation.Span,
		"'n'": fl.Name.Span, "flow(\n  name='n')": fl.Decorator, "async def f(a: int = 3, *, b: 'str'):": fl.Function.Header,
	} {
		if got := m.File.Slice(span); got != what {
			t.Errorf("got %q, want %q", got, what)
		}
	}
	if !fl.Async || fl.Params[1].Kind != pyflow.KeywordOnly {
		t.Errorf("async %v, kind %v", fl.Async, fl.Params[1].Kind)
	}
}

func TestArgumentsAreJudgedByTheirAnnotation(t *testing.T) {
	m := scan(`from prefect import flow
from enum import Enum
from typing import Optional, List, Literal, Dict, Tuple, Set, Union
from pydantic import BaseModel
from lib import Thing
class Colour(Enum):
    RED = "red"
    BLUE = "blue"
class Model(BaseModel):
    n: int
    tags: List[str] = []
@flow
def f(i: int, x: float, s: str, b: bool, o: Optional[int], u: Union[int, str], l: Literal["a", "b"], c: Colour,
      li: List[int], d: Dict[str, int], t: Tuple[int, str], se: Set[int], m: Model, any, th: Thing, dflt: int = 1): pass
`)
	fl, _ := m.Lookup("f")
	list := func(v ...value.Value) []value.Value { return v }
	for _, c := range []struct {
		name    string
		arg     value.Value
		problem string
		decided bool
	}{
		{"i", int64(42), "", true},
		{"i", 42.0, "", true},
		{"i", "42,", `expected a whole number, got text "42,"`, true},
		{"i", true, "expected a whole number, got true", true},
		{"i", 1.5, "expected a whole number, got number 1.5", true},
		{"i", nil, "expected a whole number, got null", true},
		{"i", "{{ $N }}", "", false},
		{"x", int64(1), "", true},
		{"x", "1", `expected a number, got text "1"`, true},
		{"s", int64(1), "expected text, got whole number 1", true},
		{"s", value.Date{Year: 2024, Month: 1, Day: 2}, "", true},
		{"b", "yes", `expected true or false, got text "yes"`, true},
		{"o", nil, "", true},
		{"o", "x", `expected a whole number or null, got text "x"`, true},
		{"u", "x", "", true},
		{"u", 1.5, "expected a whole number or text, got number 1.5", true},
		{"l", "c", `expected one of "a", "b", got text "c"`, true},
		{"c", "blue", "", true},
		{"c", "BLUE", `expected one of "red", "blue", got text "BLUE"`, true},
		{"li", list(int64(1), "x"), `[1]: expected a whole number, got text "x"`, true},
		{"li", "1,2", `expected a list, got text "1,2"`, true},
		{"d", value.NewMap("k", "v"), `k: expected a whole number, got text "v"`, true},
		{"t", list(int64(1)), "expected a list of 2 items, got 1", true},
		{"se", list(int64(1), int64(1)), "expected different items, got 1 twice", true},
		{"m", value.NewMap("n", "x"), `n: expected a whole number, got text "x"`, true},
		{"m", value.NewMap("tags", list("a")), "", true},
		{"any", "x", "", false},
		{"th", "x", "", false},
		{"dflt", nil, "expected a whole number, got null", true},
		{"missing", 1, "", false},
	} {
		problem, decided := fl.CheckArgument(c.name, c.arg)
		if decided != c.decided || decided && problem != c.problem {
			t.Errorf("%s = %v: got %q, %v, want %q, %v", c.name, c.arg, problem, decided, c.problem, c.decided)
		}
	}
}

func TestAnyBytesAreReadToTheEnd(t *testing.T) {
	for what, text := range map[string]string{
		"nothing":             "",
		"open brackets":       strings.Repeat("(", 200000),
		"open f-strings":      strings.Repeat(`f"{`, 50000),
		"unclosed strings":    strings.Repeat("'a\n", 50000),
		"nested lists":        "x = " + strings.Repeat("[", 100000) + strings.Repeat("]", 100000),
		"nested annotation":   "from prefect import flow\n@flow\ndef f(x: " + strings.Repeat("list[", 5000) + "int" + strings.Repeat("]", 5000) + "): pass",
		"many unary signs":    "from prefect import flow\n@flow\ndef f(x = " + strings.Repeat("-", 100000) + "1): pass",
		"deep indentation":    deepIndent(3000),
		"aliases in a circle": "from prefect import flow\na = b\nb = a\na = b\n@a\ndef f(x: b): pass",
		"wrong bracket":       "@f(a]\ndef f(x: int = g(1}): pass\n",
		"alias of itself":     "f = f\n",
		"zeros and 0xff":      "\x00\xff\xfe\n@\ndef \xff(\x00",
	} {
		m := scan(text)
		for _, name := range append(m.Names(), "f") {
			if fl, _ := m.Lookup(name); fl != nil {
				fl.ParameterSchema(3)
			}
		}
		if len(m.Functions) > 0 && m.Functions[0].Header.End > len(text) {
			t.Errorf("%s: span outside the text", what)
		}
	}
}

func deepIndent(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "class A:\n")
	}
	return b.String()
}

func FuzzScan(f *testing.F) {
	files, err := filepath.Glob("testdata/*.py")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, s := range []string{"def f(a, (b, c), *, /, **):", "f\"{x!r:{y}}\"", "@flow\n@(\ndef", "class A(B, metaclass=C):\n\tx: int = 1", "from . import (a as b,", "x = y = lambda: 1", "if x: def f(): pass", "@f(a]\ndef f(x=g(1}): pass"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m := pyflow.Scan(source.New("f.py", text))
		for _, fn := range m.Functions {
			if fn.Header.Start < 0 || fn.Header.End > len(text) || fn.Header.Start > fn.Header.End {
				t.Fatalf("span %v outside the text", fn.Header)
			}
		}
		for _, name := range m.Names() {
			fl, status := m.Lookup(name)
			if status == pyflow.IsFlow && fl == nil {
				t.Fatal("a flow without a flow")
			}
			if fl == nil {
				continue
			}
			for _, gen := range []int{2, 3} {
				if schema, exact, why := fl.ParameterSchema(gen); exact == (why != "") || exact != (schema != nil) {
					t.Fatalf("exact %v but why %q", exact, why)
				}
			}
			for _, p := range fl.Params {
				fl.CheckArgument(p.Name.Text, "x")
			}
		}
	})
}

func BenchmarkScan(b *testing.B) {
	var text []byte
	for _, name := range []string{"plain", "classes", "docstrings", "imports", "shapes"} {
		part, err := os.ReadFile("testdata/" + name + ".py")
		if err != nil {
			b.Fatal(err)
		}
		text = append(text, part...)
	}
	f := source.New("f.py", text)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		pyflow.Scan(f)
	}
}

func BenchmarkParameterSchema(b *testing.B) {
	m := scanFile(b, "testdata/classes.py")
	fl, _ := m.Lookup("models")
	b.ReportAllocs()
	for b.Loop() {
		fl.ParameterSchema(3)
	}
}
