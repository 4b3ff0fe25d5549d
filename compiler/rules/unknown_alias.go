package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var unknownAlias = &Rule{
	Name:     "unknown-alias",
	Severity: diag.Error,
	Summary:  "an alias without an anchor before it",
	Run:      problem(yamldoc.UnknownAlias, nil),
}
