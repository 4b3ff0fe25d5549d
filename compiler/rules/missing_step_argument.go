package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
)

var missingStepArgument = &Rule{
	Name:     "missing-step-argument",
	Severity: diag.Error,
	Summary:  "an argument that the step cannot do without is not given",
	Run: func(p *Pass) {
		knownSteps(p, func(s *StepUse) {
			var missing []string
			for i := range s.Info.Params {
				if name := s.Info.Params[i].Name; s.Info.Params[i].Required && !holds(s.Body, name) {
					missing = append(missing, `"`+name+`"`)
				}
			}
			if len(missing) > 0 {
				reportStep(p, s, s.Key.Span, "%s needs %s", s.name(), strings.Join(missing, " and "))
			}
		})
	},
}
