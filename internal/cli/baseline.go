package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/internal/render"
)

// baselineVersion is the version of the file's form.
const baselineVersion = 1

// accepted is one line of a baseline: so many findings of a rule at a place in the data. The line in the file does not matter.
type accepted struct {
	File  string `json:"file"`
	Rule  string `json:"rule"`
	Path  string `json:"path"`
	Count int    `json:"count"`
}

type baselineFile struct {
	SchemaVersion int        `json:"schema_version"`
	Findings      []accepted `json:"findings"`
}

type baselineKey struct{ file, rule, path string }

// baseline is the findings that are accepted.
type baseline struct {
	name  string
	count map[baselineKey]int
}

func (p *Process) readBaseline(name string) (*baseline, error) {
	text, err := os.ReadFile(p.abs(name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, usage("there is no baseline %s yet: --write-baseline makes it", name)
	}
	if err != nil {
		return nil, usage("cannot read the baseline %s: %v", name, plainError(err))
	}
	var doc baselineFile
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		return nil, usage("%s is no baseline: %v; --write-baseline writes it anew", name, err)
	}
	if doc.SchemaVersion != baselineVersion {
		return nil, usage("the baseline %s has schema_version %d, this prefectc reads %d; --write-baseline writes it anew", name, doc.SchemaVersion, baselineVersion)
	}
	b := &baseline{name, map[baselineKey]int{}}
	for _, a := range doc.Findings {
		b.count[baselineKey{a.File, a.Rule, a.Path}] += a.Count
	}
	return b, nil
}

func (p *Process) writeBaseline(name string, report *render.Report) error {
	count := map[baselineKey]int{}
	for i := range report.Findings {
		count[keyOf(&report.Findings[i])]++
	}
	list := make([]accepted, 0, len(count))
	for k, n := range count {
		list = append(list, accepted{k.file, k.rule, k.path, n})
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		switch {
		case a.File != b.File:
			return a.File < b.File
		case a.Path != b.Path:
			return a.Path < b.Path
		}
		return a.Rule < b.Rule
	})
	var doc bytes.Buffer
	e := json.NewEncoder(&doc)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(baselineFile{baselineVersion, list}); err != nil {
		return &exit{code: exitInternal, err: err}
	}
	if err := os.WriteFile(p.abs(name), doc.Bytes(), 0o644); err != nil {
		return usage("cannot write %s: %v", name, plainError(err))
	}
	_, err := fmt.Fprintf(p.Stderr, "wrote a baseline of %s to %s\n", plural(len(report.Findings), "finding"), name)
	return err
}

// apply takes the accepted findings out of a report, gives the others their identity, and says what the baseline holds in vain.
func (b *baseline) apply(p *Process, report *render.Report) {
	report.Fingerprint = fingerprints(report.Findings)
	if b == nil {
		return
	}
	left := map[baselineKey]int{}
	for k, n := range b.count {
		left[k] = n
	}
	kept := []diag.Diagnostic{}
	for _, d := range report.Findings {
		if k := keyOf(&d); left[k] > 0 {
			left[k]--
			report.Accepted++
			continue
		}
		kept = append(kept, d)
	}
	report.Findings = kept
	report.Fingerprint = fingerprints(kept)
	gone := 0
	for k, n := range left {
		for _, file := range report.Files {
			if file == k.file {
				gone += n
			}
		}
	}
	if gone > 0 {
		_, _ = fmt.Fprintf(p.Stderr, "prefectc: the baseline %s accepts %s there; --write-baseline takes them out\n",
			b.name, plural(gone, "finding that is no longer", "findings that are no longer"))
	}
}

// itemOfDeployments is where a path names a deployment by its number.
var itemOfDeployments = pattern.New(`^deployments\[\d+\]`)

// keyOf is the identity of a finding: its rule and its place in the data. A deployment counts by its name, so that adding
// one above it changes nothing.
func keyOf(d *diag.Diagnostic) baselineKey {
	path := d.Path
	if d.Deployment != "" {
		path = itemOfDeployments.ReplaceAllLiteralString(path, fmt.Sprintf("deployments[%q]", d.Deployment))
	}
	return baselineKey{d.File.Path, d.Rule, path}
}
