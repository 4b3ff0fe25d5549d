package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var tooLarge = &Rule{
	Name:     "too-large",
	Severity: diag.Error,
	Summary:  "a file beyond the bounds of what is read",
	Run: func(p *Pass) {
		problem(yamldoc.TooLarge, nil)(p)
		misfits(p, func(m *model.Misfit) {
			p.Report(source.At(0), "the file has more values, or more mistakes in its shape, than are looked at: the rest of it is not checked")
		}, schema.TooLarge)
	},
}
