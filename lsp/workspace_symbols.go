package lsp

import (
	"context"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"
)

// maxSymbols bounds an answer; the user narrows the search.
const maxSymbols = 1000

// everyPrefectDocument lists the prefect files of the workspace, open or on disk.
func (s *snapshot) everyPrefectDocument(ctx context.Context) ([]*document, error) {
	docs := s.prefectDocuments()
	names, err := s.find(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if d := s.fileAt(name); d != nil && s.docs[d.uri] == nil && d.isPrefect(s.settings) {
			docs = append(docs, d)
		}
	}
	return docs, nil
}

// workspaceSymbol finds deployments by name in all prefect files of the workspace. The letters of the query have to appear in the
// name in order.
func (s *Server) workspaceSymbol(ctx context.Context, snap *snapshot, p *protocol.WorkspaceSymbolParams) (any, error) {
	out := []protocol.SymbolInformation{}
	docs, err := snap.everyPrefectDocument(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		a, err := snap.analysis(ctx, d)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			continue // logged where the file is diagnosed
		}
		for _, one := range deploymentSymbols(a.model) {
			if len(out) == maxSymbols {
				return out, nil
			}
			if one.name == "" || !subsequence(strings.ToLower(p.Query), strings.ToLower(one.name)) {
				continue
			}
			item := protocol.SymbolInformation{Name: one.name, Kind: one.kind, Location: protocol.Location{URI: d.uri, Range: d.rangeOf(one.label)}}
			if one.detail != "" {
				item.ContainerName = &one.detail
			}
			out = append(out, item)
		}
	}
	return out, nil
}

func subsequence(want, in string) bool {
	rest := []rune(want)
	for _, r := range in {
		if len(rest) > 0 && rest[0] == r {
			rest = rest[1:]
		}
	}
	return len(rest) == 0
}
