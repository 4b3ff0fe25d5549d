package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var dockerBuildPushArgument = &Rule{
	Name:     "docker-build-push-argument",
	Severity: diag.Warning,
	Fixes:    SafeFix,
	Summary:  "push or credentials in build_docker_image, which only old prefect-docker takes",
	Run: func(p *Pass) {
		unknownArguments(p, func(s *StepUse, a yamldoc.Entry) {
			if name := a.Key.Text; s.isDockerHabit(name) && (name == "push" || name == "credentials") {
				f := reportStep(p, s, a.Key.Span, "build_docker_image takes no %q since prefect-docker 0.5: push with a step push_docker_image", name)
				v := a.Value.Deref()
				if edits := removeEntry(p, s.Body, a); edits != nil && v != nil && v.Scalar == false {
					f.Fix("remove it", edits...)
				}
			}
		})
	},
}
