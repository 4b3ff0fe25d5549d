package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var unhashableKey = &Rule{
	Name:     "unhashable-key",
	Severity: diag.Error,
	Summary:  "a list or mapping as a key",
	Whole:    true,
	Run:      problem(yamldoc.BadKey, nil),
}
