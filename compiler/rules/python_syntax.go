package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
)

var pythonSyntax = &Rule{
	Name:     "python-syntax",
	Severity: diag.Error,
	Summary:  "the flow's file is not Python: a bracket or a string is not closed",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			r := p.Flow(d)
			if r.Code == nil || len(r.Code.Problems) == 0 {
				continue
			}
			_, n, ok := entrypointText(d)
			if !ok {
				continue
			}
			problem := r.Code.Problems[0]
			p.Report(n.Span, "%s is not Python, so that the deploy ends with a SyntaxError: %s", r.File.Path, problem.Text).
				At(d.Path+".entrypoint").In(d).AlsoIn(r.File, problem.Span, "here")
		}
	},
}
