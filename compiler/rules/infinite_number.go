package rules

import (
	"math"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var infiniteNumber = &Rule{
	Name:     "infinite-number",
	Severity: diag.Warning,
	Deploys:  true,
	Summary:  ".inf and .nan become null on their way to the server",
	Run: func(p *Pass) {
		eachPlace(p, func(at *place, n *yamldoc.Node) {
			if f, ok := n.Scalar.(float64); ok && n.Kind == yamldoc.Float && at.Section == model.Setting && (math.IsInf(f, 0) || math.IsNaN(f)) {
				at.report(p, n.Span, "%s cannot be sent: the server gets null", n.Text)
			}
		})
	},
}
