package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var mergeConflict = &Rule{
	Name:     "merge-conflict",
	Severity: diag.Error,
	Summary:  "marks of an unresolved merge conflict",
	Whole:    true,
	Run:      problem(yamldoc.ConflictMarker, nil),
}
