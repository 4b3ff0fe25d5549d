package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var multipleDocuments = &Rule{
	Name:     "multiple-documents",
	Severity: diag.Error,
	Summary:  "a second YAML document in the file",
	Whole:    true,
	Run:      problem(yamldoc.ManyDocuments, nil),
}
