package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var unquotedDate = &Rule{
	Name:     "unquoted-date",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Only:     schema.Prefect2,
	Summary:  "a date without quotes, which Prefect 2 cannot resolve",
	Run: func(p *Pass) {
		eachPlace(p, func(at *place, n *yamldoc.Node) {
			if at.Section != model.Setting || n.Kind != yamldoc.Date && n.Kind != yamldoc.DateTime {
				return
			}
			switch at.Field {
			case "parameters", "work_pool", "triggers":
				quotePlain(at.report(p, n.Span, "%s is a date for YAML, and prefect 2 cannot handle dates in a deployment: put it in quotes", n.Text), n)
			}
		})
	},
}
