package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const shared = "../../shared"

// corpus gives every file of the shared corpus and of the oracle's cases to f; it skips when they are not there.
func corpus(t *testing.T, f func(t *testing.T, name string, text []byte)) {
	t.Helper()
	if _, err := os.Stat(shared + "/corpus"); err != nil {
		t.Skip("the shared corpus is not here")
	}
	files, _ := filepath.Glob(shared + "/corpus/*.yaml")
	for _, pattern := range []string{"/oracle/cases/*/prefect.yaml", "/oracle/cases/*/*/prefect.yaml"} {
		more, _ := filepath.Glob(shared + pattern)
		files = append(files, more...)
	}
	if len(files) < 300 {
		t.Fatalf("only %d files", len(files))
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f(t, strings.TrimPrefix(name, shared), text)
	}
}

// What Prefect 3.8.8's own model said of each corpus file is what Check says: it discards the file, or it does not.
func TestCorpusVerdictsOfPrefect3(t *testing.T) {
	text, err := os.ReadFile(shared + "/corpus/manifest.json")
	if err != nil {
		t.Skip("the shared corpus is not here")
	}
	var files []struct {
		File  string
		YAML  string
		Model string `json:"prefect_3_8_8_model"`
		Says  any    `json:"prefect_3_8_8_says"`
	}
	if err := json.Unmarshal(text, &files); err != nil {
		t.Fatal(err)
	}
	lang := load(t)
	compared := 0
	for _, f := range files {
		if f.YAML != "ok" || f.Model == "" {
			continue
		}
		text, err := os.ReadFile(shared + "/corpus/" + f.File)
		if err != nil {
			t.Fatal(err)
		}
		d, err := readYAML(text)
		if err != nil {
			t.Logf("%s: yaml.v3: %v", f.File, err)
			continue
		}
		compared++
		var discards []string
		for _, v := range lang.Check("File", Prefect3, d) {
			if v.Effect == Discards {
				discards = append(discards, v.String())
			}
		}
		if (len(discards) > 0) != (f.Model == "rejected") {
			t.Errorf("%s: Prefect 3.8.8 says %s %v, Check says %q", f.File, f.Model, f.Says, discards)
		}
	}
	if compared < 200 {
		t.Errorf("compared only %d files", compared)
	}
}

// CUE and the table agree on every real file and every oracle case, in both generations.
func TestTableAgreesWithCUEOnCorpus(t *testing.T) {
	lang := load(t)
	corpus(t, func(t *testing.T, name string, text []byte) {
		d, err := readYAML(text)
		if err != nil || d.Kind() != KindMap {
			return
		}
		for _, g := range []Generation{Prefect2, Prefect3} {
			agree(t, lang, name, g, d)
		}
	})
}

// refusedIn says whether CUE refuses the place or its deployment. CUE does not list every mistake of one struct: an
// unknown or missing field goes unsaid beside a value of the wrong kind.
func refusedIn(conflicts [][]Step, path []Step) bool {
	unit := min(len(path), 2)
	for _, c := range conflicts {
		if n := min(len(c), unit); slices.Equal(c[:n], path[:n]) {
			return true
		}
	}
	return false
}

// agree compares the places of what the table and CUE refuse.
func agree(t testing.TB, lang *Language, name string, g Generation, d Data) {
	t.Helper()
	w := explain(lang.Object("File"), g, d)
	conflicts, err := lang.Conflicts("File", g, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range conflicts {
		if !w.explains(path) {
			t.Errorf("%s: Prefect %d: CUE refuses %s, the table does not", name, g, PathText(path))
		}
	}
	for _, v := range w.found {
		switch {
		case v.Kind == NotOneKey, v.Kind == Exclusive, v.Kind == KeyNotText:
			continue
		case v.Kind == Missing && v.Field == nil:
			continue
		}
		if !refusedIn(conflicts, v.Path) {
			t.Errorf("%s: Prefect %d: the table refuses %s, CUE does not", name, g, v)
		}
	}
}
