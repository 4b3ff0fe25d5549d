package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var dockerBuildArgs = &Rule{
	Name:     "docker-build-args",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "build_args in build_docker_image, where docker-py says buildargs",
	Run: func(p *Pass) {
		unknownArguments(p, func(s *StepUse, a yamldoc.Entry) {
			if a.Key.Text != "build_args" || !s.isDockerHabit("build_args") {
				return
			}
			f := reportStep(p, s, a.Key.Span, "build_docker_image hands its arguments to docker-py, which takes no \"build_args\": write \"buildargs\"")
			if !holds(s.Body, "buildargs") {
				f.Fix(`rename to "buildargs"`, Replace(a.Key.Span, sameQuotes(a.Key, "buildargs")))
			}
		})
	},
}
