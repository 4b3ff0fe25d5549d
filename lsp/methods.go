package lsp

import (
	"context"
	"encoding/json"

	"github.com/sourcegraph/jsonrpc2"
	protocol "github.com/tliron/glsp/protocol_3_16"
)

// request answers one method over a snapshot.
type request func(ctx context.Context, s *Server, snap *snapshot, params json.RawMessage) (any, error)

// notification takes one notification on the read loop, in order; it must be quick.
type notification func(s *Server, params json.RawMessage) error

// requests is every method that is answered after initialize. What is offered to the editor is in [Server.capabilities].
var requests = map[string]request{
	"textDocument/completion":           onDocument((*Server).completion),
	"textDocument/hover":                onDocument((*Server).hover),
	"textDocument/definition":           onDocument((*Server).definition),
	"textDocument/documentSymbol":       onDocument((*Server).documentSymbol),
	"textDocument/foldingRange":         onDocument((*Server).foldingRange),
	"textDocument/codeAction":           onDocument((*Server).codeAction),
	"textDocument/references":           onDocument((*Server).references),
	"textDocument/documentHighlight":    onDocument((*Server).documentHighlight),
	"textDocument/prepareRename":        onDocument((*Server).prepareRename),
	"textDocument/rename":               onDocument((*Server).rename),
	"textDocument/inlayHint":            onDocument((*Server).inlayHints),
	"textDocument/codeLens":             onDocument((*Server).codeLens),
	"codeLens/resolve":                  on((*Server).resolveLens),
	"textDocument/documentLink":         onDocument((*Server).documentLink),
	"textDocument/semanticTokens/full":  onDocument((*Server).semanticTokensFull),
	"textDocument/semanticTokens/range": onDocument((*Server).semanticTokensRange),
	"textDocument/selectionRange":       onDocument((*Server).selectionRange),
	"workspace/symbol":                  on((*Server).workspaceSymbol),
	"textDocument/formatting":           onDocument((*Server).formatting),
	"codeAction/resolve":                on((*Server).resolveAction),
	"textDocument/diagnostic":           on((*Server).documentDiagnostic),
	"workspace/diagnostic":              on((*Server).workspaceDiagnostic),
}

// notifications is every notification that is heeded; all others are ignored.
var notifications = map[string]notification{
	"$/cancelRequest":                     (*Server).cancelRequest,
	"initialized":                         (*Server).initialized,
	"textDocument/didOpen":                (*Server).didOpen,
	"textDocument/didChange":              (*Server).didChange,
	"textDocument/didSave":                (*Server).didSave,
	"textDocument/didClose":               (*Server).didClose,
	"workspace/didChangeConfiguration":    (*Server).didChangeConfiguration,
	"workspace/didChangeWatchedFiles":     (*Server).didChangeWatchedFiles,
	"workspace/didChangeWorkspaceFolders": (*Server).didChangeWorkspaceFolders,
}

// on adapts a handler to its parameters' type.
func on[P, R any](f func(*Server, context.Context, *snapshot, *P) (R, error)) request {
	return func(ctx context.Context, s *Server, snap *snapshot, raw json.RawMessage) (any, error) {
		p := new(P)
		if err := json.Unmarshal(raw, p); err != nil {
			return nil, failure(jsonrpc2.CodeInvalidParams, err.Error())
		}
		return f(s, ctx, snap, p)
	}
}

// onDocument is on for methods about one document, which it looks up. A document that is not open has no answer: null.
func onDocument[P, R any](f func(*Server, context.Context, *snapshot, *document, *P) (R, error)) request {
	return func(ctx context.Context, s *Server, snap *snapshot, raw json.RawMessage) (any, error) {
		var where struct {
			TextDocument *protocol.TextDocumentIdentifier `json:"textDocument"`
		}
		if err := json.Unmarshal(raw, &where); err != nil {
			return nil, failure(jsonrpc2.CodeInvalidParams, err.Error())
		}
		if where.TextDocument == nil || where.TextDocument.URI == "" {
			return nil, failure(jsonrpc2.CodeInvalidParams, "textDocument.uri is missing")
		}
		p := new(P)
		if err := json.Unmarshal(raw, p); err != nil {
			return nil, failure(jsonrpc2.CodeInvalidParams, err.Error())
		}
		doc := snap.docs[where.TextDocument.URI]
		if doc == nil {
			return nil, nil
		}
		return f(s, ctx, snap, doc, p)
	}
}
