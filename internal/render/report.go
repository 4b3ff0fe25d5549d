package render

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// Report is what a check found.
type Report struct {
	Version    string // of prefectc
	Base       string // absolute directory to which services take paths to be relative; empty leaves them
	Files      []string
	Findings   []diag.Diagnostic
	Rules      []RuleInfo    // every rule that can speak
	FailOn     diag.Severity // the least severity that makes a check fail
	Suppressed int           // findings ignored by comments
	Accepted   int           // findings that a baseline accepts

	// Fingerprint is the identity of finding i from run to run, whatever line it is on; nil when there is none.
	Fingerprint func(i int) string
}

// RuleInfo describes a rule to programs that show findings.
type RuleInfo struct {
	Name     string
	Summary  string
	Severity diag.Severity
	URL      string
	Page     func() string // the rule's documentation, Markdown; nil without one
}

// home is where the project lives.
const home = "https://github.com/prefectc/prefectc"

// Formats are the names of the formats a report can be written in.
func Formats() []string {
	return []string{"text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson"}
}

// Write writes a report in the format of that name; t says how text is drawn.
func (r *Report) Write(w io.Writer, format string, t Text) error {
	switch format {
	case "text":
		if err := t.Diagnostics(w, r.Findings); err != nil {
			return err
		}
		if t.NoSummary {
			return nil
		}
		return t.Summary(w, r)
	case "concise":
		return Concise(w, r.Findings)
	case "json":
		return JSON(w, r.Findings, r.Counts())
	case "sarif":
		return r.sarif(w)
	case "github":
		return r.github(w)
	case "gitlab":
		return r.gitlab(w)
	case "junit":
		return r.junit(w)
	case "rdjson":
		return r.rdjson(w)
	}
	return fmt.Errorf("there is no format %q: %s are", format, strings.Join(Formats(), ", "))
}

// path is how formats for services name a file: as it was named, relative to the base if it is below that.
func (r *Report) path(f *source.File) string {
	if r.Base == "" || !filepath.IsAbs(f.Path) {
		return f.Path
	}
	rel, err := filepath.Rel(r.Base, f.Path)
	if err != nil || !filepath.IsLocal(rel) {
		return f.Path
	}
	return filepath.ToSlash(rel)
}

// Counts sums the report up.
func (r *Report) Counts() Counts { return Count(len(r.Files), r.Findings) }

// OnlyFailures leaves out the findings that do not make the check fail.
func (r *Report) OnlyFailures() {
	fingerprint := r.Fingerprint
	var kept []int
	var findings []diag.Diagnostic
	for i := range r.Findings {
		if r.fails(&r.Findings[i]) {
			kept, findings = append(kept, i), append(findings, r.Findings[i])
		}
	}
	r.Findings = findings
	if fingerprint != nil {
		r.Fingerprint = func(i int) string { return fingerprint(kept[i]) }
	}
}

// filesWith is the number of files that have findings.
func (r *Report) filesWith() int {
	var with []string
	for i := range r.Findings {
		if path := r.Findings[i].File.Path; !slices.Contains(with, path) {
			with = append(with, path)
		}
	}
	return len(with)
}

// fails reports whether a finding makes the check fail.
func (r *Report) fails(d *diag.Diagnostic) bool { return d.Severity <= r.FailOn }
