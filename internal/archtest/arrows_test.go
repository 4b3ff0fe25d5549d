package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/prefectc/prefectc"

// never is an import arrow that must not exist, directly or through other packages.
type never struct {
	from, to string // package paths inside the module; "x/..." means x and everything below it
	why      string
}

var nevers = []never{
	{"compiler/...", "prefect/...", "compiling is pure: no network, so that check works offline and in an editor"},
	{"compiler/...", "executor/...", "compiling never runs anything"},
	{"compiler/...", "lsp/...", "one engine, many faces: the engine does not know its faces"},
	{"compiler/...", "internal/cli/...", "one engine, many faces: the engine does not know its faces"},
	{"compiler/...", "internal/render/...", "findings are values; drawing them is the face's business"},
	{"plan/...", "prefect/...", "a plan is computed from values; whoever has a client fetches them"},
	{"plan/...", "executor/...", "the executor runs plans, so the arrow goes the other way"},
	{"plan/...", "lsp/...", "a plan knows nothing of its viewers"},
	{"plan/...", "internal/cli/...", "a plan knows nothing of its viewers"},
	{"executor/...", "lsp/...", "applying and editing have nothing in common but the engine"},
	{"executor/...", "internal/cli/...", "the command line calls the executor, not the other way"},
	{"lsp/...", "executor/...", "an editor never runs steps, by construction"},
	{"lsp/...", "internal/cli/...", "prefect-lsp stays a server, without the commands"},
	{"prefect/...", "compiler", "the API client knows HTTP and Prefect, not YAML"},
	{"prefect/...", "compiler/model/...", "the API client knows HTTP and Prefect, not YAML"},
	{"prefect/...", "compiler/yamldoc/...", "the API client knows HTTP and Prefect, not YAML"},
	{"prefect/...", "plan/...", "the API client knows HTTP and Prefect, not plans"},
	{"prefect/...", "executor/...", "the executor calls the client, not the other way"},
	{"prefect/...", "lsp/...", "the API client is below every face"},
	{"prefect/...", "internal/cli/...", "the API client is below every face"},
	{"schema/...", "...", "the definition of the language depends on nothing that interprets it"},
	{"compiler/source/...", "...", "positions are the floor everything stands on"},
	{"compiler/value/...", "...", "values are the floor everything stands on"},
}

// only names the few packages that may import something of ours or of others, directly.
type only struct {
	to  string // import path prefix
	by  []string
	why string
}

var onlys = []only{
	{"cuelang.org/go", []string{"schema/...", "compiler/model/..."}, "CUE's cost and its way of saying things stay in one place"},
	{"github.com/tliron/glsp", []string{"lsp/..."}, "the LSP library can be replaced without touching the engine"},
	{"github.com/sourcegraph/jsonrpc2", []string{"lsp/..."}, "the LSP library can be replaced without touching the engine"},
	{"gopkg.in/yaml.v3", nil, "yamldoc reads YAML as Prefect does, and no library does"},
	{"go.yaml.in/yaml", nil, "yamldoc reads YAML as Prefect does, and no library does"},
	{"C", nil, "one static binary for every platform"},
}

// exactly lists all packages of ours that a package may import directly.
type exactly struct {
	from string
	to   []string
	why  string
}

var exactlys = []exactly{
	{"compiler/rules/...", []string{"compiler/rules/...", "compiler/model/...", "compiler/template/...", "compiler/yamldoc/...", "compiler/schedule/...",
		"compiler/pyflow/...", "compiler/pattern/...", "compiler/entrypoint/...", "compiler/diag/...", "compiler/source/...", "compiler/value/...", "schema/..."},
		"a rule is a function of a pass: it sees the parts, never the front door that runs it"},
	{"compiler/diag/...", []string{"compiler/source/..."}, "a diagnostic is a value with a span"},
	{"cmd/...", []string{"internal/cli/...", "lsp/..."}, "a main is two lines"},
}

// listed is what go list says of a package.
type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Standard   bool
	DepOnly    bool
	Error      *struct{ Err string }
}

// packages lists the module's packages with their imports, tests left out.
func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,Deps,Error", "./...")
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Error != nil {
			t.Fatalf("%s: %s", p.ImportPath, p.Error.Err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list found only %d packages", len(all))
	}
	return all
}

// ours turns an import path into one relative to the module; ok is false for other modules' packages.
func ours(path string) (rel string, ok bool) {
	return strings.CutPrefix(path, module+"/")
}

func matches(pattern, rel string) bool {
	if pattern == "..." {
		return true
	}
	if base, deep := strings.CutSuffix(pattern, "/..."); deep {
		return rel == base || strings.HasPrefix(rel, base+"/")
	}
	return rel == pattern
}

func matchesAny(patterns []string, rel string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, rel) })
}

func TestImportArrows(t *testing.T) {
	for _, p := range packages(t) {
		from, _ := ours(p.ImportPath)
		for _, complaint := range broken(from, p) {
			t.Error(complaint)
		}
	}
}

// broken says which arrows a package breaks.
func broken(from string, p listed) []string {
	var complaints []string
	complain := func(to, why string) {
		complaints = append(complaints, from+" must not import "+to+": "+why)
	}
	for _, dep := range p.Deps {
		to, ok := ours(dep)
		if !ok {
			continue
		}
		for _, a := range nevers {
			// Below its own folder a package is at home.
			if matches(a.from, from) && matches(a.to, to) && !matches(a.from, to) {
				complain(to, a.why)
			}
		}
	}
	for _, path := range p.Imports {
		for _, a := range onlys {
			if (path == a.to || strings.HasPrefix(path, a.to+"/")) && !matchesAny(a.by, from) {
				complain(path, a.why)
			}
		}
		if to, ok := ours(path); ok {
			for _, a := range exactlys {
				if matches(a.from, from) && !matchesAny(a.to, to) {
					complain(to, a.why)
				}
			}
		}
	}
	return complaints
}

// TestBrokenArrowsAreSeen proves the check on made-up packages.
func TestBrokenArrowsAreSeen(t *testing.T) {
	for name, test := range map[string]struct {
		from, imports, deps string
		want                int
	}{
		"compiler reaches the network":        {"compiler", "", module + "/prefect", 1},
		"deep inside the compiler as well":    {"compiler/rules", "", module + "/prefect/auth", 1},
		"a name that only begins the same":    {"compilers", "", module + "/prefect", 0},
		"a rule calls the front door":         {"compiler/rules", module + "/compiler", "", 1},
		"a rule reads the model":              {"compiler/rules", module + "/compiler/model", "", 0},
		"the schema depends on the compiler":  {"schema", "", module + "/compiler/source", 1},
		"the schema uses its own tables":      {"schema", "", module + "/schema/tables", 0},
		"the command line evaluates CUE":      {"internal/cli", "cuelang.org/go/cue", "", 1},
		"the schema evaluates CUE":            {"schema", "cuelang.org/go/cue", "", 0},
		"the language server runs steps":      {"lsp", "", module + "/executor", 1},
		"the command line speaks LSP":         {"internal/cli", "github.com/tliron/glsp/protocol_3_16", "", 1},
		"a main does its own work":            {"cmd/prefectc", module + "/compiler", "", 1},
		"a main calls the command line":       {"cmd/prefectc", module + "/internal/cli", "", 0},
		"C code comes in":                     {"compiler/pyflow", "C", "", 1},
		"a second YAML reader":                {"internal/config", "gopkg.in/yaml.v3", "", 1},
		"the plan talks to the server itself": {"plan", "", module + "/prefect", 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := listed{Imports: strings.Fields(test.imports), Deps: strings.Fields(test.deps)}
			if got := broken(test.from, p); len(got) != test.want {
				t.Errorf("%d complaints, want %d: %q", len(got), test.want, got)
			}
		})
	}
}
