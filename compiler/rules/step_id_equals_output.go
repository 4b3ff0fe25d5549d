package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
)

var stepIDEqualsOutput = &Rule{
	Name:     "step-id-equals-output",
	Severity: diag.Warning,
	Summary:  "an id that an output of the same name hides",
	Whole:    true,
	Run: func(p *Pass) {
		catalogue := p.Language.Steps(p.Generation())
		chains(p, func(_ *model.Deployment, steps []*model.Step) {
			owner := map[string]*model.Step{}
			for _, s := range steps {
				if s.ID != "" {
					owner[s.ID] = s
				}
				names, _ := model.Outputs(catalogue, s)
				for _, output := range names {
					hidden := owner[output]
					if hidden == nil {
						continue
					}
					f := p.Report(hidden.IDNode.Span, "id %q is also the name of an output of %s, which takes its place: {{ %s.… }} finds nothing", hidden.ID, stepFunction(s), hidden.ID).
						At(hidden.Path).In(hidden.Deployment())
					if s != hidden {
						f.Also(s.Key.Span, "the step is here")
					}
					delete(owner, output)
				}
			}
		})
	},
}

// stepFunction is the last part of a step's path.
func stepFunction(s *model.Step) string {
	_, function := splitPath(s.Function())
	return function
}
