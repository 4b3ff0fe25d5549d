package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// problem makes the Run of a rule that reports what the YAML reader found. A fix, if given, adds its edits.
func problem(kind yamldoc.ProblemKind, fix func(*Pass, yamldoc.Problem, *Finding)) func(*Pass) {
	return func(p *Pass) {
		if !p.Model.LooksAtShared() {
			return // it is of the file
		}
		for _, found := range p.Model.Doc.Problems {
			if found.Kind != kind {
				continue
			}
			f := p.Report(found.Span, "%s", found.Message)
			if !found.Fatal {
				f.Deploys()
			}
			for _, r := range found.Related {
				f.Also(r.Span, "%s", r.Message)
			}
			if fix != nil {
				fix(p, found, f)
			}
		}
	}
}

// quote offers to put the text in quotes.
func quote(p *Pass, found yamldoc.Problem, f *Finding) {
	quoted := Quoted(p.Model.Source.Slice(found.Span))
	if quoted != "" {
		f.Fix("put it in quotes", Replace(found.Span, quoted))
	}
}

// Quoted writes a one-line text as a quoted YAML scalar; "" if that takes more than quotes.
func Quoted(text string) string {
	switch {
	case !printable(text):
		return ""
	case !strings.ContainsAny(text, `"\`):
		return `"` + text + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// deleteLine is the edit that removes the whole lines a span touches.
func deleteLine(f *source.File, span source.Span) diag.Edit {
	first, last := f.LineOf(span.Start), f.LineOf(max(span.Start, span.End-1))
	return diag.Edit{Span: source.Span{Start: f.LineStart(first), End: f.LineStart(last + 1)}}
}
