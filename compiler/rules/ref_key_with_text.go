package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var refKeyWithText = &Rule{
	Name:     "ref-key-with-text",
	Severity: diag.Error,
	Summary:  "a key \"$ref\", which Prefect takes for a reference to a block and fails on",
	Run: func(p *Pass) {
		eachPlace(p, func(at *place, n *yamldoc.Node) {
			e, has := n.Get("$ref")
			if !has {
				return
			}
			if v := e.Value.Deref(); v == nil || v.Kind == yamldoc.Mapping {
				return
			}
			f := at.report(p, e.Key.Span, "prefect takes \"$ref\" for a reference to a block, whose value is a mapping with block_document_id, and fails on any other")
			switch {
			case at.Step != nil && at.Deployment != nil && at.Step.Runs:
				f.Blocks = true // a deployment's own steps are looked through at the deploy, even its pull
			case at.Field == "work_pool" && len(at.steps) > 0 && at.steps[0].key == "job_variables" && p.Generation() == schema.Prefect2:
				f.Deploys()
			}
		})
	},
}
