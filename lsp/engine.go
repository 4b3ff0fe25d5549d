package lsp

import (
	"bytes"
	"context"
	"regexp"
	"runtime"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// analysis is what the compiler says of one document. It never changes once made.
type analysis struct {
	doc      *document
	findings []diag.Diagnostic
}

// analyzer makes an analysis. Everything it reads comes from the snapshot.
type analyzer func(ctx context.Context, snap *snapshot, d *document) (*analysis, error)

// working bounds the analyses that run at the same time.
var working = make(chan struct{}, max(2, runtime.NumCPU()))

// analysis returns the analysis of a document, made at most once per state of its inputs.
func (s *snapshot) analysis(ctx context.Context, d *document) (*analysis, error) {
	return s.results.of(s, d).get(ctx)
}

func (r *results) of(s *snapshot, d *document) *promise[*analysis] {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m, ok := r.made[d.uri]; ok && (m.doc == d || bytes.Equal(m.doc.file.Text, d.file.Text)) {
		return m.promise
	}
	p := &promise[*analysis]{compute: func(ctx context.Context) (*analysis, error) {
		select {
		case working <- struct{}{}:
			defer func() { <-working }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return s.analyze(ctx, s, d)
	}}
	r.made[d.uri] = made{d, p}
	return p
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

// compile is the analyzer of the real server.
func compile(ctx context.Context, snap *snapshot, d *document) (*analysis, error) {
	a := &analysis{doc: d}
	var n yaml.Node
	if err := yaml.Unmarshal(d.file.Text, &n); err != nil {
		span := source.Span{}
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			line, _ := strconv.Atoi(m[1])
			span = d.file.LineSpan(line - 1)
		}
		a.findings = append(a.findings, diag.Diagnostic{Rule: "yaml-syntax", Message: err.Error(), File: d.file, Span: span})
	}
	return a, ctx.Err()
}
