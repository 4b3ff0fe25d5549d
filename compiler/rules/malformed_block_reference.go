package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

var malformedBlockReference = &Rule{
	Name:     "malformed-block-reference",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "a reference to a block that lacks the block's type or name, or has one that no block can have",
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
			case !blockName(slug) || !blockName(name):
				mended := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "_", "-") }
				f := reportBlock(p, r, "there can be no block %q: types and names of blocks are made of lower case letters, digits and -", slug+"."+name)
				f.Span = r.NameSpan
				whole := strings.Replace(r.Name, slug+"."+name, mended(slug)+"."+mended(name), 1)
				if blockName(mended(slug)) && blockName(mended(name)) && p.Model.Source.Slice(r.NameSpan) == r.Name {
					f.Message += fmt.Sprintf(", did you mean %q", mended(slug)+"."+mended(name))
					f.UnsafeFix(fmt.Sprintf("use %q", whole), Replace(r.NameSpan, whole))
				}
			}
		}
	},
}

// blockName holds for what can be the slug of a block's type, or the name of a block.
func blockName(s string) bool { return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" }

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
