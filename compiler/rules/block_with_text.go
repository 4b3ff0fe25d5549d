package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

var blockWithText = &Rule{
	Name:     "block-with-text",
	Severity: diag.Error,
	Only:     schema.Prefect2,
	Summary:  "a reference to a block inside other text, which Prefect 2 refuses",
	Run: func(p *Pass) {
		for _, r := range p.Model.References {
			if r.Kind == template.Block && !r.Whole {
				reportBlock(p, r, "prefect 2 takes a reference to a block only as the whole value, without text around it")
			}
		}
	},
}
