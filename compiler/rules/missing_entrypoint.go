package rules

import "github.com/prefectc/prefectc/compiler/diag"

var missingEntrypoint = &Rule{
	Name:     "missing-entrypoint",
	Severity: diag.Error,
	Summary:  "a deployment without an entrypoint",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			f := d.Field("entrypoint")
			text, isText := f.Text()
			if unnamed(d) || damaged(p, d.Node) || f.Set() && (!isText || text != "") || f.Key == nil && misspelt(p, d.Node, "entrypoint") {
				continue
			}
			span := d.Field("name").Span()
			if f.Key != nil {
				span = f.Key.Span
			}
			p.Report(span, "deployment %q has no entrypoint: write path/to/file.py:function", d.Label()).At(d.Path).In(d)
		}
	},
}
