package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var invalidScalar = &Rule{
	Name:     "invalid-scalar",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "a value that YAML cannot construct",
	Whole:    true,
	Run:      problem(yamldoc.BadScalar, quote),
}
