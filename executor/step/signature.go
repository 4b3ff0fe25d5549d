package step

import (
	"context"
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// nativeStep is a step that runs in Go: its Python signature and its body.
type nativeStep struct {
	name   string // __name__ of the function, which Python puts into its errors
	params []param
	run    func(context.Context, *run, arguments) (*value.Map, error)
}

// param is one keyword of a step. A param without a default is required.
type param struct {
	name     string
	required bool
	fallback value.Value
}

// arguments are the bound inputs: every param has a value.
type arguments map[string]value.Value

func required(name string) param { return param{name: name, required: true} }

func optional(name string, fallback value.Value) param { return param{name: name, fallback: fallback} }

const stepsModule = "prefect.deployments.steps"

// native finds the Go implementation of an import path, whichever of its modules it is imported through.
func (r *Runner) native(path string) (nativeStep, bool) {
	module, function := path, ""
	if i := strings.LastIndexByte(path, ':'); i >= 0 {
		module, function = path[:i], path[i+1:]
	} else if i := strings.LastIndexByte(path, '.'); i >= 0 {
		module, function = path[:i], path[i+1:]
	}
	pull, utility := module == stepsModule+".pull", module == stepsModule+".utility"
	root := module == stepsModule
	v3 := r.generation() == 3
	switch {
	case function == "run_shell_script" && (root || utility):
		return shellStep(v3), true
	case function == "pip_install_requirements" && (root || utility):
		return pipStep(), true
	case function == "set_working_directory" && (root || pull):
		return workingDirectoryStep(), true
	case function == "git_clone" && (root || pull):
		return cloneStep(v3), true
	case function == "agit_clone" && pull && v3:
		s := cloneStep(v3)
		s.name = function
		return s, true
	case function == "git_clone_project" && (root || pull) && !v3:
		return cloneProjectStep(), true
	}
	return nativeStep{}, false
}

// bind gives every param its value, or the TypeError Python raises.
func (s nativeStep) bind(in *value.Map) (arguments, error) {
	args := arguments{}
	for _, p := range in.Pairs {
		name, ok := p.Key.(string)
		if !ok {
			return nil, pyError("TypeError", "keywords must be strings",
				fmt.Sprintf("input %s of %s is not a name", value.Repr(p.Key), s.name))
		}
		if !s.has(name) {
			return nil, pyError("TypeError", fmt.Sprintf("%s() got an unexpected keyword argument %s", s.name, value.Repr(name)),
				s.suggest(name))
		}
		args[name] = p.Value
	}
	for _, p := range s.params {
		if _, given := args[p.name]; given {
			continue
		}
		if p.required { // no step has more than one required param
			return nil, pyError("TypeError", fmt.Sprintf("%s() missing 1 required positional argument: %s", s.name, value.Repr(p.name)),
				fmt.Sprintf("give %s a value; an input whose placeholder has no value is dropped", p.name))
		}
		args[p.name] = p.fallback
	}
	return args, nil
}

func (s nativeStep) has(name string) bool {
	for _, p := range s.params {
		if p.name == name {
			return true
		}
	}
	return false
}

func (s nativeStep) suggest(name string) string {
	var names []string
	for _, p := range s.params {
		names = append(names, p.name)
	}
	if best, ok := nearest(name, names); ok {
		return fmt.Sprintf("did you mean %q", best)
	}
	return s.name + " takes " + strings.Join(names, ", ")
}

// text is an argument that Python code treats as text; method is the attribute it would look for.
func (a arguments) text(name, method string) (string, error) {
	s, ok := a[name].(string)
	if !ok {
		return "", pyError("AttributeError", fmt.Sprintf("'%s' object has no attribute '%s'", typeName(a[name]), method),
			mustBe(name, "text", a[name]))
	}
	return s, nil
}

// path is an argument that Python hands to the operating system as a path; given is false for null.
func (a arguments) path(name string) (path string, given bool, err error) {
	switch v := a[name].(type) {
	case nil:
		return "", false, nil
	case string:
		if strings.ContainsRune(v, 0) {
			return "", false, pyError("ValueError", "embedded null byte", name+" contains a NUL character")
		}
		return v, true, nil
	default:
		return "", false, pyError("TypeError", fmt.Sprintf("expected str, bytes or os.PathLike object, not %s", typeName(v)),
			mustBe(name, "text", v))
	}
}

func (a arguments) truthy(name string) bool { return value.Truthy(a[name]) }

// nearest is the candidate with the smallest edit distance, if it is near enough to be a misspelling.
func nearest(name string, candidates []string) (string, bool) {
	best, bestDistance := "", 1+max(2, len(name)/3)
	for _, c := range candidates {
		if d := distance(strings.ToLower(name), c); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best, best != "" && bestDistance < max(len(name), len(best))
}

// distance counts single-letter edits and swaps of neighbours. Long names are never near.
func distance(a, b string) int {
	if len(a) > 100 || len(b) > 100 {
		return 100
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
