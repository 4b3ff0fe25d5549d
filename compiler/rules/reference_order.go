package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
)

var referenceOrder = &Rule{
	Name:     "reference-order",
	Severity: diag.Error,
	Summary:  "a reference to a step that has not run yet, or does not run at all",
	Run: func(p *Pass) {
		links(p, func(l *model.Link) {
			var f *Finding
			switch l.Status {
			case model.FromItself:
				f = reportLink(p, l, "%q is this step's own output, which does not exist yet; %s", l.Name, effect(l))
			case model.FromLater:
				f = reportLink(p, l, "%q comes from a step that runs later; %s", l.Name, effect(l))
			default:
				f = reportLink(p, l, "%q comes from the file's %s, which deployment %q replaces by its own; %s",
					l.Name, l.Source.Action.Section, label(l), effect(l))
			}
			f.Also(l.Source.Key.Span, "%s is here", stepLabel(l.Source))
		}, model.FromItself, model.FromLater, model.FromReplaced)
	},
}

func label(l *model.Link) string {
	if l.For == nil {
		return ""
	}
	return l.For.Label()
}
