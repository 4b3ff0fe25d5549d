package yamldoc

import (
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
)

// Any bytes: no panic, no hang, spans that hold, walkers that end.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"", "\n", "a: 1\n", "a: {{ x }}\n", "a: [{{ x }}-y, *]\n", "a: &a [*a]\n", "<<: *a\n", "a: &a {x: 1}\nb:\n  <<: [*a, *a]\n",
		"- |2-\n   x\n  y\n", "a: \"\\/\\x41\"\n", "\tb: 1\n", "\xFF\xFEa\x00", "a: 'b\n", "--- !!set {a, b}\n...\n---\n", "%YAML 1.2\n---\n? a\n: b\n",
		"<<<<<<< a\nx: 1\n=======\nx: 2\n>>>>>>> b\n", "\"\"\"\ndoc\n\"\"\"\na: 1\n", "a:\n - b\n- c\n", "{a:[1], b:{c}}", "a: >\n \t\u2028\n",
		"a: 2024-13-01\nb: 0b_\nc: !!binary =\n", "[[[[[[[[{{{{{{", "- - - - - -\n -", "a: b: c\n", "a\n  b: 1\n", "\uFEFFa: \uFEFF\n",
		"!<tag:yaml.org,2002:omap> [a: 1]\n", "a: *b\nc: &b 1\n", "x: !\n  k: v\n", "k: @a\nl: `b`\nm: %c\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file := source.New("x", text)
		d := Read(file)
		checkSpans(t, "fuzz", d)
		if d.Root != nil {
			d.Root.Python() //nolint:errcheck // only that it ends
		}
		for off := 0; off <= len(text); off += 1 + len(text)/50 {
			d.NodeAt(off)
		}
		for i, k := range Outline(file) {
			if k.Parent >= i || k.Span.End > k.ValueStart || k.ValueStart > len(text) {
				t.Errorf("outline entry %d: %+v", i, k)
			}
		}
	})
}
