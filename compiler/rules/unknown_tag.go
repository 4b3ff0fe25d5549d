package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var unknownTag = &Rule{
	Name:     "unknown-tag",
	Severity: diag.Error,
	Summary:  "a YAML tag that Prefect cannot read",
	Whole:    true,
	Run:      problem(yamldoc.UnknownTag, nil),
}
