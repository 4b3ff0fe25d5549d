package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
)

var unusedAnchor = &Rule{
	Name:     "unused-anchor",
	Severity: diag.Info,
	Summary:  "an anchor that no alias uses",
	Run: func(p *Pass) {
		if p.Model.Doc.Partial {
			return // its aliases may be in what could not be read
		}
		for _, a := range p.Model.Doc.Anchors {
			if len(a.Uses) == 0 {
				p.Report(a.Span, "no alias uses the anchor %q", a.Name).Tag(diag.Unnecessary)
			}
		}
	},
}
