package compiler_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/schema"
)

const oracleDir = "../testdata/oracle/cases"

// stricter lists the rules that refuse what a recorded deploy let pass, by case, each with its reason.
var stricter = map[string]map[string]string{
	"defaults_pull":          {"unknown-reference": unknownName},
	"flow_docstrings":        {"unknown-reference": unknownName},
	"override_steps":         {"reference-order": unknownName},
	"steps_custom_module":    {"unknown-reference": unknownName},
	"templates_env":          {"environment-without-dollar": "what {{ NAME }} means must not depend on the machine"},
	"templates_id_shadowing": {"unknown-reference": unknownName},
	"templates_unknown":      {"unknown-reference": unknownName, "unknown-step-output": unknownName},
}

const unknownName = "a name that nothing gives becomes empty text or a missing key, which nobody means"

// What the recorded real deploys of a case got through must not be refused, unless we are stricter on purpose.
func TestNothingThatPrefectDeploysIsRefused(t *testing.T) {
	compared, used := 0, map[string]bool{}
	for _, name := range entries(t, oracleDir) {
		for _, g := range []schema.Generation{schema.Prefect2, schema.Prefect3} {
			for i, phase := range recorded(t, filepath.Join(oracleDir, name), g) {
				read := layers(filepath.Join(oracleDir, name), i+1)
				text, err := read("prefect.yaml")
				if err != nil || phase.ExitCode != 0 || strings.Join(phase.Args, " ") != "--all" {
					continue // only what deployed everything in the file
				}
				compared++
				for _, d := range (example{name: name, generation: g, read: read}).check(t, string(text)).Diagnostics {
					switch {
					case !d.Blocks:
					case stricter[name][d.Rule] != "":
						used[name+" "+d.Rule] = true
					default:
						t.Errorf("%s, phase %d, prefect %d, line %d: %s: %s", name, i+1, g, d.File.Position(d.Span.Start).Line, d.Rule, d.Message)
					}
				}
			}
		}
	}
	if compared < 200 {
		t.Errorf("only %d recorded deploys were compared", compared)
	}
	for name, list := range stricter {
		for rule := range list {
			if !used[name+" "+rule] {
				t.Errorf("%s: %s refuses nothing there any more, remove the exception", name, rule)
			}
		}
	}
}

// recordedPhase is one deploy of a case, as recorded.
type recordedPhase struct {
	Args     []string `json:"args"`
	ExitCode int      `json:"exit_code"`
}

func recorded(t *testing.T, dir string, g schema.Generation) []recordedPhase {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "expected", strconv.Itoa(int(g))+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Phases []recordedPhase `json:"phases"`
	}
	if err := json.Unmarshal(text, &file); err != nil || len(file.Phases) == 0 {
		t.Fatalf("%s: %v", dir, err)
	}
	return file.Phases
}

// layers reads the project of a case as it is in its n-th phase: each phase lays files over those before.
func layers(dir string, n int) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		for i := n; i > 1; i-- {
			if text, err := os.ReadFile(filepath.Join(dir, "phase"+strconv.Itoa(i), name)); err == nil {
				return text, nil
			}
		}
		return os.ReadFile(filepath.Join(dir, name))
	}
}
