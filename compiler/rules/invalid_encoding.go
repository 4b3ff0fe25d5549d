package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var invalidEncoding = &Rule{
	Name:     "invalid-encoding",
	Severity: diag.Error,
	Summary:  "bytes that are not UTF-8 text",
	Whole:    true,
	Run:      problem(yamldoc.BadEncoding, nil),
}
