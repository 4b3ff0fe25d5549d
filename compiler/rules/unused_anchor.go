package rules

import (
	"slices"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var unusedAnchor = &Rule{
	Name:     "unused-anchor",
	Severity: diag.Info,
	Fixes:    UnsafeFix,
	Summary:  "an anchor that no alias uses",
	Whole:    true,
	Run: func(p *Pass) {
		mistaken := func(found yamldoc.Problem) bool {
			return found.Kind == yamldoc.UnknownAlias || found.Kind == yamldoc.DuplicateAnchor
		}
		if p.Model.Doc.Partial || slices.ContainsFunc(p.Model.Doc.Problems, mistaken) {
			return // its aliases may be in what could not be read, or be misspelt
		}
		for _, a := range p.Model.Doc.Anchors {
			if len(a.Uses) == 0 {
				p.Report(a.Span, "no alias uses the anchor %q", a.Name).Tag(diag.Unnecessary).
					UnsafeFix("remove the anchor", removeAnchor(p.Model.Source, a))
			}
		}
	},
}

// removeAnchor is the edit that takes an anchor out, with the blanks that part it from its value; at the end of a line with
// those before it.
func removeAnchor(f *source.File, a *yamldoc.Anchor) diag.Edit {
	span := source.Span{Start: a.Span.Start - len("&"), End: a.Span.End}
	for span.End < len(f.Text) && blank(f.Text[span.End]) {
		span.End++
	}
	if span.End < len(f.Text) && f.Text[span.End] != '\n' && f.Text[span.End] != '\r' {
		return Replace(span, "")
	}
	for span.Start > 0 && blank(f.Text[span.Start-1]) {
		span.Start--
	}
	return Replace(span, "")
}

func blank(c byte) bool { return c == ' ' || c == '\t' }
