package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var yamlSyntax = &Rule{
	Name:     "yaml-syntax",
	Severity: diag.Error,
	Summary:  "the file is not valid YAML",
	Whole:    true,
	Run:      problem(yamldoc.Syntax, nil),
}
