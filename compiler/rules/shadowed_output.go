package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
)

var shadowedOutput = &Rule{
	Name:     "shadowed-output",
	Severity: diag.Warning,
	Fixes:    SafeFix,
	Summary:  "a reference by output alone, though several steps of a kind give that output",
	Run: func(p *Pass) {
		givers := map[*model.Step]*model.Step{} // by the last step, the one before of the same function
		chains(p, func(_ *model.Deployment, steps []*model.Step) {
			last := map[string]*model.Step{}
			for _, s := range steps {
				if before := last[s.Function()]; before != nil && before.Node != s.Node && givers[s] == nil {
					givers[s] = before
				}
				last[s.Function()] = s
			}
		})
		links(p, func(l *model.Link) {
			before := givers[l.Source]
			if l.ByID || before == nil {
				return
			}
			f := p.Report(l.Span, "several steps give %q, and this is the last one's: name the step by its id", l.Output).At(l.Path).In(l.Deployment)
			f.Also(before.Key.Span, "this step's is replaced").Also(l.Source.Key.Span, "by this step's")
			if l.Source.ID != "" && l.NameSpan != l.Node.Span {
				f.Fix("name the step", Insert(l.NameSpan.Start, l.Source.ID+"."))
			}
		}, model.Linked)
	},
}
