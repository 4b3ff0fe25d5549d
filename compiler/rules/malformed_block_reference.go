package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

var malformedBlockReference = &Rule{
	Name:     "malformed-block-reference",
	Severity: diag.Error,
	Summary:  "a reference to a block that lacks the block's type or name",
	Run: func(p *Pass) {
		for _, r := range p.Model.References {
			if r.Kind != template.Block {
				continue
			}
			slug, name, path, ok := r.BlockParts()
			switch {
			case !ok:
				reportBlock(p, r, "%q names no block: write prefect.blocks.TYPE.NAME", r.Name)
			case slug == "" || name == "" || path == "" && strings.HasSuffix(r.Name, "."):
				reportBlock(p, r, "%q has an empty part: write prefect.blocks.TYPE.NAME", r.Name)
			}
		}
	},
}

// reportBlock reports a reference to a block. Prefect looks blocks up while it deploys, but for those in the file's pull,
// and in Prefect 2 in job variables, which the worker looks up.
func reportBlock(p *Pass, r *model.Reference, format string, args ...any) *Finding {
	f := p.Report(r.Span, format, args...).At(r.Path).In(r.Deployment)
	if r.Deployment == nil && r.Section == model.Pull || p.Generation() == schema.Prefect2 && inJobVariables(r) {
		f.Deploys()
	}
	return f
}

func inJobVariables(r *model.Reference) bool {
	return r.Section == model.Setting && r.Field == "work_pool" && strings.Contains(r.Path, ".job_variables")
}
