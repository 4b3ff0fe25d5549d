package rules

import (
	"path"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
)

var setWorkingDirectoryInBuild = &Rule{
	Name:     "set-working-directory-in-build",
	Severity: diag.Warning,
	Summary:  "set_working_directory in build or push moves the deploy itself, and the deployments after it are looked for there",
	Whole:    true,
	Run: func(p *Pass) {
		if len(p.Model.Deployments) < 2 {
			return // the flow is loaded before the steps run
		}
		coreSteps(p, func(s *StepUse) {
			if dir, ok := s.text("directory"); !ok || path.Clean(dir) == "." || !s.Runs || s.Action.Section == model.Pull || !followed(p, s) {
				return
			}
			reportStep(p, s, s.Key.Span, "set_working_directory in %s moves the whole deploy: prefect looks there for the entrypoints of the deployments after this one", s.Action.Section)
		}, "set_working_directory")
	},
}

// followed reports whether a deployment with a relative entrypoint comes after the first one that runs the step.
func followed(p *Pass, s *StepUse) bool {
	moved := false
	for _, d := range p.Model.Deployments {
		if own := s.Deployment(); own != nil && d.Index < own.Index {
			continue
		}
		if file, _, _ := strings.Cut(d.Entrypoint(), ":"); moved && file != "" && !strings.HasPrefix(file, "/") {
			return true
		}
		moved = moved || d.Effective(s.Action.Section) == s.Action
	}
	return false
}
