package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var dateInStep = &Rule{
	Name:     "date-in-step",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "a date without quotes in a step, which Prefect cannot resolve",
	Run: func(p *Pass) {
		all := p.Steps()
		for i := range all {
			s := &all[i]
			// Prefect 3 writes the dates of a deployment's own steps as text before it runs them.
			if s.Broken || p.Generation() == schema.Prefect3 && s.Deployment() != nil {
				continue
			}
			for _, a := range s.Args {
				eachNode(a.Value, func(n *yamldoc.Node) {
					if n.Kind == yamldoc.Date || n.Kind == yamldoc.DateTime {
						f := reportStep(p, s, n.Span, "%s is a date for YAML, and prefect cannot handle dates in steps: put it in quotes", n.Text)
						quotePlain(f, n)
					}
				})
			}
		}
	},
}

// eachNode visits a node and all below it, each once and aliases followed.
func eachNode(n *yamldoc.Node, visit func(*yamldoc.Node)) {
	seen := map[*yamldoc.Node]bool{}
	var walk func(*yamldoc.Node)
	walk = func(n *yamldoc.Node) {
		if n = n.Deref(); n == nil {
			return
		}
		if len(n.Items)+len(n.Pairs) > 0 {
			if seen[n] {
				return
			}
			seen[n] = true
		}
		visit(n)
		for _, item := range n.Items {
			walk(item)
		}
		for _, e := range n.Entries() {
			walk(e.Value)
		}
	}
	walk(n)
}
