package render

import (
	"io"
	"net/url"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/: what code scanning services read. Columns count code points,
// which columnKind says. Findings that comments or a baseline keep silent are left out: GitHub would open alerts for them.
// No snippet is written, since it could hold a secret.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifInvocation struct {
	Successful bool `json:"executionSuccessful"`
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
	ID            string          `json:"id"`
	Short         sarifMessage    `json:"shortDescription"`
	Full          sarifMessage    `json:"fullDescription"`
	HelpURI       string          `json:"helpUri,omitempty"`
	Help          *sarifHelp      `json:"help,omitempty"`
	Configuration sarifLevel      `json:"defaultConfiguration"`
	Properties    sarifProperties `json:"properties"`
}

// sarifHelp is what a service shows beside a finding.
type sarifHelp struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

// sarifProperties are those by which GitHub sorts findings of a rule.
type sarifProperties struct {
	Severity string   `json:"problem.severity"`
	Tags     []string `json:"tags"`
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
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
	URI  string `json:"uri"`
	Base string `json:"uriBaseId,omitempty"`
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
		Tool:        sarifTool{sarifDriver{Name: "prefectc", Version: r.Version, InformationURI: home, Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{{true}},
		ColumnKind:  "unicodeCodePoints",
		Results:     []sarifResult{},
	}
	rules := &run.Tool.Driver.Rules
	index := map[string]int{}
	for i, rule := range r.Rules {
		index[rule.Name] = i
		*rules = append(*rules, sarifRuleOf(rule))
	}
	for i := range r.Findings {
		d := &r.Findings[i]
		at, known := index[d.Rule]
		if !known { // a policy of the project's
			at = len(*rules)
			index[d.Rule] = at
			*rules = append(*rules, sarifRuleOf(RuleInfo{Name: d.Rule, Summary: d.Message, Severity: d.Severity, URL: d.URL}))
		}
		if at < len(r.Rules) && r.Rules[at].Page != nil {
			(*rules)[at].Help.Markdown = r.Rules[at].Page()
		}
		result := r.sarifResultOf(d)
		result.RuleIndex = at
		if r.Fingerprint != nil {
			result.Fingerprints = map[string]string{"rulePath/v1": r.Fingerprint(i)}
		}
		run.Results = append(run.Results, result)
	}
	return encode(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func sarifRuleOf(rule RuleInfo) sarifRule {
	out := sarifRule{
		ID: rule.Name, Short: sarifMessage{rule.Summary}, Full: sarifMessage{rule.Summary}, HelpURI: rule.URL,
		Configuration: sarifLevel{sarifLevelOf(rule.Severity)},
		Properties:    sarifProperties{"recommendation", []string{"prefect"}},
	}
	if rule.Severity != diag.Info {
		out.Properties.Severity = rule.Severity.String()
	}
	out.Help = &sarifHelp{Text: rule.Summary}
	if rule.URL != "" {
		out.Help.Text += "\n\n" + rule.URL
	}
	return out
}

func (r *Report) sarifResultOf(d *diag.Diagnostic) sarifResult {
	place := r.sarifLocationOf(d.File, d.Span)
	if d.Path != "" {
		place.Logical = []sarifLogical{{d.Path}}
	}
	result := sarifResult{RuleID: d.Rule, Level: sarifLevelOf(d.Severity), Message: sarifMessage{d.Message}, Locations: []sarifLocation{place}}
	for i, related := range d.Related {
		l := r.sarifLocationOf(related.File, related.Span)
		l.ID, l.Message = &i, &sarifMessage{related.Message}
		result.Related = append(result.Related, l)
	}
	for _, f := range d.Fixes {
		change := sarifChange{Artifact: r.sarifArtifactOf(d.File)}
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

func (r *Report) sarifLocationOf(f *source.File, span source.Span) sarifLocation {
	return sarifLocation{Physical: sarifPhysical{r.sarifArtifactOf(f), sarifRegionOf(f, span)}}
}

// sarifArtifactOf is a reference to a file: a relative path stays relative to the root of the sources.
func (r *Report) sarifArtifactOf(f *source.File) sarifArtifact {
	path := r.path(f)
	if len(path) > 1 && path[1] == ':' { // C:/…
		path = "/" + path
	}
	u := url.URL{Path: path}
	if strings.HasPrefix(path, "/") {
		u.Scheme = "file"
		return sarifArtifact{URI: u.String()}
	}
	return sarifArtifact{u.String(), "%SRCROOT%"}
}

func sarifRegionOf(f *source.File, span source.Span) sarifRegion {
	start, end := f.Position(span.Start), f.Position(span.End)
	return sarifRegion{start.Line, start.Column, end.Line, end.Column}
}

func sarifLevelOf(s diag.Severity) string {
	if s == diag.Info {
		return "note"
	}
	return s.String()
}
