package lsp

import (
	"bytes"
	"context"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// analysis is what the compiler says of one document. It never changes once made.
type analysis struct {
	doc      *document
	findings []diag.Diagnostic
	tree     *yamldoc.Document
	model    *model.File
}

// analyzer makes an analysis. Everything it reads comes from the snapshot.
type analyzer func(ctx context.Context, snap *snapshot, d *document) (*analysis, error)

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
		case s.working <- struct{}{}:
			defer func() { <-s.working }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return s.analyze(ctx, s, d)
	}}
	r.made[d.uri] = made{d, p}
	return p
}

// compile is the analyzer of the real server.
func compile(ctx context.Context, snap *snapshot, d *document) (*analysis, error) {
	a := &analysis{doc: d, tree: yamldoc.Read(d.file)}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a.model = model.New(a.tree, snap.settings.generation())
	for _, p := range a.tree.Problems {
		f := diag.Diagnostic{Rule: string(p.Kind), Severity: diag.Warning, Message: p.Message, File: d.file, Span: p.Span}
		if p.Fatal {
			f.Severity = diag.Error
		}
		for _, r := range p.Related {
			f.Related = append(f.Related, diag.Related{File: d.file, Span: r.Span, Message: r.Message})
		}
		a.findings = append(a.findings, f)
	}
	return a, ctx.Err()
}
