package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var duplicateKey = &Rule{
	Name:     "duplicate-key",
	Severity: diag.Error,
	Summary:  "a key written twice in one mapping: the last one wins",
	Run:      problem(yamldoc.DuplicateKey, nil),
}
