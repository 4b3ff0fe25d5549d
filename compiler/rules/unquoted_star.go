package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var unquotedStar = &Rule{
	Name:     "unquoted-star",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "a value that starts with a YAML sign, such as a cron's *, needs quotes",
	Whole:    true,
	Run:      problem(yamldoc.UnquotedStar, quote),
}
