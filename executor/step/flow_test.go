package step

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/prefectc/prefectc/compiler/value"
)

// TestFlowIsWhatPrefectRegistered loads the flows of recorded deployments and expects the schema that real
// `prefect deploy` sent for them.
func TestFlowIsWhatPrefectRegistered(t *testing.T) {
	for _, in := range interpreters(t)[1:] {
		for _, name := range []string{"params_schema", "flow_identity", "basic_all"} {
			t.Run(in.name+"/"+name, func(t *testing.T) {
				root := filepath.Join("..", "..", "testdata", "oracle", "cases", name)
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(root)); err != nil {
					t.Fatal(err)
				}
				r := &Runner{Generation: in.generation, Dir: dir, Env: in.env, Python: in.path}
				defer r.Close()
				registered := deployed(t, filepath.Join(root, "expected", fmt.Sprintf("%d.json", in.generation)))
				if len(registered) == 0 {
					t.Fatal("nothing recorded")
				}
				for _, body := range registered {
					entrypoint := value.Str(first(body.Get("entrypoint")))
					f, err := r.Flow(t.Context(), entrypoint)
					if err != nil {
						t.Errorf("%s: %v", entrypoint, err)
						continue
					}
					want, _ := body.Get("parameter_openapi_schema")
					if !value.Equal(f.Schema, want) {
						t.Errorf("%s:\ngot  %s\nwant %s", entrypoint, value.Repr(f.Schema), value.Repr(want))
					}
				}
			})
		}
	}
}

// deployed are the bodies of the first run's deployments.
func deployed(t *testing.T, file string) []*value.Map {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Phases []struct {
			HTTP []struct {
				Method, Path string
				Body         json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	var bodies []*value.Map
	for _, r := range recorded.Phases[0].HTTP {
		if r.Method != "POST" || r.Path != "/deployments/" {
			continue
		}
		body := &value.Map{}
		if err := json.Unmarshal(r.Body, body); err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, body)
	}
	return bodies
}
