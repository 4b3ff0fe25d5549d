package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var emptyPullFallsBack = &Rule{
	Name:     "empty-pull-falls-back",
	Severity: diag.Warning,
	Fixes:    UnsafeFix,
	Summary:  "an empty pull that does not mean \"no pull steps\"",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			own, file := d.Own(model.Pull), p.Model.FileAction(model.Pull)
			if own == nil || len(own.Steps) > 0 || !isEmpty(own.Value) || file == nil || d.PullDisabled() {
				continue
			}
			f := p.Report(emptySpan(own), "an empty \"pull\" does not switch the file's pull steps off%s", wayOut(p)).At(own.Field.Path).In(d)
			f.Also(file.Field.Key.Span, "these steps run")
			if p.Generation() == schema.Prefect3 && own.Value.Span.Len() > 0 {
				f.UnsafeFix("pull nothing", Replace(own.Value.Span, "[]"))
			}
		}
		own := p.Model.Action(model.Pull)
		if own != nil && p.Generation() == schema.Prefect2 && own.Value.Kind == yamldoc.Sequence && len(own.Value.Items) == 0 && len(p.Model.Deployments) > 0 {
			p.Report(emptySpan(own), "prefect 2 takes \"pull: []\" for no answer and stores the directory that the deploy runs in; only prefect 3 takes it for no pull steps").
				As(diag.Info).At(own.Field.Path)
		}
	},
}

func wayOut(p *Pass) string {
	if p.Generation() == schema.Prefect3 {
		return ": write \"pull: []\" for none"
	}
	return ": prefect 2 runs them all the same"
}

// isEmpty holds for null and for a list or mapping without anything in it.
func isEmpty(n *yamldoc.Node) bool {
	switch n.Kind {
	case yamldoc.Null:
		return true
	case yamldoc.Sequence:
		return len(n.Items) == 0
	case yamldoc.Mapping:
		return len(n.Entries()) == 0
	}
	return false
}

// emptySpan underlines an empty value, or the key before one that takes no room.
func emptySpan(a *model.Action) source.Span {
	if a.Field.Value.Span.Len() > 0 {
		return a.Field.Value.Span
	}
	return a.Field.Key.Span
}
