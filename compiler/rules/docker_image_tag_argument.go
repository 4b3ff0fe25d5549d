package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var dockerImageTagArgument = &Rule{
	Name:     "docker-image-tag-argument",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "image_tag in build_docker_image, whose argument is called tag",
	Run: func(p *Pass) {
		unknownArguments(p, func(s *StepUse, a yamldoc.Entry) {
			if a.Key.Text != "image_tag" || !s.isDockerHabit("image_tag") {
				return
			}
			f := reportStep(p, s, a.Key.Span, "build_docker_image takes no argument \"image_tag\": its tag is called \"tag\"")
			if !holds(s.Body, "tag") {
				f.Fix(`rename to "tag"`, Replace(a.Key.Span, sameQuotes(a.Key, "tag")))
			}
		})
	},
}
