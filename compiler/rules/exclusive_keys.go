package rules

import (
	"slices"
	"strconv"
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
			f := reportMisfit(p, m, "%q cannot stand beside %s: %s takes only one of %s%s",
				keyName(m), others(m), owner(m), strings.Join(m.Allowed, ", "), consequence(m))
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

// others names the keys that exclude the one of a misfit, as far as they are there.
func others(m *model.Misfit) string {
	var names []string
	for _, e := range m.Parent.Entries() {
		if e.Key != m.Key && slices.Contains(m.Allowed, e.Key.KeyText()) {
			names = append(names, strconv.Quote(e.Key.KeyText()))
		}
	}
	return strings.Join(names, " and ")
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
