package rules

import (
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

var secretInClear = &Rule{
	Name:     "secret-in-clear",
	Severity: diag.Error,
	Summary:  "a secret that Prefect would look up at the deploy and store in clear, for everybody who can read the deployment",
	Run: func(p *Pass) {
		blocks := map[string]*schema.Block{}
		for _, r := range p.Model.References {
			if r.Kind != template.Block || r.Section != model.Setting || inJobVariables(r) || !p.registered(r.Field) {
				continue
			}
			slug, name, path, ok := r.BlockParts()
			if !ok || name == "" {
				continue // malformed
			}
			block, seen := blocks[slug]
			if !seen {
				block, _ = p.Language.Block(p.Generation(), slug) // unknown types say nothing
				blocks[slug] = block
			}
			if block == nil || !holdsSecret(block.Fields, path) {
				continue
			}
			p.Report(r.Span, "the block %s.%s holds a secret: here prefect looks it up at the deploy and stores it in clear; read it in the flow, or in work_pool.job_variables", slug, name).
				At(r.Path).In(r.Deployment)
		}
	},
}

// holdsSecret reports whether what a key path leads to has anything secret in it; no path is the whole document.
func holdsSecret(fields []schema.BlockField, path string) bool {
	head, rest, _ := strings.Cut(strings.ReplaceAll(path, "[", "."), ".")
	for i := range fields {
		f := &fields[i]
		if head != "" && f.Name != head && f.SavedAs != head {
			continue
		}
		switch {
		case f.Secret:
			return true
		case len(f.SecretPaths) > 0:
			if rest == "" || slices.ContainsFunc(f.SecretPaths, func(s string) bool { return s == rest || strings.HasPrefix(s, rest+".") }) {
				return true
			}
		case len(f.Fields) > 0 && holdsSecret(f.Fields, rest):
			return true
		}
	}
	return false
}
