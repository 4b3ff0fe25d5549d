package template

import (
	"testing"

	"github.com/prefectc/prefectc/compiler/value"
)

// context is the data of the measured table, semantics §3.5.
func context() *value.Map {
	a := value.NewMap("b", []value.Value{int64(10), value.NewMap("c", "x")})
	step := value.NewMap("a", a, "stdout", "out", "n", int64(5), "f", 1.5, "t", true, "none", nil,
		"l", []value.Value{int64(1), int64(2)}, "d", value.NewMap("k", "v"), "e", "")
	return value.NewMap("step", step, "image", "repo:tag", "get-hash", value.NewMap("stdout", "abc"), "dotted.key", "dk")
}

func env(name string) (string, bool) {
	v, ok := map[string]string{"EV": "envval", "EMPTY": ""}[name]
	return v, ok
}

// The table of semantics §3.5, both modes; "∅" stands for not set.
func TestApplyAsMeasured(t *testing.T) {
	for _, c := range []struct{ in, drop, keep string }{
		{"{{ image }}", "'repo:tag'", ""},
		{"{{image}}", "'repo:tag'", ""},
		{"{{  image\t}}", "'repo:tag'", ""},
		{"{{\nimage\n}}", "'repo:tag'", ""},
		{" {{ image }}", "' repo:tag'", ""},
		{"{{{ image }}}", "'{repo:tag}'", ""},
		{"{{ image }}}", "'repo:tag}'", ""},
		{"{{{{ image }}}}", "'{{repo:tag}}'", ""},
		{"{{ image }", "'{{ image }'", ""},
		{"{{ }}", "'{{ }}'", ""},
		{"{{ image | upper }}", "'{{ image | upper }}'", ""},
		{"{{ step['stdout'] }}", `"{{ step['stdout'] }}"`, ""},
		{"{{ step.stdout }}", "'out'", ""},
		{"{{ step.a.b[0] }}", "10", ""},
		{"{{ step.a.b.0 }}", "10", ""},
		{"{{ step.a.b[1].c }}", "'x'", ""},
		{"{{ step.a.b[-1] }}", "{'c': 'x'}", ""},
		{"{{ step.a.b[9] }}", "∅", "∅"},
		{"n={{ step.n }}", "'n=5'", ""},
		{"{{ step.t }}", "True", ""},
		{"t={{ step.t }}", "'t=True'", ""},
		{"{{ step.none }}", "None", ""},
		{"v={{ step.none }}", "'v=None'", ""},
		{"l={{ step.l }}", "'l=[1, 2]'", ""},
		{"d={{ step.d }}", `"d={'k': 'v'}"`, ""},
		{"{{ step.e }}", "''", ""},
		{"{{ step.stdout[1] }}", "'u'", ""},
		{"{{ step.stdout.x }}", "∅", "∅"},
		{"a{{ missing }}b", "'ab'", "'a{{ missing }}b'"},
		{"{{ image }}-{{ missing }}", "'repo:tag-'", "'repo:tag-{{ missing }}'"},
		{"{{ image }}{{ image }}", "'repo:tagrepo:tag'", ""},
		{"{{ get-hash.stdout }}", "'abc'", ""},
		{"{{ get_hash.stdout }}", "∅", "∅"},
		{"{{ step..a }}", "∅", "∅"},
		{"{{ [9] }}", "∅", "∅"},
		{"{{ dotted.key }}", "∅", "∅"},
		{"{{ $EV }}", "'envval'", ""},
		{"pre-{{ $EV }}", "'pre-envval'", ""},
		{"{{ $$EV }}", "'envval'", ""},
		{"{{ $MISSING }}", "''", "'{{ $MISSING }}'"},
		{"a{{ $MISSING }}b", "'ab'", "'a{{ $MISSING }}b'"},
		{"{{ $EMPTY }}", "''", ""},
		{"{{ $ EV }}", "'{{ $ EV }}'", ""},
		{`\{{ image }}`, `'\\repo:tag'`, ""},
		{"{{ prefect.variables.v }}", "'{{ prefect.variables.v }}'", ""},
		{"{{ prefect.blocks.secret.t }}", "'{{ prefect.blocks.secret.t }}'", ""},
		{"{{ prefect.flow_run.id }}", "∅", "∅"},
		{"{{ größe }}", "∅", "∅"},
	} {
		for _, keep := range []bool{false, true} {
			want := c.drop
			if keep && c.keep != "" {
				want = c.keep
			}
			v, set, err := Pass{Values: context(), Env: env, Keep: keep}.Apply(c.in)
			if err != nil {
				t.Fatalf("%q: %v", c.in, err)
			}
			got := "∅"
			if set {
				got = value.Repr(v)
			}
			if got != want {
				t.Errorf("%q keep=%v: got %s, want %s", c.in, keep, got, want)
			}
		}
	}
}

func TestContainersDropAndKeep(t *testing.T) {
	in := []value.Value{"{{ a }}", "x{{ a }}"}
	for _, c := range []struct {
		pass Pass
		want string
	}{
		{Pass{}, "['x']"},
		{Pass{Keep: true}, "['x{{ a }}']"},
		{Pass{Keep: true, KeepItems: true}, "['{{ a }}', 'x{{ a }}']"},
	} {
		v, _, err := c.pass.Apply(in)
		if err != nil || value.Repr(v) != c.want {
			t.Errorf("%+v: got %s, %v, want %s", c.pass, value.Repr(v), err, c.want)
		}
	}
	m := value.NewMap("{{ image }}", "{{ gone }}", "k", "{{ image }}")
	v, _, _ := Pass{Values: context()}.Apply(m)
	if got := value.Repr(v); got != "{'k': 'repo:tag'}" {
		t.Errorf("mapping: %s", got)
	}
	if _, _, err := (Pass{}).Apply(value.Date{Year: 2024, Month: 1, Day: 1}); err == nil {
		t.Error("a date must be refused")
	}
}

func TestFindPlaces(t *testing.T) {
	s := "a {{ x.y }} {{{ $Z }}} {{ prefect.blocks.secret.t }}"
	var got []string
	for _, p := range Find(s) {
		got = append(got, s[p.Start:p.End]+"|"+s[p.NameStart:p.NameEnd()])
	}
	want := []string{"{{ x.y }}|x.y", "{{ $Z }}|$Z", "{{ prefect.blocks.secret.t }}|prefect.blocks.secret.t"}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: got %q, want %q", i, got[i], want[i])
		}
	}
}

type blockTable map[string]*value.Map

func (b blockTable) BlockByName(slug, name string) (*value.Map, error) { return b[slug+"/"+name], nil }
func (b blockTable) BlockByID(id string) (*value.Map, error)           { return b[id], nil }

func TestBlocksByGeneration(t *testing.T) {
	blocks := blockTable{
		"secret/t":  value.NewMap("value", "hush"),
		"box/b":     value.NewMap("value", value.NewMap("values", int64(7), "value", "inner")),
		"config/c":  value.NewMap("host", "svc", "port", int64(80)),
		"some-uuid": value.NewMap("host", "by id"),
	}
	for _, c := range []struct {
		in         value.Value
		two, three string
	}{
		{"{{ prefect.blocks.secret.t }}", "'hush'", "'hush'"},
		{"{{ prefect.blocks.config.c }}", "{'host': 'svc', 'port': 80}", "{'host': 'svc', 'port': 80}"},
		{"{{ prefect.blocks.config.c.port }}", "80", "80"},
		{"p={{ prefect.blocks.config.c.port }}", "error", "'p=80'"},
		{"p={{ prefect.blocks.config.c }}", "error", "error"},
		{"{{ prefect.blocks.box.b.values }}", "error", "7"},
		{"{{ prefect.blocks.box.b.value.value }}", "'inner'", "'inner'"},
		{"{{ prefect.blocks.secret }}", "error", "error"},
		{value.NewMap("$ref", value.NewMap("block_document_id", "some-uuid")), "{'host': 'by id'}", "{'host': 'by id'}"},
		{value.NewMap("$ref", "#/definitions/X"), "error", "error"},
	} {
		for gen, want := range map[int]string{2: c.two, 3: c.three} {
			v, err := Blocks(c.in, gen, blocks)
			got := value.Repr(v)
			if err != nil {
				got = "error"
			}
			if got != want {
				t.Errorf("%s in %d: got %s (%v), want %s", value.Repr(c.in), gen, got, err, want)
			}
		}
	}
}

func TestVariables(t *testing.T) {
	read := func(name string) (value.Value, bool, error) {
		v, ok := map[string]value.Value{"n": int64(42), "cfg.key": "dotted"}[name]
		return v, ok, nil
	}
	in := []value.Value{"{{ prefect.variables.n }}", "x{{ prefect.variables.n }}", "{{ prefect.variables.gone }}",
		"{{ prefect.variables.cfg.key }}", "{{ other }}"}
	v, err := Variables(in, read)
	if want := "[42, 'x42', '', 'dotted', '{{ other }}']"; err != nil || value.Repr(v) != want {
		t.Errorf("got %s, %v, want %s", value.Repr(v), err, want)
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"", "{{ a }}", "{{{{ a.b[0] }}}}", "{{", "{{\x1f$X}}", "{{ \xff }}", "{{ é }}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, p := range Find(s) {
			if p.Start < last || p.End > len(s) || s[p.NameStart:p.NameEnd()] != p.Name || p.Name == "" {
				t.Fatalf("bad placeholder %+v in %q", p, s)
			}
			last = p.End
		}
		if Has(s) != (len(Find(s)) > 0) {
			t.Fatal("Has and Find disagree")
		}
		if Replace(s, func(Placeholder) (string, bool) { return "", false }) != s {
			t.Fatal("Replace changed the text")
		}
	})
}
