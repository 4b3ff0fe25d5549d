package lsp

import (
	"encoding/json"
	"fmt"
	"math"
	"path"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/source"
)

// contentChange is one edit of didChange; without a range it replaces the whole text.
type contentChange struct {
	Range *struct {
		Start wildPosition `json:"start"`
		End   wildPosition `json:"end"`
	} `json:"range"`
	Text string `json:"text"`
}

// wildPosition is a position in an edit. An edit must never be dropped, because all later positions build on it, so
// whatever number the editor sends is taken to the nearest place that exists.
type wildPosition struct {
	Line      float64 `json:"line"`
	Character float64 `json:"character"`
}

func (p wildPosition) lineChar() source.LineChar {
	clamp := func(v float64) int { return int(math.Min(math.Max(v, 0), math.MaxInt32)) }
	if p.Line < 0 {
		return source.LineChar{}
	}
	return source.LineChar{Line: clamp(p.Line), Character: clamp(p.Character)}
}

// edited applies one change.
func edited(f *source.File, c contentChange, enc source.Encoding) *source.File {
	if c.Range == nil {
		return source.New(f.Path, []byte(c.Text))
	}
	start, end := f.OffsetOf(c.Range.Start.lineChar(), enc), f.OffsetOf(c.Range.End.lineChar(), enc)
	if end < start {
		start, end = end, start
	}
	return f.Replace(source.Span{Start: start, End: end}, c.Text)
}

func (s *Server) didOpen(raw json.RawMessage) error {
	var p protocol.DidOpenTextDocumentParams
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	item := p.TextDocument
	if item.URI == "" {
		return fmt.Errorf("textDocument.uri is missing")
	}
	d := &document{uri: item.URI, language: item.LanguageID, version: item.Version, enc: s.enc}
	d.path, d.onDisk = pathOf(item.URI)
	if !d.onDisk {
		d.path = item.URI
		if at := strings.IndexAny(d.path, "?#"); at >= 0 {
			d.path = d.path[:at]
		}
	}
	d.file = source.New(d.path, []byte(item.Text))
	s.replace(d)
	return nil
}

func (s *Server) didChange(raw json.RawMessage) error {
	var p struct {
		TextDocument   protocol.VersionedTextDocumentIdentifier `json:"textDocument"`
		ContentChanges []contentChange                          `json:"contentChanges"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	old := s.session.current().docs[p.TextDocument.URI]
	if old == nil {
		return fmt.Errorf("%q is not open", p.TextDocument.URI)
	}
	d := *old
	d.version = p.TextDocument.Version
	for _, c := range p.ContentChanges {
		d.file = edited(d.file, c, s.enc)
	}
	s.replace(&d)
	return nil
}

// replace makes d the current version of its document.
func (s *Server) replace(d *document) {
	d.look()
	snap := s.session.change(func(next *snapshot) {
		next.docs[d.uri] = d
		if isCode(d.path) {
			next.world++
		}
	})
	s.settle(snap, d)
}

func (s *Server) didSave(raw json.RawMessage) error {
	var p protocol.DidSaveTextDocumentParams
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	if name, ok := pathOf(p.TextDocument.URI); ok && isCode(name) {
		s.worldChanged()
	}
	return nil
}

func (s *Server) didClose(raw json.RawMessage) error {
	var p protocol.DidCloseTextDocumentParams
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	d := s.session.current().docs[p.TextDocument.URI]
	if d == nil {
		return nil
	}
	snap := s.session.change(func(next *snapshot) {
		delete(next.docs, d.uri)
		if isCode(d.path) {
			next.world++
		}
	})
	s.push.forget(d)
	snap.forget(d.uri)
	if isCode(d.path) {
		s.settle(snap, d)
	} else if d.isPrefect(snap.settings) {
		s.pushClosed()
	}
	return nil
}

// settle has diagnosed whatever a change of d may have changed.
func (s *Server) settle(snap *snapshot, d *document) {
	switch {
	case isCode(d.path):
		s.push.all(snap)
		s.refreshPulled()
	case d.isPrefect(snap.settings):
		s.push.document(snap, d)
	}
}

// worldChanged starts over everything that depends on files on disk.
func (s *Server) worldChanged() {
	s.push.all(s.session.change(func(next *snapshot) { next.world++ }))
}

// isCode reports whether other documents' analyses depend on this file.
func isCode(name string) bool {
	switch path.Ext(strings.ReplaceAll(name, `\`, "/")) {
	case ".py", ".cue", ".toml", ".env":
		return true
	}
	return false
}

func (s *Server) didChangeWatchedFiles(raw json.RawMessage) error {
	var p struct {
		Changes []struct {
			URI string `json:"uri"`
		} `json:"changes"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	snap := s.session.current()
	for _, c := range p.Changes {
		if snap.docs[c.URI] == nil { // an open document hides what happens on disk
			s.worldChanged()
			s.refreshPulled()
			s.pushClosed()
			return nil
		}
	}
	return nil
}
