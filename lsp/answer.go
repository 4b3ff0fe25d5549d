package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sourcegraph/jsonrpc2"
)

func (s *Server) answer(id json.RawMessage, result any, err error) {
	if err != nil {
		s.refuse(id, asFailure(err))
		return
	}
	body, err := json.Marshal(reply{"2.0", id, result})
	if err != nil {
		s.refuse(id, failure(jsonrpc2.CodeInternalError, "writing the answer: "+err.Error()))
		return
	}
	s.out.send(body)
}

func asFailure(err error) *jsonrpc2.Error {
	var known *jsonrpc2.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return failure(codeRequestCancelled, "cancelled")
	}
	return failure(jsonrpc2.CodeInternalError, err.Error())
}

func (s *Server) refuse(id json.RawMessage, e *jsonrpc2.Error) {
	body, err := json.Marshal(refusal{"2.0", id, e})
	if err != nil {
		s.logf("writing an error: %v", err)
		return
	}
	s.out.send(body)
}

// notify sends a notification to the editor.
func (s *Server) notify(method string, params any) {
	body, err := json.Marshal(outgoing{JSONRPC: "2.0", Method: method, Params: params})
	if err != nil {
		s.logf("%s: %v", method, err)
		return
	}
	s.out.send(body)
}

// call sends a request to the editor and waits for its answer; never from the read loop, which brings it.
func (s *Server) call(ctx context.Context, method string, params, result any) error {
	id := s.lastCall.Add(1)
	body, err := json.Marshal(outgoing{JSONRPC: "2.0", ID: &id, Method: method, Params: params})
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	back := make(chan *message, 1)
	s.mu.Lock()
	s.calls[id] = back
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.calls, id)
		s.mu.Unlock()
	}()
	s.out.send(body)
	select {
	case m := <-back:
		if m.Error != nil {
			return fmt.Errorf("%s: %w", method, m.Error)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(m.Result, result)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// answered takes the editor's answer to one of our requests; others are strays.
func (s *Server) answered(m *message) {
	var id int64
	if json.Unmarshal(m.ID, &id) != nil {
		return
	}
	s.mu.Lock()
	back := s.calls[id]
	delete(s.calls, id)
	s.mu.Unlock()
	if back != nil {
		back <- m
	}
}

// cancelRequest ends a request that is still being answered; others are too late and stay as they are.
func (s *Server) cancelRequest(raw json.RawMessage) error {
	var p struct {
		ID json.RawMessage `json:"id"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	s.mu.Lock()
	cancel := s.running[string(p.ID)]
	s.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	return nil
}
