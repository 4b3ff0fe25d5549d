package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/schema"
)

var imageWithoutPull = &Rule{
	Name:     "image-without-pull",
	Severity: diag.Warning,
	Summary:  "an image without pull steps: Prefect 2 looks for the code where it was deployed from, Prefect 3 in /opt/prefect",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			image := imageOf(d)
			if d.Entrypoint() == "" || image == nil || !withoutPull(d) || dockerBuild(d) != nil {
				continue
			}
			if p.Generation() == schema.Prefect2 {
				p.Report(image.Span, "the deployment has an image but no pull steps: prefect 2 looks in the container for the directory that the deploy ran in").In(d)
				continue
			}
			p.Report(image.Span, "the deployment has an image but no pull steps: prefect 3 looks for the code in /opt/prefect of the image").As(diag.Info).In(d)
		}
	},
}
