package compiler_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/schema"
)

// caseTexts are the files of all rule cases and of the oracle's, by name.
func caseTexts(t testing.TB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range []string{filepath.Join(casesDir, "*", "*.yaml"), "../testdata/oracle/cases/*/prefect.yaml"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) < 20 {
			t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out[path] = string(text)
		}
	}
	return out
}

// A rule that is not Whole says of a file what it says of its parts. If this fails for a new rule, set its Whole, or let it take
// from Pass what does not depend on other deployments.
func TestRulesSayTheSameOfParts(t *testing.T) {
	c := theCompiler(t)
	var apart, whole []*rules.Rule
	for _, r := range rules.All() {
		if !r.Whole {
			other := *r
			other.Whole = true
			apart, whole = append(apart, r), append(whole, &other)
		}
	}
	for name, text := range caseTexts(t) {
		for _, g := range []schema.Generation{schema.Prefect2, schema.Prefect3} {
			found := func(list []*rules.Rule) []string {
				r := c.Compile(compiler.Input{File: source.New("prefect.yaml", []byte(text)), Generation: g, Read: fuzzedProject})
				ds, err := rules.Run(context.Background(), r.Model, r.Facts, list)
				if err != nil {
					t.Fatal(err)
				}
				return everything(diag.Sort(ds))
			}
			if got, want := found(apart), found(whole); !slices.Equal(got, want) {
				t.Errorf("%s, prefect %d:\nof parts:\n%s\nof the whole:\n%s", name, g, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// everything are findings with everything that a user can see of them.
func everything(ds []diag.Diagnostic) []string {
	var out []string
	for _, d := range ds {
		line := fmt.Sprintf("%s %v %v %v %q %q %q %v", d.Rule, d.Severity, d.Span, d.Blocks, d.Message, d.Path, d.Deployment, d.Tags)
		for _, r := range d.Related {
			line += fmt.Sprintf(" also %s %v %q", r.File.Path, r.Span, r.Message)
		}
		for _, f := range d.Fixes {
			line += fmt.Sprintf(" fix %q %v %v", f.Title, f.Safe, f.Edits)
		}
		out = append(out, line)
	}
	return out
}
