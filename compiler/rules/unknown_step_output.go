package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/schema"
)

var unknownStepOutput = &Rule{
	Name:     "unknown-step-output",
	Severity: diag.Error,
	Summary:  "a reference to an output that the step does not return",
	Run: func(p *Pass) {
		links(p, func(l *model.Link) {
			near := schema.Nearest(l.Output, l.Names)
			f := reportLink(p, l, "%s has no output %q: it returns %s; %s", stepLabel(l.Source), l.Output, list(l.Names), effect(l)).
				Also(l.Source.IDNode.Span, "the step is here")
			if near != "" {
				renameReference(f, l, l.Source.ID+"."+near)
			}
		}, model.UnknownOutput)
	},
}
