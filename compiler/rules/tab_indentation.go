package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var tabIndentation = &Rule{
	Name:     "tab-indentation",
	Severity: diag.Error,
	Summary:  "tabs where YAML wants blanks",
	Whole:    true,
	Run:      problem(yamldoc.Tab, nil),
}
