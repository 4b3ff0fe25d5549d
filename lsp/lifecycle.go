package lsp

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/sourcegraph/jsonrpc2"
	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/source"
)

// parentPoll is how often the editor's process is looked for.
const parentPoll = 2 * time.Second

type initializeParams struct {
	ProcessID        json.RawMessage `json:"processId"`
	RootPath         *string         `json:"rootPath"`
	RootURI          *string         `json:"rootUri"`
	WorkspaceFolders []folder        `json:"workspaceFolders"`
	Capabilities     json.RawMessage `json:"capabilities"`
	Options          json.RawMessage `json:"initializationOptions"`
}

type folder struct {
	URI  string `json:"uri"`
	Name string `json:"name"`
}

func (s *Server) initialize(raw json.RawMessage) (any, error) {
	var p initializeParams
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, failure(jsonrpc2.CodeInvalidParams, err.Error())
	}
	s.phase = running
	s.client = parseClient(p.Capabilities)
	name := ""
	s.enc, name = negotiate(s.client.encodings)
	set, err := parseSettings(p.Options)
	if err != nil {
		s.logf("initializationOptions: %v", err)
	}
	s.session.change(func(next *snapshot) {
		next.enc, next.client, next.settings, next.folders = s.enc, s.client, set, p.folders()
	})
	var pid int
	if json.Unmarshal(p.ProcessID, &pid) == nil && pid > 0 {
		go s.watchParent(pid)
	}
	return initializeResult{
		Capabilities: s.capabilities(name),
		ServerInfo:   &protocol.InitializeResultServerInfo{Name: "prefect-lsp", Version: &s.opts.Version},
	}, nil
}

// folders are the workspace folders as file names, from the newest field the editor filled in.
func (p *initializeParams) folders() []string {
	var out []string
	add := func(uri string) {
		if name, ok := pathOf(uri); ok && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, f := range p.WorkspaceFolders {
		add(f.URI)
	}
	if out == nil && p.RootURI != nil {
		add(*p.RootURI)
	}
	if out == nil && p.RootPath != nil && *p.RootPath != "" {
		out = append(out, *p.RootPath)
	}
	return out
}

// negotiate picks the encoding that costs least among those the editor offers; without an offer it is UTF-16.
func negotiate(offered []string) (source.Encoding, string) {
	for _, e := range []struct {
		enc  source.Encoding
		name string
	}{{source.UTF8, encodingUTF8}, {source.UTF32, encodingUTF32}} {
		if slices.Contains(offered, e.name) {
			return e.enc, e.name
		}
	}
	return source.UTF16, encodingUTF16
}

func (s *Server) capabilities(encoding string) serverCapabilities {
	yes, change := true, protocol.TextDocumentSyncKindIncremental
	c := serverCapabilities{PositionEncoding: encoding, InlayHintProvider: true, ServerCapabilities: protocol.ServerCapabilities{
		TextDocumentSync:          protocol.TextDocumentSyncOptions{OpenClose: &yes, Change: &change, Save: true},
		CompletionProvider:        &protocol.CompletionOptions{TriggerCharacters: []string{":", " ", "*", "{", ".", "-", "/"}},
		HoverProvider:             true,
		DefinitionProvider:        true,
		DocumentSymbolProvider:    true,
		FoldingRangeProvider:      true,
		ReferencesProvider:        true,
		DocumentHighlightProvider: true,
		RenameProvider:            true,
		WorkspaceSymbolProvider:   true,
		SelectionRangeProvider:    true,
		CodeLensProvider:          &protocol.CodeLensOptions{ResolveProvider: &yes},
		DocumentLinkProvider:      &protocol.DocumentLinkOptions{},
		SemanticTokensProvider: protocol.SemanticTokensOptions{Full: true, Range: true,
			Legend: protocol.SemanticTokensLegend{TokenTypes: tokenTypes, TokenModifiers: []string{}}},
		CodeActionProvider: protocol.CodeActionOptions{CodeActionKinds: actionKinds, ResolveProvider: &s.client.actionResolve},
		Workspace: &protocol.ServerCapabilitiesWorkspace{
			WorkspaceFolders: &protocol.WorkspaceFoldersServerCapabilities{
				Supported: &yes, ChangeNotifications: &protocol.BoolOrString{Value: true},
			},
		},
	}}
	if s.session.current().settings.Format && !s.client.formatDynamic {
		c.DocumentFormattingProvider = true
	}
	if s.client.prepareRename {
		c.RenameProvider = protocol.RenameOptions{PrepareProvider: &yes}
	}
	if len(s.client.encodings) == 0 {
		c.PositionEncoding = "" // an older editor does not know the word
	}
	if s.client.pull {
		c.DiagnosticProvider = &diagnosticOptions{Identifier: "prefectc", InterFileDependencies: true, WorkspaceDiagnostics: true}
	}
	return c
}

// initialized asks the editor for what it said it can give.
func (s *Server) initialized(json.RawMessage) error {
	go func() {
		if err := s.register(s.ctx); err != nil && s.ctx.Err() == nil {
			s.logf("registering: %v", err)
		}
		if s.session.current().settings.Format {
			s.offerFormatting(true)
		}
		s.pullSettings(s.ctx)
		s.pushClosed()
	}()
	return nil
}

type registration struct {
	ID      string `json:"id"`
	Method  string `json:"method"`
	Options any    `json:"registerOptions,omitempty"`
}

// watched are the files whose change on disk may change what we say.
var watched = []string{"**/prefect*.{yaml,yml}", "**/*.py", "**/prefectc.cue"}

func (s *Server) register(ctx context.Context) error {
	var list []registration
	if s.client.watchDynamic {
		type watcher struct {
			Glob string `json:"globPattern"`
		}
		var all []watcher
		for _, glob := range watched {
			all = append(all, watcher{glob})
		}
		list = append(list, registration{"watched-files", "workspace/didChangeWatchedFiles", map[string]any{"watchers": all}})
	}
	if s.client.configDynamic {
		list = append(list, registration{"configuration", "workspace/didChangeConfiguration", map[string]any{"section": "prefectc"}})
	}
	if list == nil {
		return nil
	}
	return s.call(ctx, "client/registerCapability", map[string]any{"registrations": list}, nil)
}

// pullSettings asks for our section, if the editor answers such questions; never on the read loop.
func (s *Server) pullSettings(ctx context.Context) {
	if !s.client.configuration {
		return
	}
	var sections []json.RawMessage
	items := map[string]any{"items": []map[string]string{{"section": "prefectc"}}}
	if err := s.call(ctx, "workspace/configuration", items, &sections); err != nil {
		if ctx.Err() == nil {
			s.logf("%v", err)
		}
		return
	}
	if len(sections) == 1 && string(sections[0]) != "null" {
		s.applySettings(sections[0])
	}
}

func (s *Server) applySettings(raw json.RawMessage) {
	set, err := parseSettings(raw)
	if err != nil {
		s.logf("settings: %v", err)
	}
	if set.equal(s.session.current().settings) {
		return
	}
	old := s.session.current().prefectDocuments()
	s.live.forget()
	if set.Format != s.session.current().settings.Format {
		go s.offerFormatting(set.Format)
	}
	snap := s.session.change(func(next *snapshot) {
		next.settings = set
		next.world++
	})
	for _, d := range old {
		if !d.isPrefect(set) {
			s.push.forget(d)
		}
	}
	s.push.all(snap)
	s.refreshPulled()
	s.pushClosed()
}

// offerFormatting tells the editor that formatting was turned on or off, if it takes that while running.
func (s *Server) offerFormatting(on bool) {
	if !s.client.formatDynamic {
		return
	}
	method, params := "client/unregisterCapability", map[string]any{"unregisterations": []registration{{ID: "formatting", Method: "textDocument/formatting"}}}
	if on {
		selector := map[string]any{"documentSelector": []map[string]string{{"pattern": "**/prefect*.{yaml,yml}"}}}
		method, params = "client/registerCapability", map[string]any{"registrations": []registration{{"formatting", "textDocument/formatting", selector}}}
	}
	if err := s.call(s.ctx, method, params, nil); err != nil && s.ctx.Err() == nil {
		s.logf("%s: %v", method, err)
	}
}

func (s *Server) didChangeConfiguration(raw json.RawMessage) error {
	if s.client.configuration {
		go s.pullSettings(s.ctx)
		return nil
	}
	var p struct {
		Settings json.RawMessage `json:"settings"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	s.applySettings(p.Settings)
	return nil
}

func (s *Server) didChangeWorkspaceFolders(raw json.RawMessage) error {
	var p struct {
		Event struct {
			Added   []folder `json:"added"`
			Removed []folder `json:"removed"`
		} `json:"event"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	s.push.all(s.session.change(func(next *snapshot) {
		for _, f := range p.Event.Removed {
			if name, ok := pathOf(f.URI); ok {
				next.folders = slices.DeleteFunc(next.folders, func(s string) bool { return s == name })
			}
		}
		for _, f := range p.Event.Added {
			if name, ok := pathOf(f.URI); ok && !slices.Contains(next.folders, name) {
				next.folders = append(next.folders, name)
			}
		}
		next.world++
	}))
	s.pushClosed()
	return nil
}

// shutdown stops all work. The answer to it is null.
func (s *Server) shutdown(json.RawMessage) (any, error) {
	s.phase = down
	s.push.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cancel := range s.running {
		cancel()
	}
	return nil, nil
}

// watchParent ends the server when the editor's process has died without saying so.
func (s *Server) watchParent(pid int) {
	alive := s.opts.Alive
	if alive == nil {
		alive = processAlive
	}
	tick := time.NewTicker(parentPoll)
	defer tick.Stop()
	for {
		if !alive(pid) {
			s.logf("process %d is gone", pid)
			s.wentAway.Do(func() { close(s.gone) })
			return
		}
		select {
		case <-tick.C:
		case <-s.ctx.Done():
			return
		}
	}
}
