package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
)

var emptyPushFallsBack = &Rule{
	Name:     "empty-push-falls-back",
	Severity: diag.Warning,
	Summary:  "an empty push that does not mean \"no push steps\"",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			own, file := d.Own(model.Push), p.Model.FileAction(model.Push)
			if own == nil || len(own.Steps) > 0 || !isEmpty(own.Value) || file == nil {
				continue
			}
			p.Report(emptySpan(own), "an empty \"push\" does not switch the file's push steps off: they run for this deployment too").
				At(own.Field.Path).In(d).Also(file.Field.Key.Span, "these steps run")
		}
	},
}
