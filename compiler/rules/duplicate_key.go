package rules

import (
	"slices"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var duplicateKey = &Rule{
	Name:     "duplicate-key",
	Severity: diag.Error,
	Summary:  "a key written twice in one mapping: the last one wins",
	Run: func(p *Pass) {
		problem(yamldoc.DuplicateKey, nil)(p)
		if len(p.found) > 0 {
			slipped := slippedKeys(p)
			p.found = slices.DeleteFunc(p.found, func(f *Finding) bool { return slipped[f.Span] })
		}
	},
}
