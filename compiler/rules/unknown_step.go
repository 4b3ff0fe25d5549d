package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/schema"
)

var unknownStep = &Rule{
	Name:     "unknown-step",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "a step that Prefect and its integrations do not ship, though its path says so",
	Run: func(p *Pass) {
		catalogue := p.Language.Steps(p.Generation())
		all := p.Steps()
		for i := range all {
			s := &all[i]
			if s.Status != schema.Unknown || strings.Contains(s.Function(), "{{") || !importable(s.Function()) {
				continue
			}
			near, sure := meantStep(catalogue, s.Function())
			if near == "" && !sure {
				continue
			}
			msg := fmt.Sprintf("there is no step %q", s.Function())
			if near != "" {
				msg += fmt.Sprintf(", did you mean %q", near)
			}
			f := reportStep(p, s, s.Key.Span, "%s", msg)
			if near == "" {
				f.Deploys() // a newer Prefect may have it
				continue
			}
			f.UnsafeFix(fmt.Sprintf("use %q", near), Replace(s.Key.Span, sameQuotes(s.Key, near)))
		}
	},
}

// meantStep finds the shipped step that a path was meant to name. It is sure when the path lies in a module of shipped
// steps, all of which are known. A path of one's own gives nothing.
func meantStep(c schema.Catalogue, path string) (near string, sure bool) {
	module, function := splitPath(path)
	root, rest, _ := strings.Cut(module, ".")
	var here, roots []string
	for _, step := range c.Steps {
		for _, p := range append([]string{step.Path}, step.Aliases...) {
			m, fn := splitPath(p)
			r, _, _ := strings.Cut(m, ".")
			roots = append(roots, r)
			if m == module {
				here, sure = append(here, fn), true
			}
		}
	}
	if sure {
		if fn := schema.Nearest(function, here); fn != "" {
			return module + "." + fn, true
		}
	}
	meant := schema.Nearest(root, roots)
	if root != "prefect" && (meant == "" || root == meant && sure) {
		return "", sure
	}
	for _, step := range c.Steps {
		m, fn := splitPath(step.Path)
		r, tail, _ := strings.Cut(m, ".")
		if fn == function && (r == meant && (rest == tail || schema.Nearest(rest, []string{tail}) != "") || root == "prefect" && strings.Contains(module, "steps")) {
			return step.Path, sure
		}
	}
	return "", sure
}

// splitPath takes an import path apart at its last dot or colon.
func splitPath(path string) (module, function string) {
	if i := strings.LastIndexAny(path, ".:"); i >= 0 {
		return path[:i], path[i+1:]
	}
	return "", path
}
