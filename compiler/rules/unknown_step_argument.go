package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var unknownStepArgument = &Rule{
	Name:     "unknown-step-argument",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "an argument that the step does not take, which is a TypeError when it runs",
	Run: func(p *Pass) {
		other := p.Language.Steps(otherGeneration(p))
		unknownArguments(p, func(s *StepUse, a yamldoc.Entry) {
			name := a.Key.Text
			if s.isDockerHabit(name) || template.Has(name) {
				return // other rules speak
			}
			msg := fmt.Sprintf("%s takes no argument %q", s.name(), name)
			near := s.meant(name)
			there, _ := other.Lookup(s.Function())
			switch {
			case there != nil && there.Param(name) != nil:
				msg += fmt.Sprintf(" in prefect %d, only in prefect %d", p.Generation(), otherGeneration(p))
				near = ""
			case near != "":
				msg += fmt.Sprintf(", did you mean %q", near)
			default:
				msg += "; it takes " + list(s.Info.Keywords(s.selected()))
			}
			f := reportStep(p, s, a.Key.Span, "%s", msg)
			if near != "" && !holds(s.Body, near) {
				f.UnsafeFix(fmt.Sprintf("rename to %q", near), Replace(a.Key.Span, sameQuotes(a.Key, near)))
			}
		})
	},
}

// unknownArguments visits the arguments that a known step does not take.
func unknownArguments(p *Pass, visit func(*StepUse, yamldoc.Entry)) {
	knownSteps(p, func(s *StepUse) {
		for _, a := range s.Args {
			if a.Key.Kind == yamldoc.String && !s.Info.Accepts(a.Key.Text, s.selected()) {
				visit(s, a)
			}
		}
	})
}

// meant is the argument that was probably meant by one that the step does not take: the nearest, else the one that is missing,
// where one is missing and one is unknown.
func (s *StepUse) meant(name string) string {
	if near := s.Info.NearestKeyword(name, s.selected()); near != "" || s.isDockerHabit(name) {
		return near
	}
	if isID(name) {
		return "id"
	}
	if near := schema.Nearest(name, []string{"requires"}); near != "" {
		return near
	}
	missing, unknown := s.missing(), 0
	for _, a := range s.Args {
		if a.Key.Kind == yamldoc.String && !s.Info.Accepts(a.Key.Text, s.selected()) {
			unknown++
		}
	}
	if len(missing) == 1 && unknown == 1 {
		return missing[0]
	}
	return ""
}

// isID holds for other spellings of "id".
func isID(name string) bool {
	name = strings.ToLower(name)
	return name == "id" || name == "ids" || name == "_id" || name == "step_id"
}

const buildDockerImage = "prefect_docker.deployments.steps.build_docker_image"

// isDockerHabit holds for arguments of build_docker_image that people take from elsewhere, or from its past.
func (s *StepUse) isDockerHabit(name string) bool {
	if s.Info == nil || s.Info.Path != buildDockerImage {
		return false
	}
	switch name {
	case "push", "credentials", "image_tag", "build_args":
		return true
	}
	return false
}
