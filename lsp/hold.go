package lsp

import (
	"context"
	"sync"

	"github.com/prefectc/prefectc/compiler"
)

// The compiler makes the analysis of one version of a document out of that of the version before, unless somebody still looks at
// that. So whoever asks for an analysis holds it until the work is done that the context was made for.

// lives follow the open documents.
type lives struct {
	mu sync.Mutex
	at map[string]*compiler.Live // by URI
}

// live follows a document of a snapshot; nil for one that is not open.
func (s *snapshot) live(c *compiler.Compiler, d *document) *compiler.Live {
	if s.docs[d.uri] != d {
		return nil
	}
	s.lives.mu.Lock()
	defer s.lives.mu.Unlock()
	l := s.lives.at[d.uri]
	if l == nil {
		l = c.NewLive()
		s.lives.at[d.uri] = l
	}
	return l
}

// forget drops what is kept of a document that was closed.
func (s *snapshot) forget(uri string) {
	s.lives.mu.Lock()
	delete(s.lives.at, uri)
	s.lives.mu.Unlock()
	s.sketches.mu.Lock()
	delete(s.sketches.last, uri)
	s.sketches.mu.Unlock()
}

type holdsKey struct{}

// holds are the results that are held for one piece of work.
type holds struct {
	mu      sync.Mutex
	release []func()
}

// withHolds is a context for a piece of work; done ends it and lets go of what it held.
func withHolds(ctx context.Context) (_ context.Context, done func()) {
	h := &holds{}
	return context.WithValue(ctx, holdsKey{}, h), func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, release := range h.release {
			release()
		}
		h.release = nil
	}
}

// hold keeps a result as it is while the context's work lasts, or for good where that has no end. It reports false when the result
// is gone.
func hold(ctx context.Context, r *compiler.Result) bool {
	h, ok := ctx.Value(holdsKey{}).(*holds)
	if !ok {
		return r.Keep()
	}
	release, ok := r.Hold()
	if ok {
		h.mu.Lock()
		h.release = append(h.release, release)
		h.mu.Unlock()
	}
	return ok
}
