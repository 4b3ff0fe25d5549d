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
	"defaults_pull":       {"unknown-reference": unknownName},
	"override_steps":      {"reference-order": unknownName},
	"steps_custom_module": {"unknown-reference": unknownName},
	"templates_env":       {"environment-without-dollar": "what {{ NAME }} means must not depend on the machine"},
	"templates_unknown":   {"unknown-reference": unknownName, "unknown-step-output": unknownName},
}

const unknownName = "a name that nothing gives becomes empty text or a missing key, which nobody means"

// What the recorded real deploy of a case got through must not be refused, unless we are stricter on purpose.
func TestNothingThatPrefectDeploysIsRefused(t *testing.T) {
	compared, used := 0, map[string]bool{}
	for _, name := range entries(t, oracleDir) {
		dir := filepath.Join(oracleDir, name)
		text, err := os.ReadFile(filepath.Join(dir, "prefect.yaml"))
		if err != nil {
			continue // the command line alone describes the deployment
		}
		for _, g := range []schema.Generation{schema.Prefect2, schema.Prefect3} {
			if !deployed(t, dir, g) {
				continue
			}
			compared++
			e := example{name: name, generation: g, read: func(file string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, file)) }}
			for _, d := range e.check(t, string(text)).Diagnostics {
				if !d.Blocks {
					continue
				}
				if stricter[name][d.Rule] != "" {
					used[name+" "+d.Rule] = true
					continue
				}
				t.Errorf("%s, prefect %d, line %d: %s: %s", name, g, d.File.Position(d.Span.Start).Line, d.Rule, d.Message)
			}
		}
	}
	if compared < 80 {
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

// deployed reports whether the real deploy of everything in a case's file went through.
func deployed(t *testing.T, dir string, g schema.Generation) bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "expected", strconv.Itoa(int(g))+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Phases []struct {
			Args     []string `json:"args"`
			ExitCode int      `json:"exit_code"`
		} `json:"phases"`
	}
	if err := json.Unmarshal(text, &recorded); err != nil || len(recorded.Phases) == 0 {
		t.Fatalf("%s: %v", dir, err)
	}
	first := recorded.Phases[0]
	return first.ExitCode == 0 && strings.Join(first.Args, " ") == "--all"
}
