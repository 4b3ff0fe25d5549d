package compiler_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/source"
)

// A mistake in YAML is one finding on its line, whatever it breaks; a misspelt key in the deployments above and below is
// still found.
func TestBrokenYAMLHidesNothing(t *testing.T) {
	const good = `definitions:
  tags: &tags
    - nightly
deployments:
`
	const item = `  - name: d%d
    description: Load it
    entrypoint: flows/etl.py:etl
    tags: *tags
    parameters:
      day: "%d"
      rows: 5
    schedules:
      - cron: "0 3 * * *"
    desciption: x
    work_pool:
      name: local
`
	const line = 17 // of the name of the second of three deployments
	c := theCompiler(t)
	for _, b := range []struct {
		was, is string
		line    int
	}{
		{"  - name", "- name", 0}, {"  - name", "   - name", 0}, {"  - name", "    - name", 0}, {"  - name", "  -name", 0}, {"  - name", "---\n  - name", 0},
		{"    tags", "tags", 3}, {"    tags", "     tags", 3}, {"    tags", "   tags", 3}, {"    tags", "\ttags", 3}, {"    tags", "\u00a0\u00a0\u00a0\u00a0tags", 3},
		{"tags: *tags", "tags *tags", 3}, {"*tags", "*tgas", 3}, {"*tags", "[a, b", 3}, {"*tags", "[a, b]]", 3}, {"*tags", "[\n      a", 3},
		{"Load it", "\"Load it", 1}, {"Load it", "'Load it's", 1}, {"Load it", "Load: it", 1}, {"Load it", "@it", 1}, {"Load it", "`it`", 1},
		{"Load it", "| it", 1}, {"Load it", "|\n    it", 2}, {"Load it", "\"a\" b", 1}, {"Load it", "\"\\d\"", 1}, {"Load it", "{{ $A }}: b", 1},
		{"    parameters:", "    parameters", 4}, {"\"%d\"", "\"%d”", 5}, {"rows: 5", "rows: {a: 1", 6}, {"rows: 5", "rows:5", 6},
		{"      - cron", "      -\tcron", 8}, {"Load it", "x\n<<<<<<< a\n=======\n>>>>>>> b", 2},
	} {
		text := good
		for i := range 3 {
			part := strings.ReplaceAll(item, "%d", fmt.Sprint(i))
			if i == 1 {
				part = strings.Replace(item, b.was, b.is, 1)
				part = strings.ReplaceAll(strings.Replace(part, "    desciption: x\n", "", 1), "%d", "1")
			}
			text += part
		}
		f := source.New("prefect.yaml", []byte(text))
		r, err := c.Check(context.Background(), compiler.Input{File: f, Read: fuzzedProject})
		if err != nil {
			t.Fatal(err)
		}
		misspelt, at := 0, []int{}
		for _, d := range r.Diagnostics {
			if strings.Contains(d.Message, "desciption") {
				misspelt++
			} else {
				at = append(at, f.LineOf(d.Span.Start)+1)
			}
		}
		if misspelt != 2 || fmt.Sprint(at) != fmt.Sprint([]int{line + b.line}) {
			t.Errorf("%q for %q: %d misspelt keys, other findings on lines %v, want %d", b.is, b.was, misspelt, at, line+b.line)
			for _, d := range r.Diagnostics {
				t.Logf("  %d %s %s", f.LineOf(d.Span.Start)+1, d.Rule, d.Message)
			}
		}
	}
}
