package rules

import (
	"fmt"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var unknownAlias = &Rule{
	Name:     "unknown-alias",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "an alias without an anchor before it",
	Whole:    true,
	Run:      problem(yamldoc.UnknownAlias, meantAnchor),
}

// meantAnchor shows the anchor of the name that comes too late, else offers one before with a similar name.
func meantAnchor(p *Pass, found yamldoc.Problem, f *Finding) {
	name := p.Model.Source.Slice(found.Span)[len("*"):]
	before := map[string]*yamldoc.Anchor{}
	var names []string
	for _, a := range p.Model.Doc.Anchors {
		switch {
		case a.Name == name:
			f.Also(a.Span, "the anchor comes only here: move it up")
			return
		case a.Span.Start < found.Span.Start && before[a.Name] == nil:
			before[a.Name] = a
			names = append(names, a.Name)
		}
	}
	near := schema.Nearest(name, names)
	if near == "" {
		return
	}
	f.Message += fmt.Sprintf(", did you mean *%s", near)
	f.Also(before[near].Span, "this anchor stands before it")
	f.UnsafeFix(fmt.Sprintf("use *%s", near), Replace(found.Span, "*"+near))
}
