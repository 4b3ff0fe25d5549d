package plan

import (
	"errors"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

func fileOf(t *testing.T, text string, g schema.Generation) *model.File {
	t.Helper()
	doc := yamldoc.Read(source.New("prefect.yaml", []byte(text)))
	for _, p := range doc.Problems {
		t.Fatalf("the test's own YAML: %s", p.Message)
	}
	return model.New(doc, g)
}

const several = `deployments:
- {name: nightly, entrypoint: "flows/a.py:my_flow"}
- {name: hourly, entrypoint: "flows/a.py:my_flow"}
- {name: nightly, entrypoint: "flows/b.py:other_dev"}
- {name: dep-a-prod, entrypoint: "pkg.mod.third"}
- {entrypoint: "flows/a.py:my_flow"}
`

func TestSelect(t *testing.T) {
	f := fileOf(t, several, schema.Prefect3)
	for _, c := range []struct {
		about string
		s     Selection
		want  string // places in the file, or the kind of error
	}{
		{"all", Selection{All: true}, "0 1 2 3 4"},
		{"a name takes every deployment that has it", Selection{Names: []string{"nightly"}}, "0 2"},
		{"each once, in the order of the file", Selection{Names: []string{"dep*prod", "hourly", "hour*"}}, "1 3"},
		{"the flow is the function", Selection{Names: []string{"my_flow/nightly"}}, "0"},
		{"dashes and underscores are the same in it", Selection{Names: []string{"my-flow/*"}}, "0 1 4"},
		{"a pattern for the flow", Selection{Names: []string{"*dev/nightly"}}, "2"},
		{"a module path as a whole", Selection{Names: []string{"pkg.mod.third/*"}}, "3"},
		{"a pattern over all names leaves out what has none", Selection{Names: []string{"*"}}, "0 1 2 3"},
		{"no match", Selection{Names: []string{"nightly", "nigthly"}}, "no-name-matches"},
		{"no name", Selection{}, "names-ambiguous"},
		{"both", Selection{All: true, Names: []string{"x"}}, "all-and-name"},
		{"an entrypoint stands for itself", Selection{Entrypoint: "a.py:f", Names: []string{"new"}}, ""},
	} {
		got, err := Select(f, c.s)
		if text := places(got, err); text != c.want {
			t.Errorf("%s: got %q, want %q", c.about, text, c.want)
		}
	}
	if got, err := Select(nil, Selection{Names: []string{"x"}}); places(got, err) != "no-name-matches" {
		t.Errorf("a name without a file: %v", err)
	}
}

func places(ds []*model.Deployment, err error) string {
	var e *SelectionError
	if errors.As(err, &e) {
		return e.Kind
	}
	var out []string
	for _, d := range ds {
		out = append(out, string(rune('0'+d.Index)))
	}
	return strings.Join(out, " ")
}

func TestWildcard(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"*", "", true}, {"a*c", "abc", true}, {"a*c", "ac", true}, {"a*c", "acb", false},
		{"*b*", "abc", true}, {"a*a", "a", false}, {"x?z", "xyz", false}, {"[a]", "a", false}, {"a**b", "ab", true},
	} {
		if got := wildcard(c.pattern, c.s); got != c.want {
			t.Errorf("%q on %q: %v", c.pattern, c.s, got)
		}
	}
}
