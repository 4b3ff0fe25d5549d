package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var invalidMerge = &Rule{
	Name:     "invalid-merge",
	Severity: diag.Error,
	Summary:  "something other than mappings behind <<",
	Run:      problem(yamldoc.BadMerge, nil),
}
