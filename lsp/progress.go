package lsp

import (
	"context"
	"fmt"
)

// progress shows in the editor that something takes a while, if the editor shows such things; the function it returns ends it.
func (s *Server) progress(ctx context.Context, title, message string) (end func()) {
	if !s.client.progress {
		return func() {}
	}
	token := fmt.Sprintf("prefectc-%d", s.lastCall.Add(1))
	if err := s.call(ctx, "window/workDoneProgress/create", map[string]any{"token": token}, nil); err != nil {
		return func() {}
	}
	s.notify("$/progress", progressParams{token, map[string]any{"kind": "begin", "title": title, "message": message}})
	return func() { s.notify("$/progress", progressParams{token, map[string]any{"kind": "end"}}) }
}

type progressParams struct {
	Token any `json:"token"`
	Value any `json:"value"`
}

// steps reports how far a request has come, to the token that the editor sent with it.
type steps struct {
	s     *Server
	token any // nil when the editor wants no report
	total int
	done  int
}

// started begins a report; nothing is shown of work that has few parts.
func (s *Server) started(token any, title string, total int) *steps {
	p := &steps{s: s, token: token, total: total}
	if total < 2 {
		p.token = nil
	}
	if p.token != nil {
		s.notify("$/progress", progressParams{p.token, map[string]any{"kind": "begin", "title": title, "percentage": 0}})
	}
	return p
}

// step reports one more part, each percent at most once.
func (p *steps) step() {
	p.done++
	if now := 100 * p.done / max(1, p.total); p.token != nil && now > 100*(p.done-1)/p.total {
		p.s.notify("$/progress", progressParams{p.token, map[string]any{"kind": "report", "percentage": now, "message": fmt.Sprintf("%d of %d files", p.done, p.total)}})
	}
}

func (p *steps) end() {
	if p.token != nil {
		p.s.notify("$/progress", progressParams{p.token, map[string]any{"kind": "end"}})
	}
}
