package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
)

var environmentWithoutDollar = &Rule{
	Name:     "environment-without-dollar",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "{{ NAME }} without $: Prefect takes it from the environment in some places and drops it in others",
	Run: func(p *Pass) {
		links(p, func(l *model.Link) {
			if !looksLikeEnvironment(l.Name) {
				return
			}
			f := reportLink(p, l, "nothing gives %q: write {{ $%s }} for the environment variable", l.Name, l.Name)
			if l.NameSpan != l.Node.Span {
				f.UnsafeFix("take it from the environment", Insert(l.NameSpan.Start, "$"))
			}
		}, model.UnknownName)
	},
}
