package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var dockerBuildWithoutPull = &Rule{
	Name:     "docker-build-without-pull",
	Severity: diag.Info,
	Summary:  "an image built from a Dockerfile of one's own and no pull steps: the flow has to be in the image's working directory",
	Run: func(p *Pass) {
		said := map[*model.Step]bool{}
		for _, d := range p.Model.Deployments {
			s := dockerBuild(d)
			if s == nil || said[s] || !withoutPull(d) {
				continue
			}
			if a, ok := s.Arg("dockerfile"); ok {
				if v := a.Value.Deref(); v == nil || v.Kind != yamldoc.String || v.Text == "auto" {
					continue
				}
			}
			said[s] = true
			p.Report(s.Key.Span, "the image is built but there are no pull steps: the flow has to be in the image's working directory, else add a pull step set_working_directory").
				At(s.Path).In(d)
		}
	},
}
