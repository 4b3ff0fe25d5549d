package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/schema"
)

var exclusiveKeys = &Rule{
	Name:     "exclusive-keys",
	Severity: diag.Error,
	Summary:  "keys that exclude each other, such as cron and interval",
	Run: func(p *Pass) {
		misfits(p, func(m *model.Misfit) {
			f := reportMisfit(p, m, "%q cannot stand beside another of %s: %s takes one of them%s",
				keyName(m), strings.Join(m.Allowed, ", "), owner(m), consequence(m))
			for _, e := range m.Parent.Entries() {
				for _, other := range m.Allowed {
					if e.Key.Text == other && e.Key != m.Key {
						f.Also(e.Key.Span, "%q is given here", other)
					}
				}
			}
		}, schema.Exclusive)
	},
}
