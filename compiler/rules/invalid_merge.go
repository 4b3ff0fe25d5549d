package rules

import (
	"slices"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var invalidMerge = &Rule{
	Name:     "invalid-merge",
	Severity: diag.Error,
	Summary:  "something other than mappings behind <<",
	Whole:    true,
	Run: func(p *Pass) {
		unknown := map[source.Span]bool{}
		for _, found := range p.Model.Doc.Problems {
			unknown[found.Span] = unknown[found.Span] || found.Kind == yamldoc.UnknownAlias
		}
		problem(yamldoc.BadMerge, nil)(p)
		p.found = slices.DeleteFunc(p.found, func(f *Finding) bool { return unknown[f.Span] })
	},
}
