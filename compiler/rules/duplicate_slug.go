package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var duplicateSlug = &Rule{
	Name:     "duplicate-slug",
	Severity: diag.Error,
	Only:     schema.Prefect3,
	Summary:  "two schedules of a deployment with the same slug, which the server refuses",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			seen := map[string]*yamldoc.Node{}
			schedulesOf(p, d, func(s *scheduleItem) {
				slug, n, ok := s.text("slug")
				switch first := seen[slug]; {
				case !ok || slug == "":
				case first == nil:
					seen[slug] = n
				default:
					s.report(p, n.Span, "slug", "slug %q is taken by another schedule of this deployment", slug).Also(first.Span, "first used here")
				}
			})
		}
	},
}
