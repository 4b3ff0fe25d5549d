package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/schema"
)

var mixedSlugs = &Rule{
	Name:     "mixed-slugs",
	Severity: diag.Warning,
	Deploys:  true,
	Only:     schema.Prefect3,
	Summary:  "some schedules of a deployment have a slug and some have none",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			if d.Field("schedule").Set() && d.Field("schedules").Key != nil {
				continue // one of the two has to go first
			}
			var without []*scheduleItem
			with := source.Span{}
			schedulesOf(p, d, func(s *scheduleItem) {
				switch n := s.value("slug"); {
				case misspelt(p, s.node, "slug"): // unknown-key speaks
				case !s.given("slug"):
					without = append(without, s)
				case with.Len() == 0:
					with = n.Span
				}
			})
			if with.Len() == 0 || len(without) == 0 {
				continue
			}
			s := without[0]
			p.Report(s.node.Entries()[0].Key.Span, "this schedule has no slug, but another of the deployment has: give all of them one, since the server keeps schedules by slug only if all have one").
				At(s.path()).In(d).Also(with, "a slug is given here")
		}
	},
}
