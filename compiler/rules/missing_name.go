package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
)

var missingName = &Rule{
	Name:     "missing-name",
	Severity: diag.Error,
	Summary:  "a deployment without a name is skipped",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			if !unnamed(d) || damaged(p, d.Node) || d.Field("name").Key == nil && misspelt(p, d.Node, "name") {
				continue
			}
			span := d.Node.Span
			if name := d.Field("name"); name.Key != nil {
				span = name.Key.Span
			} else if len(d.Node.Pairs) > 0 {
				span = d.Node.Pairs[0].Key.Span
			}
			switch {
			case leftover(d):
				p.Report(span, "this deployment is empty, as prefect init leaves it, and is skipped: fill it in or remove it").
					At(d.Path).In(d).As(diag.Info).Tag(diag.Unnecessary)
			case strayStep(d):
				p.Report(span, "%q is a step, but stands in the list of deployments, where prefect skips it: indent it below build, push or pull", firstKey(d)).
					At(d.Path).In(d).Deploys()
			case len(p.Model.All()) > 1:
				p.Report(span, "this deployment has no name, so prefect skips it").At(d.Path).In(d).Deploys()
			default:
				p.Report(span, "this deployment has no name: prefect asks for one").At(d.Path).In(d)
			}
		}
	},
}

// strayStep holds for a step that stands in the list of deployments.
func strayStep(d *model.Deployment) bool {
	return unnamed(d) && (strings.HasPrefix(firstKey(d), "prefect.") || strings.HasPrefix(firstKey(d), "prefect_"))
}

// firstKey is the first key of a deployment as written, "" without one.
func firstKey(d *model.Deployment) string {
	if len(d.Node.Pairs) == 0 {
		return ""
	}
	return d.Node.Pairs[0].Key.KeyText()
}
