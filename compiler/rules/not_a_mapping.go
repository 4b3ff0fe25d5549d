package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var notAMapping = &Rule{
	Name:     "not-a-mapping",
	Severity: diag.Error,
	Summary:  "a file that is empty, or a list or a text at the top",
	Whole:    true,
	Run: func(p *Pass) {
		for _, problem := range p.Model.Doc.Problems {
			if problem.Fatal {
				return // what is there could not be read
			}
		}
		root := p.Model.Doc.Root.Deref()
		switch {
		case root == nil || root.Kind == yamldoc.Null:
			p.Report(source.At(0), "the file is empty, so prefect goes on without it: write a list of deployments")
		case root.Kind != yamldoc.Mapping:
			span := root.Span
			if root.Kind == yamldoc.Sequence && len(root.Items) > 0 {
				span = p.Model.Source.LineSpan(p.Model.Source.LineOf(root.Span.Start))
			}
			p.Report(span, `the file holds a %s, so prefect goes on without it: write "deployments:" and the list below`, nodeKind(root))
		}
	},
}
