package lsp

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/docs"
)

// explainFinding is the page of the rule that found something at off: of the narrowest finding, the others being named only.
func explainFinding(a *analysis, off int) (prose, source.Span) {
	best := -1
	for i := range a.findings {
		f := &a.findings[i]
		if f.File.Path == a.doc.file.Path && f.Span.Contains(off) && f.Span.Len() > 0 &&
			(best < 0 || f.Span.Len() < a.findings[best].Span.Len()) {
			best = i
		}
	}
	var p prose
	if best < 0 {
		return p, source.Span{}
	}
	rule, span := a.findings[best].Rule, a.findings[best].Span
	page, err := docs.Rules.ReadFile("rules/" + rule + ".md")
	if err != nil {
		return p, span // a finding of the server itself, or a page yet to be written
	}
	text := strings.TrimSpace(strings.TrimPrefix(string(page), "# "+rule))
	p.add(heading, rule)
	p.add(paragraph, strings.NewReplacer("```yaml bad", "Wrong:\n\n```yaml", "```yaml good", "Right:\n\n```yaml").Replace(text))
	return p, span
}
