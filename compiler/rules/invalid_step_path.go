package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
)

var invalidStepPath = &Rule{
	Name:     "invalid-step-path",
	Severity: diag.Error,
	Summary:  "the name of a step is not the import path of a function",
	Run: func(p *Pass) {
		all := p.Steps()
		for i := range all {
			s := &all[i]
			path := s.Function()
			if s.Broken || template.Has(path) || importable(path) {
				continue
			}
			reportStep(p, s, s.Key.Span, "%q is not the import path of a function: write module.function, such as prefect.deployments.steps.git_clone", s.Key.KeyText())
		}
	},
}

// importable reports whether Python could import the path: module.function, module:function or file.py:function.
func importable(path string) bool {
	if strings.Contains(path, ".py:") {
		return true
	}
	module, function := splitPath(path)
	if module == "" || function == "" {
		return false
	}
	for _, name := range strings.Split(module+"."+function, ".") {
		if name == "" || strings.ContainsAny(name, "/\\ \t:") {
			return false
		}
	}
	return true
}
