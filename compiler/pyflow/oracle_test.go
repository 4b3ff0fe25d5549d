package pyflow_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/value"
)

// The recordings of whole deploys hold the schema of each flow that was registered. They lie beside the repository,
// with the corpus; without them there is nothing to compare.
func TestSchemasAreWhatRecordedDeploysSent(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "oracle", "cases")
	if _, err := os.Stat(root); err != nil {
		t.Skip("no recorded deploys beside the repository")
	}
	for _, gen := range []int{2, 3} {
		files, err := filepath.Glob(filepath.Join(root, "*", "expected", fmt.Sprintf("%d.json", gen)))
		if err != nil || len(files) == 0 {
			t.Fatalf("no recordings of Prefect %d: %v", gen, err)
		}
		compared, undecided := 0, 0
		for _, file := range files {
			for _, body := range registrations(t, file) {
				exact, ok := compareBody(t, gen, filepath.Dir(filepath.Dir(file)), body)
				switch {
				case ok && exact:
					compared++
				case ok:
					undecided++
				}
			}
		}
		if compared == 0 {
			t.Errorf("no schema of Prefect %d compared", gen)
		}
		t.Logf("Prefect %d: %d registrations equal, %d undecided", gen, compared, undecided)
	}
}

// registrations are the bodies that created deployments in the first phase of a recording.
func registrations(t *testing.T, file string) []*value.Map {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	v, err := value.FromJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	phases, _ := v.(*value.Map).Get("phases")
	requests, _ := phases.([]value.Value)[0].(*value.Map).Get("http")
	var bodies []*value.Map
	for _, r := range requests.([]value.Value) {
		path, _ := r.(*value.Map).Get("path")
		body, _ := r.(*value.Map).Get("body")
		if m, ok := body.(*value.Map); ok && path == "/deployments/" {
			bodies = append(bodies, m)
		}
	}
	return bodies
}

func compareBody(t *testing.T, gen int, dir string, body *value.Map) (exact, ok bool) {
	t.Helper()
	entrypoint, _ := body.Get("entrypoint")
	want, _ := body.Get("parameter_openapi_schema")
	path, name, found := strings.Cut(value.Str(entrypoint), ":")
	file := filepath.Join(dir, path)
	if _, err := os.Stat(file); err != nil || !found || want == nil {
		return false, false // a module, or a file that a step made
	}
	fl, status := scanFile(t, file).Lookup(name)
	if status != pyflow.IsFlow {
		if status != pyflow.Unknown {
			t.Errorf("%s: Prefect %d deployed it, we say status %d", entrypoint, gen, status)
		}
		return false, true
	}
	schema, exact, _ := fl.ParameterSchema(gen)
	if exact {
		same(t, fmt.Sprintf("Prefect %d, %s in %s", gen, entrypoint, filepath.Base(dir)), schema, want.(*value.Map))
	}
	return exact, true
}
