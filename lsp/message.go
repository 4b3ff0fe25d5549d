package lsp

import (
	"bytes"
	"encoding/json"

	"github.com/sourcegraph/jsonrpc2"
)

// Error codes the protocol adds to those of JSON-RPC.
const (
	codeNotInitialized   = -32002
	codeContentModified  = -32801
	codeRequestCancelled = -32800
)

// message is any JSON-RPC message: a request, a notification or a response.
// The id stays as the editor wrote it, so that it goes back the same.
type message struct {
	ID     json.RawMessage
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *jsonrpc2.Error
}

func (m *message) isRequest() bool      { return m.Method != "" && m.ID != nil }
func (m *message) isNotification() bool { return m.Method != "" && m.ID == nil }
func (m *message) isResponse() bool {
	return m.Method == "" && m.ID != nil && (m.Result != nil || m.Error != nil)
}

// decode reads one body. The error is ready to be sent back; the message then holds the id, if there was one.
func decode(body []byte) (*message, *jsonrpc2.Error) {
	var raw struct {
		ID     json.RawMessage `json:"id"`
		Method json.RawMessage `json:"method"`
		Params json.RawMessage `json:"params"`
		Result json.RawMessage `json:"result"`
		Error  *jsonrpc2.Error `json:"error"`
	}
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	if !json.Valid(body) {
		return &message{}, &jsonrpc2.Error{Code: jsonrpc2.CodeParseError, Message: "the message is not JSON"}
	}
	if trimmed[0] == '[' {
		return &message{}, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "batches are not supported: send one message at a time"}
	}
	if trimmed[0] != '{' {
		return &message{}, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "a message is a JSON object"}
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		return &message{}, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "not a JSON-RPC message: " + err.Error()}
	}
	m := &message{Params: raw.Params, Result: raw.Result, Error: raw.Error}
	if raw.ID != nil && !validID(raw.ID) {
		return m, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "an id is a number or a string"}
	}
	m.ID = raw.ID
	if raw.Method != nil {
		if err := json.Unmarshal(raw.Method, &m.Method); err != nil || m.Method == "" {
			return m, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "a method is a string"}
		}
	}
	if m.Method == "" && !m.isResponse() {
		if string(m.ID) == "null" && m.Error != nil {
			return m, nil // the editor could not read one of our messages
		}
		return m, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "neither a request nor a response"}
	}
	return m, nil
}

func validID(raw json.RawMessage) bool {
	switch c := raw[0]; {
	case c == '"', c == '-', c >= '0' && c <= '9':
		return true
	}
	return string(raw) == "null"
}

// The envelopes of what we send.
type (
	reply struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Result  any             `json:"result"`
	}
	refusal struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   *jsonrpc2.Error `json:"error"`
	}
	outgoing struct {
		JSONRPC string `json:"jsonrpc"`
		ID      *int64 `json:"id,omitempty"`
		Method  string `json:"method"`
		Params  any    `json:"params,omitempty"`
	}
)

var nullID = json.RawMessage("null")

func failure(code int64, text string) *jsonrpc2.Error {
	return &jsonrpc2.Error{Code: code, Message: text}
}
