package render

import (
	"io"
	"net/url"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/: what code scanning services read. Columns count code points,
// which columnKind says.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version,omitempty"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID            string       `json:"id"`
	Short         sarifMessage `json:"shortDescription"`
	HelpURI       string       `json:"helpUri,omitempty"`
	Configuration sarifLevel   `json:"defaultConfiguration"`
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    *int              `json:"ruleIndex,omitempty"`
	Level        string            `json:"level"`
	Message      sarifMessage      `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Related      []sarifLocation   `json:"relatedLocations,omitempty"`
	Fixes        []sarifFix        `json:"fixes,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints,omitempty"`
}

type sarifLocation struct {
	ID       *int           `json:"id,omitempty"`
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	Message  *sarifMessage  `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifLogical struct {
	FullName string `json:"fullyQualifiedName"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}

type sarifFix struct {
	Description sarifMessage  `json:"description"`
	Changes     []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifRegion   `json:"deletedRegion"`
	Inserted *sarifMessage `json:"insertedContent,omitempty"`
}

func (r *Report) sarif(w io.Writer) error {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "prefectc", Version: r.Version, InformationURI: home, Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	index := map[string]int{}
	for i, rule := range r.Rules {
		index[rule.Name] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: rule.Name, Short: sarifMessage{rule.Summary}, HelpURI: rule.URL, Configuration: sarifLevel{sarifLevelOf(rule.Severity)},
		})
	}
	for i := range r.Findings {
		result := sarifResultOf(&r.Findings[i])
		if at, known := index[result.RuleID]; known {
			result.RuleIndex = &at
		}
		if r.Fingerprint != nil {
			result.Fingerprints = map[string]string{"rulePath/v1": r.Fingerprint(i)}
		}
		run.Results = append(run.Results, result)
	}
	return encode(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func sarifResultOf(d *diag.Diagnostic) sarifResult {
	place := sarifLocationOf(d.File, d.Span)
	if d.Path != "" {
		place.Logical = []sarifLogical{{d.Path}}
	}
	result := sarifResult{RuleID: d.Rule, Level: sarifLevelOf(d.Severity), Message: sarifMessage{d.Message}, Locations: []sarifLocation{place}}
	for i, related := range d.Related {
		l := sarifLocationOf(related.File, related.Span)
		l.ID, l.Message = &i, &sarifMessage{related.Message}
		result.Related = append(result.Related, l)
	}
	for _, f := range d.Fixes {
		change := sarifChange{Artifact: sarifArtifact{sarifURI(d.File.Path)}}
		for _, e := range f.Edits {
			replacement := sarifReplacement{Deleted: sarifRegionOf(d.File, e.Span)}
			if e.Text != "" {
				replacement.Inserted = &sarifMessage{e.Text}
			}
			change.Replacements = append(change.Replacements, replacement)
		}
		if len(change.Replacements) > 0 {
			result.Fixes = append(result.Fixes, sarifFix{sarifMessage{f.Title}, []sarifChange{change}})
		}
	}
	return result
}

func sarifLocationOf(f *source.File, span source.Span) sarifLocation {
	return sarifLocation{Physical: sarifPhysical{sarifArtifact{sarifURI(f.Path)}, sarifRegionOf(f, span)}}
}

func sarifRegionOf(f *source.File, span source.Span) sarifRegion {
	start, end := f.Position(span.Start), f.Position(span.End)
	return sarifRegion{start.Line, start.Column, end.Line, end.Column}
}

// sarifURI makes a reference of a path: relative paths stay relative to wherever the service takes the files from.
func sarifURI(path string) string {
	if len(path) > 1 && path[1] == ':' { // C:/…
		path = "/" + path
	}
	u := url.URL{Path: path}
	if strings.HasPrefix(path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}

func sarifLevelOf(s diag.Severity) string {
	if s == diag.Info {
		return "note"
	}
	return s.String()
}
