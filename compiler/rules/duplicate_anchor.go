package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var duplicateAnchor = &Rule{
	Name:     "duplicate-anchor",
	Severity: diag.Error,
	Summary:  "an anchor defined twice",
	Run:      problem(yamldoc.DuplicateAnchor, nil),
}
