package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var tooLarge = &Rule{
	Name:     "too-large",
	Severity: diag.Error,
	Summary:  "a file beyond the bounds of what is read",
	Run:      problem(yamldoc.TooLarge, nil),
}
