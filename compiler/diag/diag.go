package diag

import (
	"sort"

	"github.com/prefectc/prefectc/compiler/source"
)

// Severity orders findings: Error is the most severe and the smallest.
type Severity int

// Severities, most severe first.
const (
	Error Severity = iota
	Warning
	Info
)

func (s Severity) String() string {
	return [...]string{"error", "warning", "info"}[s]
}

// Diagnostic is one finding.
type Diagnostic struct {
	Rule     string // kebab-case name of the rule that speaks
	Severity Severity
	Message  string // lower case, quotes the offending value, says what would be right, no final period
	File     *source.File
	Span     source.Span

	// Blocks holds for a finding that plan and apply refuse to go on with: Prefect would fail there too, or prefectc differs
	// on purpose. A finding that does not block is deployed as Prefect would deploy it.
	Blocks bool

	// Hides holds when the text of the span is a secret, which must not reach a terminal or a log.
	Hides bool

	Path       string // place in the data: deployments[0].work_pool.name; empty for the whole file
	Deployment string // name of the deployment it concerns, if any
	Related    []Related
	Fixes      []Fix
	Tags       []Tag
	URL        string // the rule's page
}

// Tag tells an editor how to draw the span.
type Tag int

// Tags of the language server protocol.
const (
	Unnecessary Tag = iota + 1
	Deprecated
)

// Related is another place that took part in a finding.
type Related struct {
	File    *source.File
	Span    source.Span
	Message string
}

// Fix is a set of edits, all in the diagnostic's file, that removes the finding.
// A safe fix keeps what Prefect does with the file, apart from the mistake itself; any other is unsafe.
type Fix struct {
	Title string
	Safe  bool
	Edits []Edit
}

// Edit replaces the bytes of Span by Text.
type Edit struct {
	Span source.Span
	Text string
}

// Sort orders findings by file, place, severity and rule, and drops exact repetitions.
func Sort(ds []Diagnostic) []Diagnostic {
	sort.SliceStable(ds, func(i, j int) bool {
		a, b := &ds[i], &ds[j]
		switch {
		case a.File.Path != b.File.Path:
			return a.File.Path < b.File.Path
		case a.Span.Start != b.Span.Start:
			return a.Span.Start < b.Span.Start
		case a.Severity != b.Severity:
			return a.Severity < b.Severity
		case a.Rule != b.Rule:
			return a.Rule < b.Rule
		}
		return a.Message < b.Message
	})
	kept := ds[:0]
	for i, d := range ds {
		if i > 0 && same(&kept[len(kept)-1], &d) {
			continue
		}
		kept = append(kept, d)
	}
	return kept
}

// same holds for findings a reader could not tell apart: an aliased part is checked once for every use of it.
func same(a, b *Diagnostic) bool {
	return a.File == b.File && a.Span == b.Span && a.Rule == b.Rule && a.Message == b.Message
}
