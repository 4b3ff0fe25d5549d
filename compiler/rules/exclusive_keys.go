package rules

import (
	"slices"
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
			if winner := kindOf(m.Parent, p.Generation()); m.Tolerated && winner != "" {
				reportLosers(p, m, winner)
				return
			}
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

// reportLosers reports the kinds of a schedule that Prefect 2 passes over for another.
func reportLosers(p *Pass, m *model.Misfit, winner string) {
	first, _ := m.Parent.Get(winner)
	for _, e := range m.Parent.Entries() {
		if name := e.Key.KeyText(); name != winner && slices.Contains(m.Allowed, name) {
			reportMisfit(p, m, "prefect 2 takes %q and ignores %q, silently: a schedule has one of %s", winner, name, strings.Join(m.Allowed, ", ")).
				Also(first.Key.Span, "%q is given here", winner).Span = e.Key.Span
		}
	}
}
