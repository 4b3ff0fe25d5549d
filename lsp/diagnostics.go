package lsp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// pusher publishes the diagnostics of open documents as they change. For each document only the newest version counts:
// work for an older one is cancelled, and versions never go back.
//
// A document the editor has once asked about (a pull) is not pushed any more, otherwise everything would be shown twice.
type pusher struct {
	s  *Server
	mu sync.Mutex
	at map[string]*pushState // by URI
}

type pushState struct {
	run    int // counts the analyses begun; only the last may publish
	cancel context.CancelFunc
	shown  bool // the editor holds a non-empty list from us
	pulled bool
}

func newPusher(s *Server) *pusher { return &pusher{s: s, at: map[string]*pushState{}} }

// all diagnoses every open document anew.
func (p *pusher) all(snap *snapshot) {
	for _, d := range snap.prefectDocuments() {
		p.document(snap, d)
	}
}

// document diagnoses one document in the background.
func (p *pusher) document(snap *snapshot, d *document) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		return
	}
	st := p.at[d.uri]
	if st == nil {
		st = &pushState{cancel: func() {}}
		p.at[d.uri] = st
	}
	st.cancel()
	if st.pulled {
		return
	}
	ctx, cancel := context.WithCancel(p.s.ctx)
	st.cancel = cancel
	st.run++
	go p.publish(ctx, snap, d, st, st.run)
}

func (p *pusher) publish(ctx context.Context, snap *snapshot, d *document, st *pushState, run int) {
	work, done := withHolds(ctx)
	items, err := p.s.diagnose(work, snap, d)
	done()
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at[d.uri] != st || st.run != run || st.pulled || ctx.Err() != nil {
		return
	}
	st.shown = len(items) > 0
	version := d.version
	p.s.notify("textDocument/publishDiagnostics", publishDiagnosticsParams{d.uri, &version, items})
}

// forget clears what the editor shows for a document that is closed or no longer ours.
func (p *pusher) forget(d *document) {
	p.mu.Lock()
	defer p.mu.Unlock()
	st := p.at[d.uri]
	if st == nil {
		return
	}
	st.cancel()
	delete(p.at, d.uri)
	if !st.pulled {
		p.s.notify("textDocument/publishDiagnostics", publishDiagnosticsParams{d.uri, nil, []protocol.Diagnostic{}})
	}
}

// pulled notes that the editor asks for a document's diagnostics itself.
func (p *pusher) pulled(uri string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	st := p.at[uri]
	if st == nil || st.pulled {
		return
	}
	st.cancel()
	st.pulled = true
	if st.shown {
		p.s.notify("textDocument/publishDiagnostics", publishDiagnosticsParams{uri, nil, []protocol.Diagnostic{}})
	}
}

func (p *pusher) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, st := range p.at {
		st.cancel()
	}
	p.at = nil
}

// diagnose is what the editor is told of a document. The error is only ever that of the context.
func (s *Server) diagnose(ctx context.Context, snap *snapshot, d *document) ([]protocol.Diagnostic, error) {
	a, err := snap.analysis(ctx, d)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		s.logf("checking %s: %v", d.uri, err)
		a = &analysis{findings: []diag.Diagnostic{{Rule: "internal-error", File: d.file,
			Message: "this file could not be checked because of an error in prefectc; see the log of the language server"}}}
	}
	out := make([]protocol.Diagnostic, 0, len(a.findings))
	for i := range a.findings {
		out = append(out, toDiagnostic(snap, d, &a.findings[i]))
	}
	return out, nil
}

func toDiagnostic(snap *snapshot, d *document, f *diag.Diagnostic) protocol.Diagnostic {
	severity := protocol.DiagnosticSeverity(int(f.Severity) + 1)
	name := "prefectc"
	out := protocol.Diagnostic{Severity: &severity, Source: &name, Message: f.Message, Code: &protocol.IntegerOrString{Value: f.Rule}}
	at := func(file *source.File, span source.Span) protocol.Location {
		doc := &document{uri: d.uri, file: d.file, enc: d.enc}
		if file != nil && file.Path != d.file.Path {
			doc.uri, doc.file = uriOf(onDisk(d, file.Path)), file
		}
		return protocol.Location{URI: doc.uri, Range: doc.rangeOf(span)}
	}
	place := at(f.File, f.Span)
	if place.URI == d.uri {
		out.Range = place.Range
	} else if snap.client.relatedInfo { // what another file says is shown at the top, with a way there
		out.RelatedInformation = append(out.RelatedInformation, protocol.DiagnosticRelatedInformation{Location: place, Message: "here"})
	}
	if snap.client.relatedInfo {
		for _, r := range f.Related {
			out.RelatedInformation = append(out.RelatedInformation,
				protocol.DiagnosticRelatedInformation{Location: at(r.File, r.Span), Message: r.Message})
		}
	}
	if f.URL != "" && snap.client.codeDescription {
		out.CodeDescription = &protocol.CodeDescription{HRef: f.URL}
	}
	if snap.client.tags {
		for _, t := range f.Tags {
			out.Tags = append(out.Tags, protocol.DiagnosticTag(t))
		}
	}
	return out
}

// report is the answer to a pull: unchanged when the editor already has these very items.
func report(items []protocol.Diagnostic, previous string) (diagnosticReport, error) {
	body, err := json.Marshal(items)
	if err != nil {
		return diagnosticReport{}, err
	}
	sum := sha256.Sum256(body)
	id := hex.EncodeToString(sum[:12])
	if id == previous {
		return diagnosticReport{Kind: "unchanged", ResultID: id}, nil
	}
	return diagnosticReport{Kind: "full", ResultID: id, Items: &items}, nil
}

func (s *Server) documentDiagnostic(ctx context.Context, snap *snapshot, p *documentDiagnosticParams) (any, error) {
	items := []protocol.Diagnostic{}
	if d := snap.document(p.TextDocument.URI); d != nil && d.isPrefect(snap.settings) {
		s.push.pulled(d.uri)
		var err error
		if items, err = s.diagnose(ctx, snap, d); err != nil {
			return nil, err
		}
	}
	return report(items, p.PreviousResultID)
}

// workspaceDiagnostic reports every prefect file: those that are open, and those on disk below the folders.
func (s *Server) workspaceDiagnostic(ctx context.Context, snap *snapshot, p *workspaceDiagnosticParams) (any, error) {
	previous := map[string]string{}
	for _, r := range p.PreviousResultIDs {
		previous[r.URI] = r.Value
	}
	docs, err := snap.everyPrefectDocument(ctx)
	if err != nil {
		return nil, err
	}
	out := workspaceDiagnosticReport{Items: []workspaceDocumentReport{}}
	progress := s.started(p.WorkDoneToken, "checking prefect files", len(docs))
	defer progress.end()
	for _, d := range docs {
		progress.step()
		items, err := s.diagnose(ctx, snap, d)
		if err != nil {
			return nil, err
		}
		r, err := report(items, previous[d.uri])
		if err != nil {
			return nil, err
		}
		one := workspaceDocumentReport{diagnosticReport: r, URI: d.uri}
		if snap.docs[d.uri] != nil {
			version := d.version
			one.Version = &version
		}
		out.Items = append(out.Items, one)
	}
	return out, nil
}

// refreshPulled asks an editor that pulls to do so again, because something outside its documents changed. While one such question
// is open, any number of changes leads to one more.
func (s *Server) refreshPulled() {
	if !s.client.pullRefresh || s.refreshing.Add(1) > 1 {
		return
	}
	go func() {
		for {
			seen := s.refreshing.Load()
			if err := s.call(s.ctx, "workspace/diagnostic/refresh", nil, nil); err != nil && s.ctx.Err() == nil {
				s.logf("%v", err)
			}
			if s.refreshing.CompareAndSwap(seen, 0) || s.ctx.Err() != nil {
				return
			}
		}
	}()
}
