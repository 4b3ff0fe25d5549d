package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var missingWorkPool = &Rule{
	Name:     "missing-work-pool",
	Severity: diag.Warning,
	Deploys:  true,
	Summary:  "a deployment without a work pool, which depends on PREFECT_DEFAULT_WORK_POOL_NAME where it is deployed",
	Run: func(p *Pass) {
		const advice = "deploying it fails unless PREFECT_DEFAULT_WORK_POOL_NAME is set"
		for _, d := range p.Model.Deployments {
			pool := d.Field("work_pool")
			if unnamed(d) || damaged(p, d.Node) || pool.Key != nil && (!pool.Set() || pool.Node().Kind != yamldoc.Mapping) {
				continue // other rules speak
			}
			name := d.WorkPool("name")
			text, isText := name.Text()
			switch {
			case name.Set() && (!isText || text != ""):
			case pool.Key == nil && misspelt(p, d.Node, "work_pool"), name.Key == nil && pool.Key != nil && misspelt(p, pool.Node(), "name"):
			case pool.Key == nil:
				p.Report(d.Field("name").Span(), "deployment %q names no work pool: %s", d.Label(), advice).At(d.Path).In(d)
			case name.Key == nil && damaged(p, pool.Node()):
			case name.Key == nil:
				p.Report(pool.Key.Span, "the work pool has no name: %s", advice).At(pool.Path).In(d)
			default:
				p.Report(name.Key.Span, "the work pool's name is empty: %s", advice).At(name.Path).In(d)
			}
		}
	},
}
