package render

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// Counts sums up findings.
type Counts struct {
	Files    int `json:"files"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
}

// Count sums up findings in files.
func Count(files int, ds []diag.Diagnostic) Counts {
	c := Counts{Files: files}
	for i := range ds {
		switch ds[i].Severity {
		case diag.Error:
			c.Errors++
		case diag.Warning:
			c.Warnings++
		default:
			c.Infos++
		}
	}
	return c
}

// Finding is the JSON form of a diagnostic: lines and columns from 1, columns in code points.
type Finding struct {
	Rule       string          `json:"rule"`
	Severity   string          `json:"severity"`
	Message    string          `json:"message"`
	File       string          `json:"file"`
	Start      source.Position `json:"start"`
	End        source.Position `json:"end"`
	Path       string          `json:"path"`
	Deployment string          `json:"deployment"`
	Related    []Place         `json:"related"`
	Fixes      []Fix           `json:"fixes"`
	URL        string          `json:"url"`
}

// Place is the JSON form of a related place.
type Place struct {
	Message string          `json:"message"`
	File    string          `json:"file"`
	Start   source.Position `json:"start"`
	End     source.Position `json:"end"`
}

// Fix is the JSON form of a fix.
type Fix struct {
	Title string `json:"title"`
	Safe  bool   `json:"safe"`
	Edits []Edit `json:"edits"`
}

// Edit is the JSON form of an edit.
type Edit struct {
	Start source.Position `json:"start"`
	End   source.Position `json:"end"`
	Text  string          `json:"text"`
}

// FindingOf makes the JSON form of a diagnostic.
func FindingOf(d *diag.Diagnostic) Finding {
	f := Finding{
		Rule: d.Rule, Severity: d.Severity.String(), Message: d.Message, File: d.File.Path,
		Start: d.File.Position(d.Span.Start), End: d.File.Position(d.Span.End),
		Path: d.Path, Deployment: d.Deployment, Related: []Place{}, Fixes: []Fix{}, URL: d.URL,
	}
	for _, r := range d.Related {
		f.Related = append(f.Related, Place{r.Message, r.File.Path, r.File.Position(r.Span.Start), r.File.Position(r.Span.End)})
	}
	for _, fix := range d.Fixes {
		out := Fix{Title: fix.Title, Safe: fix.Safe, Edits: []Edit{}}
		for _, e := range fix.Edits {
			out.Edits = append(out.Edits, Edit{d.File.Position(e.Span.Start), d.File.Position(e.Span.End), e.Text})
		}
		f.Fixes = append(f.Fixes, out)
	}
	return f
}

// SchemaVersion is the version of the JSON forms.
const SchemaVersion = 1

// JSON writes findings as one document.
func JSON(w io.Writer, ds []diag.Diagnostic, c Counts) error {
	report := struct {
		SchemaVersion int       `json:"schema_version"`
		Findings      []Finding `json:"findings"`
		Summary       Counts    `json:"summary"`
	}{SchemaVersion, []Finding{}, c}
	for i := range ds {
		report.Findings = append(report.Findings, FindingOf(&ds[i]))
	}
	return encode(w, report)
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Concise writes one line a finding: file:line:column: severity[rule]: message.
func Concise(w io.Writer, ds []diag.Diagnostic) error {
	for i := range ds {
		d := &ds[i]
		p := d.File.Position(d.Span.Start)
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s[%s]: %s\n", printable(d.File.Path), p.Line, p.Column, d.Severity, d.Rule, printable(d.Message)); err != nil {
			return err
		}
	}
	return nil
}
