package lsp

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/internal/config"
)

// analysis is what the compiler says of one document. It never changes once made.
type analysis struct {
	doc      *document
	findings []diag.Diagnostic
	tree     *yamldoc.Document
	model    *model.File
	facts    *rules.Facts

	result *compiler.Result // what all this is from; nil for an analyzer of a test
}

// analyzer makes an analysis. Everything it reads comes from the snapshot.
type analyzer func(ctx context.Context, snap *snapshot, d *document) (*analysis, error)

// analysis returns the analysis of a document, made at most once per state of its inputs.
func (s *snapshot) analysis(ctx context.Context, d *document) (*analysis, error) {
	a, err := s.results.of(s, d).get(ctx)
	if err != nil || a.result == nil || hold(ctx, a.result) {
		return a, err
	}
	return compileWith(ctx, s, d, nil) // a later edit was made of it: whoever still asks for this one is late
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
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return s.analyze(ctx, s, d)
	}}
	r.made[d.uri] = made{d, p}
	return p
}

// compile is the analyzer of the real server.
func compile(ctx context.Context, snap *snapshot, d *document) (*analysis, error) {
	c, err := compiler.Shared()
	if err != nil {
		return nil, err
	}
	return compileWith(ctx, snap, d, snap.live(c, d))
}

// compileWith makes an analysis by following the document's edits, or from nothing without a live.
func compileWith(ctx context.Context, snap *snapshot, d *document, live *compiler.Live) (*analysis, error) {
	c, err := compiler.Shared()
	if err != nil {
		return nil, err
	}
	check := c.Check
	if live != nil {
		check = live.Check
	}
	project, bad := snap.config(ctx, c, d)
	r, err := check(ctx, compiler.Input{File: d.file, Generation: snap.settings.generation(), Config: project, Flows: snap.flows(d)})
	if err != nil {
		return nil, err
	}
	return &analysis{doc: d, findings: slices.Concat(bad, r.Diagnostics), tree: r.Doc, model: r.Model, facts: r.Facts, result: r}, nil
}

// flows finds flows in the files around a document: relative to its own directory, where prefect is run. What was read is
// kept until something outside the document changes; an editor that does not watch files is not trusted for longer than
// a moment.
func (s *snapshot) flows(d *document) *entrypoint.Loader {
	if !d.onDisk {
		return s.projects.nowhere
	}
	dir := filepath.Dir(d.path)
	s.projects.mu.Lock()
	defer s.projects.mu.Unlock()
	if p, ok := s.projects.at[dir]; ok && p.world == s.world && (s.client.watchDynamic || time.Since(p.made) < unwatchedAge) {
		return p.flows
	}
	if ok := s.projects.at[dir].same(s); ok && s.projects.at[dir].world == s.world {
		p := s.projects.at[dir]
		p.made = time.Now()
		s.projects.at[dir] = p
		return p.flows
	}
	seen := &filesSeen{at: map[string][]byte{}}
	p := project{world: s.world, made: time.Now(), seen: seen, flows: entrypoint.NewLoader(func(name string) ([]byte, error) {
		if name = filepath.FromSlash(name); !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		text, err := s.readFile(name)
		seen.note(name, text, err)
		return text, err
	})}
	s.projects.at[dir] = p
	return p.flows
}

// unwatchedAge is how long files on disk are taken to be unchanged when the editor does not watch them.
const unwatchedAge = 2 * time.Second

// projects are the directories with a prefect file, and what was read of their flows.
type projects struct {
	mu   sync.Mutex
	at   map[string]project
	list fileList

	nowhere *entrypoint.Loader // of documents that are no files
	configs config.Cache
}

type project struct {
	world int
	made  time.Time
	flows *entrypoint.Loader
	seen  *filesSeen
}

// filesSeen are the files that were read for a project, nil for one that could not be read.
type filesSeen struct {
	mu sync.Mutex
	at map[string][]byte
}

func (f *filesSeen) note(name string, text []byte, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		text = nil
	} else if text == nil {
		text = []byte{}
	}
	f.at[name] = text
}

// same holds when reading the project's files again would lead to the same.
func (p project) same(s *snapshot) bool {
	if p.seen == nil {
		return false
	}
	p.seen.mu.Lock()
	defer p.seen.mu.Unlock()
	for name, before := range p.seen.at {
		text, err := s.readFile(name)
		if (err != nil) != (before == nil) || !bytes.Equal(text, before) {
			return false
		}
	}
	return true
}
