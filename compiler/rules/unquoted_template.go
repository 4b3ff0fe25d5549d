package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var unquotedTemplate = &Rule{
	Name:     "unquoted-template",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "a {{ }} without quotes is a YAML mapping",
	Whole:    true,
	Run:      problem(yamldoc.UnquotedTemplate, quote),
}
