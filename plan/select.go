package plan

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/model"
)

// Selection says which deployments of a file are meant.
type Selection struct {
	Names      []string // name, flow/name, either with * for any text
	All        bool
	Entrypoint string // given on the command line
}

// OptionsForSeveral is the kind of error of options that are given although several deployments are taken.
const OptionsForSeveral = "options-for-several"

// SelectionError is a selection that does not say what to deploy.
type SelectionError struct {
	Kind    string // stable word for scripts: names-ambiguous, no-name-matches, all-and-name, options-for-several
	Message string
}

func (e *SelectionError) Error() string { return e.Message }

// Select picks deployments in the order of the file, each once. Every name has to match something.
//
// With an entrypoint and names that match nothing, as with a file without deployments, it picks none and returns no error:
// the command line then describes a deployment by itself.
func Select(f *model.File, s Selection) ([]*model.Deployment, error) {
	var all []*model.Deployment
	if f != nil {
		all = f.Deployments
	}
	switch {
	case s.All && len(s.Names) > 0:
		return nil, &SelectionError{"all-and-name", "--all and --name exclude each other: leave one out"}
	case len(all) == 0 && (s.Entrypoint != "" || len(s.Names) > 0):
		if s.Entrypoint == "" {
			return nil, &SelectionError{"no-name-matches", "no deployment " + quoteAll(s.Names) + ": the file declares none"}
		}
		return nil, nil
	case s.All:
		return all, nil
	case len(s.Names) > 0:
		return byName(all, s)
	case len(all) > 1:
		return nil, &SelectionError{"names-ambiguous", fmt.Sprintf(
			"the file declares %d deployments: choose with -n NAME, or take them with --all; they are %s", len(all), listNames(all))}
	}
	return all, nil
}

// naming reports whether the selection gives the file's only deployment the name it lacks, and which.
func (s Selection) naming(all []*model.Deployment) (name string, ok bool) {
	if len(all) != 1 || all[0].Field("name").Set() || len(s.Names) != 1 || s.All || strings.Contains(s.Names[0], "*") {
		return "", false
	}
	flow, name, both := strings.Cut(s.Names[0], "/")
	if !both {
		name = flow
	}
	return name, name != ""
}

func byName(all []*model.Deployment, s Selection) ([]*model.Deployment, error) {
	if _, ok := s.naming(all); ok {
		return all, nil
	}
	chosen := make([]bool, len(all))
	var missing []string
	for _, name := range s.Names {
		found := false
		for i, d := range all {
			if matches(name, d) {
				chosen[i], found = true, true
			}
		}
		if !found {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		if s.Entrypoint != "" && len(missing) == len(s.Names) {
			return nil, nil
		}
		return nil, &SelectionError{"no-name-matches", fmt.Sprintf(
			"no deployment %s; the file declares %s", quoteAll(missing), listNames(all))}
	}
	var picked []*model.Deployment
	for i, d := range all {
		if chosen[i] {
			picked = append(picked, d)
		}
	}
	return picked, nil
}

// matches compares as Prefect does: the flow part is the entrypoint's function, dashes and underscores being the same.
func matches(pattern string, d *model.Deployment) bool {
	flow, name, both := strings.Cut(pattern, "/")
	if !both {
		return wildcard(pattern, d.Name()) && d.Name() != ""
	}
	return wildcard(dashes(flow), dashes(functionOf(d.Entrypoint()))) && wildcard(name, d.Name())
}

func dashes(s string) string { return strings.ReplaceAll(s, "_", "-") }

// functionOf is the part of an entrypoint that names the function: behind the last colon, or all of a module path.
func functionOf(entrypoint string) string {
	if i := strings.LastIndexByte(entrypoint, ':'); i >= 0 {
		return entrypoint[i+1:]
	}
	return entrypoint
}

// wildcard matches the whole of s; * stands for any text, everything else for itself.
func wildcard(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return strings.HasSuffix(s, last)
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(quoted, ", ")
}

const maxListed = 8

func listNames(all []*model.Deployment) string {
	var names []string
	for i, d := range all {
		if i == maxListed {
			names = append(names, fmt.Sprintf("and %d more", len(all)-maxListed))
			break
		}
		names = append(names, fmt.Sprintf("%q", d.Label()))
	}
	return strings.Join(names, ", ")
}
