package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
)

var duplicateStepID = &Rule{
	Name:     "duplicate-step-id",
	Severity: diag.Warning,
	Summary:  "two steps that run for one deployment have the same id: the later one's outputs replace the earlier one's",
	Whole:    true,
	Run: func(p *Pass) {
		chains(p, func(_ *model.Deployment, steps []*model.Step) {
			first := map[string]*model.Step{}
			for _, s := range steps {
				if s.ID == "" {
					continue
				}
				before := first[s.ID]
				if before == nil {
					first[s.ID] = s
					continue
				}
				if before.IDNode == s.IDNode {
					continue // one step, used twice through an alias
				}
				p.Report(s.IDNode.Span, "id %q is taken: from here on its outputs are those of this step", s.ID).At(s.Path).In(s.Deployment()).
					Also(before.IDNode.Span, "the id is used here first")
			}
		})
	},
}
