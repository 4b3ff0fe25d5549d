package lsp

import (
	"context"

	protocol "github.com/tliron/glsp/protocol_3_16"
)

func (s *Server) completion(ctx context.Context, snap *snapshot, d *document, p *protocol.CompletionParams) (any, error) {
	return nil, nil
}
func (s *Server) hover(ctx context.Context, snap *snapshot, d *document, p *protocol.HoverParams) (any, error) {
	return nil, nil
}
