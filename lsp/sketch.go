package lsp

import (
	"bytes"
	"context"
	"sync"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/source"
)

// A sketch is the model of a document without the words being typed: a half-written line may make the whole text unreadable,
// and must not take the anchors, steps and names of the rest away. While one types on a line its sketch stays the same.

type sketches struct {
	mu   sync.Mutex
	last map[string]sketch // by URI
}

type sketch struct {
	text   []byte
	world  int
	result *compiler.Result
	live   *compiler.Live
}

// sketch makes the model of a document with everything from the cursor's word to the end of its line blanked.
func (s *snapshot) sketch(ctx context.Context, d *document, c cursor, off int) (*compiler.Result, error) {
	text := d.file.Text
	if c.kind != nowhere { // otherwise it stands in a longer text, which it cannot break
		text = blanked(d.file, c.from, off)
	}
	s.sketches.mu.Lock()
	defer s.sketches.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err // given up while others were served
	}
	old := s.sketches.last[d.uri]
	if old.result != nil && old.world == s.world && bytes.Equal(old.text, text) && hold(ctx, old.result) {
		return old.result, nil
	}
	front, err := compiler.Shared()
	if err != nil {
		return nil, err
	}
	project, _ := s.config(ctx, front, d)
	live := old.live
	if live == nil {
		live = front.NewLive()
	}
	r := live.Compile(ctx, compiler.Input{File: source.New(d.path, text), Generation: s.settings.generation(), Config: project, Flows: s.flows(d)})
	hold(ctx, r)
	s.sketches.last[d.uri] = sketch{text, s.world, r, live}
	return r, nil
}
