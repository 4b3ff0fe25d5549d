package render_test

import (
	"bytes"
	"testing"

	"github.com/prefectc/prefectc/internal/golden"
	"github.com/prefectc/prefectc/internal/render"
)

const pageText = "# a-rule\n\nWhy `it` matters, in a paragraph that is longer than the\nterminal is wide, and with an `unclosed code\n\n" +
	"- one item that is also longer than the terminal is wide, to be wrapped\n  and goes on\n- another\n\n" +
	"```python flows/etl.py\ndef etl(): ...\n```\n\n```yaml bad prefect=2\nname: \x1b[31m夜間\n```\n\n```yaml good\nname: ok\n```\n\n## How to fix\n\nDo it.\n\n```\nnever closed"

func TestPage(t *testing.T) {
	for name, color := range map[string]bool{"plain": false, "color": true} {
		var b bytes.Buffer
		if err := render.Page(&b, pageText, "error; no fix", color, 50); err != nil {
			t.Fatal(err)
		}
		golden.Compare(t, "testdata/report/page-"+name+".txt", b.Bytes())
	}
}

func TestRuleList(t *testing.T) {
	var b bytes.Buffer
	for _, width := range []int{0, 40, 60} {
		if err := render.RuleList(&b, []render.RuleInfo{{Name: "a-rule", Summary: "what it finds, in words that are longer than the terminal is wide"}, {Name: "b", Summary: "short"}}, false, width); err != nil {
			t.Fatal(err)
		}
	}
	golden.Compare(t, "testdata/report/rules.txt", b.Bytes())
}
