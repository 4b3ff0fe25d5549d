package yamldoc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
)

// What a user sees for the usual mistakes: kind, exact place, and the keys of the file that are still there.
func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		text string
		want string // kind "marked text" of every problem
		keys string // top-level keys that remain
	}{
		{"a: {{ x }}\nb: 1\n", `unquoted-template "{{ x }}"`, "a b"},
		{"a: {{ x }}-y # c\nb: 1\n", `unquoted-template "{{ x }}-y"`, "a b"},
		{"a: [{{ x }}]\nb: 1\n", `unquoted-template "{{ x }}"`, "a b"},
		{"a: [q, {{ x }}-y]\nb: 1\n", `unquoted-template "{{ x }}-y"`, "a b"},
		{"a:\n  - {{ x }}/{{ y }}\nb: 1\n", `unquoted-template "{{ x }}/{{ y }}"`, "a b"},
		{"a: */5 * * * *\nb: 1\n", `unquoted-star "*/5 * * * *"`, "a b"},
		{"a: * * * * *\nb: *.csv\n", `unquoted-star "* * * * *"; unquoted-star "*.csv"`, "a b"},
		{"a: [*.csv, x]\nb: 1\n", `unquoted-star "*.csv"`, "a b"},
		{"a: @daily\nb: `x`\nc: %d\n", "unquoted-star \"@daily\"; unquoted-star \"`x`\"; unquoted-star \"%d\"", "a b c"},
		{"a: *x\nb: 1\n", `unknown-alias "*x"`, "a b"},
		{"a: [*x, *y]\nb: &x 1\n", `unknown-alias "*x"; unknown-alias "*y"`, "a b"},
		{"a: 1\nb: x: y\nc: 2\n", `yaml-syntax "x: y"`, "a b c"},
		{"a: 1\nb\nc: 2\n", `yaml-syntax "b"`, "a c"},
		{"a:\n  b: 1\n\tc: 2\nd: 3\n", `tab-indentation "	"`, "a d"},
		{"a:\n\tb: 1\n\tc: 2\nd: 3\n", `tab-indentation "	"; tab-indentation "	"`, "a d"},
		{"a:\tb\nc: 1\n", `tab-indentation "	"`, "a c"},
		{"a: \"x\nb: 1\n", `yaml-syntax "\"x"`, "a b"},
		{"a: [1, 2\nb: 1\n", `yaml-syntax "[1, 2"`, "a b"},
		{"a: \"\\d\"\nb: 1\n", `yaml-syntax "\\d"`, "a b"},
		{"a: 1\na: 2\n", `duplicate-key "a"`, "a"},
		{"a: &x 1\nb: &x 2\n", `duplicate-anchor "x"`, "a b"},
		{"a: 1\n---\nb: 1\n", `multiple-documents "---"`, "a"},
		{"a: !env X\nb: !!foo {c: 1}\n", `unknown-tag "!env"; unknown-tag "!!foo"`, "a b"},
		{"a: 2024-13-01\nb: =\n", `invalid-scalar "2024-13-01"; invalid-scalar "="`, "a b"},
		{"[a]: 1\nb: 1\n", `unhashable-key "[a]"`, "b"},
		{"a:\n  <<: 5\nb: 1\n", `invalid-merge "5"`, "a b"},
		{"a: &x [*x]\nb: 1\n", `recursive-alias "*x"`, "a b"},
		{"a: x\x00\nb: \x7f\n", `invalid-encoding "\x00"; invalid-encoding "\x7f"`, "a b"},
		{"\xff\xfea\x00:\x00", `invalid-encoding "\xff\xfe"`, ""},
		{"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\nc: 3\n", `merge-conflict "<<<<<<< HEAD"`, "a b c"},
	} {
		f := source.New("prefect.yaml", []byte(c.text))
		d := Read(f)
		var got []string
		for _, p := range d.Problems {
			got = append(got, fmt.Sprintf("%s %q", p.Kind, f.Slice(p.Span)))
		}
		var keys []string
		for _, e := range d.Root.Entries() {
			keys = append(keys, e.Key.KeyText())
		}
		if s := strings.Join(got, "; "); strings.ReplaceAll(s, `\t`, "\t") != c.want {
			t.Errorf("%q\n got %s\nwant %s\n%v", c.text, s, c.want, d.Problems)
		}
		if s := strings.Join(keys, " "); s != c.keys {
			t.Errorf("%q keeps the keys %q, want %q", c.text, s, c.keys)
		}
	}
}

// A value that could not be read is not null: later checks must not speak of a missing value.
func TestDroppedValueIsInvalid(t *testing.T) {
	d := Read(source.New("x", []byte("a: x: y\nb:\nc: [1, 2\nd: 1\n")))
	for key, want := range map[string]Kind{"a": Invalid, "b": Null, "c": Invalid, "d": Int} {
		if e, ok := d.Root.Get(key); !ok || e.Value.Kind != want {
			t.Errorf("%s: kind %v, want %v", key, e.Value, want)
		}
	}
}

// Merge keys: order and winner are PyYAML's, and each value knows through which alias it came.
func TestEntriesKnowTheirAlias(t *testing.T) {
	text := "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  z: 9\n  <<: [*a, *b]\n"
	d := Read(source.New("x", []byte(text)))
	c, _ := d.Root.Get("c")
	var got []string
	for _, e := range c.Value.Entries() {
		via := "-"
		if e.Via != nil {
			via = e.Via.Text
		}
		got = append(got, e.Key.Text+"="+e.Value.Text+"/"+via)
	}
	if s := strings.Join(got, " "); s != "y=2/a z=9/- x=1/a" || len(d.Problems) > 0 {
		t.Errorf("entries %s, problems %v", s, d.Problems)
	}
}

// Bombs end in a finding, quickly.
func TestBounds(t *testing.T) {
	laughs := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	merges := "a0: &a0 {k0: 1}\n"
	chain := "a0: &a0 [x]\n"
	for i := 1; i < 12; i++ {
		laughs += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
		merges += fmt.Sprintf("a%d: &a%d {<<: [%s]}\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}
	for i := 1; i < 1000; i++ {
		chain += fmt.Sprintf("a%d: &a%d [*a%d]\n", i, i, i-1)
	}
	for name, text := range map[string]string{
		"alias bomb": laughs, "merge bomb": merges, "alias chain": chain,
		"brackets": strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "open brackets": strings.Repeat("[", 100_000),
		"dashes": strings.Repeat("- ", 2000), "values": "a: [" + strings.Repeat("1,", MaxNodes) + "]\n",
		"merged keys": "a: &a {" + manyKeys(3000) + "}\nb:\n" + strings.Repeat("- <<: *a\n", 3000), "size": strings.Repeat("#", MaxSize+1),
	} {
		d := Read(source.New("x", []byte(text)))
		p := firstFatal(d)
		if p == nil || p.Kind != TooLarge {
			t.Errorf("%s: %v, want too-large", name, d.Problems)
		}
		if d.Root != nil {
			d.Root.Python() //nolint:errcheck // only that it ends
		}
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: 1, ", i)
	}
	return b.String()
}

// Of a million mistakes of one kind a thousand are listed, and it is said that there are more.
func TestManyProblems(t *testing.T) {
	d := Read(source.New("x", []byte("a:\n"+strings.Repeat("  k: 1\n", 5000))))
	last := d.Problems[len(d.Problems)-1]
	if len(d.Problems) != maxProblems+1 || !strings.Contains(last.Message, "and 3999 more") {
		t.Errorf("%d problems, the last %q", len(d.Problems), last.Message)
	}
}

func TestOutlineOfBrokenText(t *testing.T) {
	text := "pull:\n- step:\n    id: x\ndeployments:\n  - name: \"a\n    tags: [a,\n    work_pool:\n      name: p\n      |\n  - na"
	var got []string
	keys := Outline(source.New("x", []byte(text)))
	for _, k := range keys {
		name := k.Text
		if k.Item {
			name = "-"
		}
		parent := ""
		if k.Parent >= 0 {
			if parent = keys[k.Parent].Text; keys[k.Parent].Item {
				parent = "-"
			}
		}
		got = append(got, parent+">"+name)
	}
	want := ">pull pull>- ->step step>id >deployments deployments>- ->name ->tags ->work_pool work_pool>name deployments>-"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("outline\n got %s\nwant %s", s, want)
	}
}
