package render

import (
	"io"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// The diagnostic format of reviewdog: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. Its columns count the
// bytes of UTF-8.

type rdReport struct {
	Source      rdSource       `json:"source"`
	Diagnostics []rdDiagnostic `json:"diagnostics"`
}

type rdSource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type rdDiagnostic struct {
	Message     string         `json:"message"`
	Location    rdLocation     `json:"location"`
	Severity    string         `json:"severity"`
	Code        rdCode         `json:"code"`
	Suggestions []rdSuggestion `json:"suggestions,omitempty"`
	Related     []rdRelated    `json:"related_locations,omitempty"`
}

type rdLocation struct {
	Path  string  `json:"path"`
	Range rdRange `json:"range"`
}

type rdRange struct {
	Start source.Position `json:"start"`
	End   source.Position `json:"end"`
}

type rdCode struct {
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

type rdSuggestion struct {
	Range rdRange `json:"range"`
	Text  string  `json:"text"`
}

type rdRelated struct {
	Message  string     `json:"message"`
	Location rdLocation `json:"location"`
}

func (r *Report) rdjson(w io.Writer) error {
	report := rdReport{Source: rdSource{"prefectc", home}, Diagnostics: []rdDiagnostic{}}
	for i := range r.Findings {
		d := &r.Findings[i]
		out := rdDiagnostic{
			Message: d.Message, Location: rdLocation{r.path(d.File), rdRangeOf(d.File, d.Span)},
			Severity: strings.ToUpper(d.Severity.String()), Code: rdCode{d.Rule, d.URL},
		}
		out.Suggestions = rdSuggestions(d)
		for _, related := range d.Related {
			out.Related = append(out.Related, rdRelated{related.Message, rdLocation{r.path(related.File), rdRangeOf(related.File, related.Span)}})
		}
		report.Diagnostics = append(report.Diagnostics, out)
	}
	return encode(w, report)
}

// rdSuggestions are the edits of the first fix that is one edit: a reviewer takes suggestions one by one, so that half of a
// fix must not be offered.
func rdSuggestions(d *diag.Diagnostic) []rdSuggestion {
	for _, f := range d.Fixes {
		if len(f.Edits) == 1 {
			return []rdSuggestion{{rdRangeOf(d.File, f.Edits[0].Span), f.Edits[0].Text}}
		}
	}
	return nil
}

func rdRangeOf(f *source.File, span source.Span) rdRange {
	return rdRange{rdPosition(f, span.Start), rdPosition(f, span.End)}
}

func rdPosition(f *source.File, off int) source.Position {
	line := f.LineOf(off)
	return source.Position{Line: line + 1, Column: off - f.LineStart(line) + 1}
}
