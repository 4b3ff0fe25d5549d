package lsp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
)

// describe writes a cursor on one line: kind, path, and what is being written.
func describe(c cursor) string {
	var b strings.Builder
	for _, s := range c.path {
		if s.isItem() {
			fmt.Fprintf(&b, "[%d]", s.index)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s.key)
	}
	kind := [...]string{"nowhere", "key", "value", "item"}[c.kind]
	out := fmt.Sprintf("%s %s %q", kind, b.String(), c.prefix)
	if c.braces >= 0 {
		out += " in braces"
	}
	if c.quote != 0 && c.quote != '|' {
		out += " quoted"
	}
	if c.flow {
		out += " flow"
	}
	if c.open != "" {
		out += " open " + c.open
	}
	if c.kind == atKey && len(c.siblings) > 0 {
		out += " beside " + strings.Join(c.siblings, ",")
	}
	return out
}

func TestCursor(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"|", `key  ""`},
		{"na|", `key  "na"`},
		{"name: x\n|", `key  "" beside name`},
		{"name: |", `value name ""`},
		{"name: ab|c", `value name "ab"`},
		{"name:|", `nowhere  ""`},
		{"name: x # |", `nowhere  ""`},
		{"# |", `nowhere  ""`},
		{"deployments:\n  - |", `key deployments[0] ""`},
		{"deployments:\n  -|", `nowhere  ""`},
		{"deployments:\n- name: a\n  |", `key deployments[0] "" beside name`},
		{"deployments:\n- name: a\n- na|\n", `key deployments[1] "na"`},
		{"deployments:\n  - name: a\n    work_pool:\n      |", `key deployments[0].work_pool ""`},
		{"deployments:\n  - name: a\n    work_pool:\n      name: x\n    |\n    tags: []", `key deployments[0] "" beside name,work_pool,tags`},
		{"deployments:\n  - name: a\n    work_pool:\n      name: x\n      |", `key deployments[0].work_pool "" beside name`},
		{"deployments:\n  - name: a\n   |", `nowhere deployments[0] ""`},
		{"deployments:\n  - name: a\n      |", `nowhere deployments[0].name ""`},
		{"deployments:\n  - name: a\n  |", `item deployments ""`},
		{"deployments:\n  - name: a\n|", `key  "" beside deployments`},
		{"deployments:\n  |", `key deployments ""`},
		{"build:\n  - prefect.x.y:\n      |", `key build[0].prefect.x.y ""`},
		{"build:\n  - prefect.x.y:\n      id: a\n      scr|: b\n", `key build[0].prefect.x.y "scr" beside id`},
		{"a:\n  s: |\n    text\n    ^", `nowhere a.s ""`},
		{"a:\n  s: >-\n    {{ x^ }}\n", `nowhere a.s "x" in braces`},
		{"a: '{{ |'", `value a "" in braces quoted`},
		{"a: {{ b.c|", `value a "b.c" in braces`},
		{"a: {{ b }} |", `nowhere a ""`},
		{"a: \"x{{ $HO|\"", `value a "$HO" in braces quoted`},
		{"a: *na|", `value a "*na"`},
		{"a: &na|", `nowhere a ""`},
		{"<<: *|", `value << "*"`},
		{"tags: [a, b|]", `value tags[1] "b" flow`},
		{"tags: [a, b|", `value tags[1] "b" flow open ]`},
		{"tags: [a, b] |", `nowhere tags ""`},
		{"p: {|}", `key p "" flow`},
		{"p: {na|, x: 1}", `key p "na" flow beside x`},
		{"p: {a: 1, na|: {z: 2}, x: [1], 'y z'}", `key p "na" flow beside a,x,y z`},
		{"p: {a: {b: 1}, c: [d, {e: 0 9|}], f: g}", `value p.c[1].e "0 9" flow`},
		{"p: {a: {b: 1} |}", `nowhere p "" flow`},
		{"p: {a: {b: 1}, |", `key p "" flow open } beside a`},
		{"p: {a: \"x|", `value p.a "x" quoted flow open }`},
		{"p: {a: \"{{ x|", `value p "x" in braces quoted flow open }`},
		{"p: {a: \"{{ x| }}\"}", `value p "x" in braces quoted flow`},
		{"p: [{a: |, b: c", `nowhere p[0].a "" flow open }]`},
		{"- {na|", `key [0] "na" flow open }`},
		{"a:\n  b: c\n  {d|}", `nowhere a "d" flow`},
		{"timezone: \"Europe/|\"", `value timezone "Europe/" quoted`},
		{"- a\n- b: |", `value [1].b ""`},
		{"'quoted key': |", `value quoted key ""`},
		{"a: [1,\n  2|]\nb: c", `nowhere  ""`},
		{"a: b: |", `value a "b: "`},
		{"\tx|", `nowhere  ""`},
		{"a: \"unfinished\nb|", `nowhere  ""`},
	} {
		mark := "|"
		if strings.Contains(c.text, "^") {
			mark = "^"
		}
		off := strings.Index(c.text, mark)
		text := c.text[:off] + c.text[off+1:]
		if got := describe(locate(source.New("x", []byte(text)), off)); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// FuzzCursor: any bytes, any offset, and whatever is to be replaced lies on the cursor's line and around the cursor.
func FuzzCursor(f *testing.F) {
	f.Add([]byte("deployments:\n  - name: x\n    work_pool: {{ a\n"), 30)
	f.Add([]byte("a: [\n{\n\"x: - - -\n  |\n"), 9)
	f.Add([]byte("- - -\n  - a: &x !t {{"), 20)
	f.Fuzz(func(t *testing.T, text []byte, off int) {
		if off < 0 || off > len(text) {
			return
		}
		file := source.New("x", text)
		c := locate(file, off)
		if c.kind == nowhere && c.braces < 0 {
			return
		}
		line := file.LineSpan(file.LineOf(off))
		if !line.Covers(c.word) || c.word.Start > off || c.word.End < off && off <= line.End {
			t.Errorf("%q at %d: word %v on line %v", text, off, c.word, line)
		}
	})
}
