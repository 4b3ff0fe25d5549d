package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var missingStepArgument = &Rule{
	Name:     "missing-step-argument",
	Severity: diag.Error,
	Summary:  "an argument that the step cannot do without is not given",
	Run: func(p *Pass) {
		knownSteps(p, func(s *StepUse) {
			var names []string
			for _, name := range s.missing() {
				if !s.misnamed(name) {
					names = append(names, `"`+name+`"`)
				}
			}
			if len(names) > 0 {
				reportStep(p, s, s.Key.Span, "%s needs %s", s.name(), strings.Join(names, " and "))
			}
		})
	},
}

// missing are the arguments that a known step cannot do without and is not given.
func (s *StepUse) missing() (names []string) {
	for i := range s.Info.Params {
		if name := s.Info.Params[i].Name; s.Info.Params[i].Required && !holds(s.Body, name) {
			names = append(names, name)
		}
	}
	return names
}

// misnamed holds for a missing argument that is there under another name; the rule unknown-step-argument speaks.
func (s *StepUse) misnamed(name string) bool {
	for _, a := range s.Args {
		if a.Key.Kind == yamldoc.String && !s.Info.Accepts(a.Key.Text, s.selected()) && s.meant(a.Key.Text) == name {
			return true
		}
	}
	return false
}
