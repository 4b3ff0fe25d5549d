package lsp

import (
	"bytes"
	"maps"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/source"
)

// document is one version of an open text.
type document struct {
	uri      string
	path     string // file name on disk, or the URI where there is none
	onDisk   bool   // whether path names a file
	language string
	version  int32
	file     *source.File
	enc      source.Encoding
	speaks   bool // it is called prefect-something and has had deployments
}

// isPrefect reports whether the document is ours to analyse; otherwise it only overlays the file on disk.
func (d *document) isPrefect(set settings) bool { return d.speaks || set.names(d.base()) }

// base is the file's name in lower case, without its directory.
func (d *document) base() string { return strings.ToLower(path.Base(filepath.ToSlash(d.path))) }

// look notes whether the text makes a file with a name that may be one of ours such a file: what people pass to
// "prefect deploy --prefect-file", and not what a chart or a cluster calls prefect-server.yaml. Once one it stays one, whatever is
// being edited in it.
func (d *document) look() {
	d.speaks = d.speaks || mayBePrefect(d.base()) && hasKey(d.file.Text, "deployments") &&
		!hasKey(d.file.Text, "kind") && !hasKey(d.file.Text, "services")
}

// hasKey reports whether a text has a key of its outermost mapping, as lines tell.
func hasKey(text []byte, key string) bool {
	return bytes.HasPrefix(text, []byte(key+":")) || bytes.Contains(text, []byte("\n"+key+":"))
}

func (d *document) position(off int) protocol.Position {
	return toPosition(d.file.LineChar(off, d.enc))
}

func toPosition(p source.LineChar) protocol.Position {
	return protocol.Position{Line: protocol.UInteger(p.Line), Character: protocol.UInteger(p.Character)}
}

func (d *document) offset(p protocol.Position) int {
	return d.file.OffsetOf(source.LineChar{Line: int(p.Line), Character: int(p.Character)}, d.enc)
}

func (d *document) rangeOf(s source.Span) protocol.Range {
	return protocol.Range{Start: d.position(s.Start), End: d.position(max(s.Start, s.End))}
}

// snapshot is everything a request may see. It never changes.
type snapshot struct {
	docs     map[string]*document // open documents by URI
	byPath   map[string]*document // the same, by file name
	folders  []string             // workspace folders, as file names
	settings settings
	enc      source.Encoding
	client   client
	disk     *diskCache
	world    int // counts changes outside the YAML documents: Python files, files on disk, settings

	results  *results
	analyze  analyzer
	projects *projects
	lives    *lives
	sketches *sketches
	working  chan struct{} // bounds the analyses that run at the same time, so that superseded ones do not pile up
}

// results holds the analyses made of one snapshot, filled as they are asked for.
type results struct {
	mu   sync.Mutex
	made map[string]made // by URI
}

type made struct {
	doc     *document
	promise *promise[*analysis]
}

// session is what the editor told us so far. Its state is replaced as a whole by each change.
type session struct {
	mu    sync.Mutex
	state *snapshot
}

func newSession(a analyzer) *session {
	return &session{state: &snapshot{
		docs: map[string]*document{}, byPath: map[string]*document{}, disk: newDiskCache(),
		results: &results{made: map[string]made{}}, analyze: a, projects: &projects{at: map[string]project{}, nowhere: entrypoint.NewLoader(nil)},
		lives:    &lives{at: map[string]*compiler.Live{}},
		sketches: &sketches{last: map[string]sketch{}},
		working:  make(chan struct{}, max(1, runtime.NumCPU()/2)),
	}}
}

func (s *session) current() *snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// change replaces the state. The function edits a copy whose maps it may change freely.
func (s *session) change(f func(*snapshot)) *snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.state
	next := *old
	next.docs, next.folders = maps.Clone(old.docs), slices.Clone(old.folders)
	f(&next)
	next.byPath = map[string]*document{}
	for _, d := range next.docs {
		if d.onDisk {
			next.byPath[d.path] = d
		}
	}
	next.results = &results{made: map[string]made{}}
	if next.world == old.world {
		old.results.mu.Lock()
		for uri, p := range old.results.made {
			if next.docs[uri] == old.docs[uri] { // unchanged, or not open at all
				next.results.made[uri] = p
			}
		}
		old.results.mu.Unlock()
	}
	s.state = &next
	return &next
}

// document returns the open document of a URI, or one read from disk, or nil.
func (s *snapshot) document(uri string) *document {
	if d := s.docs[uri]; d != nil {
		return d
	}
	name, ok := pathOf(uri)
	if !ok {
		return nil
	}
	return s.fileAt(name)
}

// fileAt is document for a file name.
func (s *snapshot) fileAt(name string) *document {
	if d := s.byPath[name]; d != nil {
		return d
	}
	text, err := s.disk.read(name)
	if err != nil {
		return nil
	}
	d := &document{uri: uriOf(name), path: name, onDisk: true, file: source.New(name, text), enc: s.enc}
	d.look()
	return d
}

// prefectDocuments are the open documents that are ours, in a fixed order.
func (s *snapshot) prefectDocuments() []*document {
	var out []*document
	for _, d := range s.docs {
		if d.isPrefect(s.settings) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b *document) int { return strings.Compare(a.uri, b.uri) })
	return out
}
