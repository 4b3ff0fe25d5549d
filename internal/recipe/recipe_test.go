package recipe

import (
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// Every recipe, filled in, keeps only the placeholders that steps give a value.
func TestRecipesFillIn(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	values := value.NewMap("directory", "/srv", "name", "flows", "repository", "https://example.org/a.git", "branch", "main", "dockerfile", "auto")
	for _, r := range all {
		filled := value.Clone(values).(*value.Map)
		for _, f := range r.Missing(values) {
			if f.Description == "" || !r.Takes(f.Name) {
				t.Errorf("%s: the field %q has no description, or no effect", r.Name, f.Name)
			}
			filled.Set(f.Name, "x")
		}
		text, err := r.File(schema.Prefect3, "project", filled)
		if err != nil {
			t.Fatal(err)
		}
		for rest := text; ; {
			var found bool
			if _, rest, found = strings.Cut(rest, "{{ "); !found {
				break
			}
			if name, _, _ := strings.Cut(rest, "."); name != "build_image" && name != "push_code" && name != "pull_code" {
				t.Errorf("%s leaves {{ %s", r.Name, rest[:20])
			}
		}
		if r.Takes("nothing") || r.Description == "" {
			t.Errorf("%s takes anything, or has no description", r.Name)
		}
	}
}

func TestGuess(t *testing.T) {
	for _, c := range []struct {
		remote, dockerfile bool
		want               string
	}{{false, false, "local"}, {true, false, "git"}, {false, true, "docker"}, {true, true, "docker-git"}} {
		if got := Guess(c.remote, c.dockerfile); got != c.want {
			t.Errorf("remote %v, Dockerfile %v: %q, want %q", c.remote, c.dockerfile, got, c.want)
		}
	}
}
