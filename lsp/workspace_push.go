package lsp

import (
	"context"
	"sync"
	"time"

	protocol "github.com/tliron/glsp/protocol_3_16"
)

// closedPause keeps the work off the moments when an editor starts and opens files, or reports many changes.
const closedPause = 500 * time.Millisecond

// pushClosed publishes what is said of the prefect files of the workspace that are not open, for an editor that does not ask for it. It is
// called when the workspace is there and when files changed; of several calls the last one counts.
func (s *Server) pushClosed() {
	if s.client.pull {
		return
	}
	s.closed.mu.Lock()
	defer s.closed.mu.Unlock()
	if s.closed.cancel != nil {
		s.closed.cancel()
	}
	ctx, cancel := context.WithCancel(s.ctx)
	s.closed.cancel = cancel
	go func() {
		defer cancel()
		select {
		case <-time.After(closedPause):
		case <-ctx.Done():
			return
		}
		snap := s.session.current()
		docs, err := snap.everyPrefectDocument(ctx)
		if err != nil {
			return
		}
		found := map[string]bool{}
		for _, d := range docs {
			if snap.docs[d.uri] != nil {
				continue
			}
			items, err := s.diagnose(ctx, snap, d)
			if err != nil {
				return
			}
			found[d.uri] = len(items) > 0
			s.publishClosed(ctx, d.uri, items)
		}
		for _, uri := range s.closed.gone(found) {
			s.publishClosed(ctx, uri, nil)
		}
	}()
}

// publishClosed publishes for a document unless it has been opened meanwhile, or there is nothing to say and nothing was said.
func (s *Server) publishClosed(ctx context.Context, uri string, items []protocol.Diagnostic) {
	s.closed.mu.Lock()
	defer s.closed.mu.Unlock()
	if ctx.Err() != nil || s.session.current().docs[uri] != nil || len(items) == 0 && !s.closed.shown[uri] {
		return
	}
	if items == nil {
		items = []protocol.Diagnostic{}
	}
	if s.closed.shown == nil {
		s.closed.shown = map[string]bool{}
	}
	s.closed.shown[uri] = len(items) > 0
	s.notify("textDocument/publishDiagnostics", publishDiagnosticsParams{uri, nil, items})
}

// closedFiles is what the editor was told of files that are not open.
type closedFiles struct {
	mu     sync.Mutex
	cancel context.CancelFunc
	shown  map[string]bool // by URI: whether the editor holds findings from us
}

// gone lists the files of which something was said and that are no longer there.
func (c *closedFiles) gone(found map[string]bool) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for uri, has := range c.shown {
		if _, ok := found[uri]; has && !ok {
			out = append(out, uri)
		}
	}
	return out
}
