package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var recursiveAlias = &Rule{
	Name:     "recursive-alias",
	Severity: diag.Error,
	Summary:  "an alias inside its own anchor",
	Whole:    true,
	Run:      problem(yamldoc.Recursive, nil),
}
