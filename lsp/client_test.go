package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait of a test; nothing is measured by it.
const patience = 30 * time.Second

// editor is a small client that talks to a Server over pipes, as an editor does over standard input and output.
type editor struct {
	t      testing.TB
	in     io.WriteCloser
	status chan int
	log    *lockedBuffer
	result json.RawMessage // of initialize

	mu      sync.Mutex
	wake    *sync.Cond
	ended   bool
	lastID  int
	answers map[string]received
	notes   []received
	asked   []string
	reply   func(method string) any
}

type received struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// launch starts a server without initializing it.
func launch(t testing.TB, opts Options) *editor {
	fromEditor, toServer := io.Pipe()
	fromServer, toEditor := io.Pipe()
	e := &editor{t: t, in: toServer, status: make(chan int, 1), log: &lockedBuffer{}, answers: map[string]received{},
		reply: func(string) any { return nil }}
	e.wake = sync.NewCond(&e.mu)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		e.status <- Serve(ctx, fromEditor, toEditor, e.log, opts)
		toEditor.Close()
	}()
	go e.read(fromServer)
	t.Cleanup(func() {
		cancel()
		toServer.Close()
		fromServer.Close()
	})
	return e
}

// start launches a server and initializes it.
func start(t testing.TB, caps, options any, folders ...string) *editor {
	e := launch(t, Options{Version: "test", Environ: []string{"DEPLOY_ENV=never shown"}, now: func() time.Time { return time.Date(2025, 3, 28, 12, 0, 0, 0, time.UTC) }})
	e.initialize(caps, options, folders...)
	return e
}

func (e *editor) initialize(caps, options any, folders ...string) {
	e.t.Helper()
	var list []folder
	for _, f := range folders {
		list = append(list, folder{URI: uriOf(f), Name: "ws"})
	}
	got := e.request("initialize", map[string]any{"processId": nil, "capabilities": caps, "workspaceFolders": list, "initializationOptions": options})
	if got.Error != nil {
		e.t.Fatalf("initialize: %s", got.Error.Message)
	}
	e.result = got.Result
	e.notify("initialized", map[string]any{})
}

func (e *editor) read(r io.Reader) {
	frames := newFrameReader(r)
	for {
		body, err := frames.next()
		e.mu.Lock()
		if err != nil {
			e.ended = true
			e.wake.Broadcast()
			e.mu.Unlock()
			return
		}
		var m received
		if err := json.Unmarshal(body, &m); err != nil {
			e.t.Errorf("the server wrote %q: %v", body, err)
		}
		switch {
		case m.Method != "" && m.ID != nil:
			e.asked = append(e.asked, m.Method)
			go e.write(map[string]any{"jsonrpc": "2.0", "id": m.ID, "result": e.reply(m.Method)})
		case m.Method != "":
			e.notes = append(e.notes, m)
		default:
			e.answers[string(m.ID)] = m
		}
		e.wake.Broadcast()
		e.mu.Unlock()
	}
}

func (e *editor) write(m any) {
	body, err := json.Marshal(m)
	if err != nil {
		e.t.Errorf("marshal: %v", err)
		return
	}
	e.raw(fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body))
}

var writing sync.Mutex

func (e *editor) raw(text string) {
	writing.Lock()
	defer writing.Unlock()
	_, _ = io.WriteString(e.in, text) // a server that is gone shows in what it does not answer
}

func (e *editor) notify(method string, params any) {
	e.write(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
}

// send sends a request and returns its id.
func (e *editor) send(method string, params any) string {
	e.mu.Lock()
	e.lastID++
	id := e.lastID
	e.mu.Unlock()
	e.write(map[string]any{"jsonrpc": "2.0", "id": id, "method": method, "params": params})
	return fmt.Sprint(id)
}

// answer waits for the answer to an id.
func (e *editor) answer(id string) received {
	e.t.Helper()
	var got received
	e.until("an answer to "+id, func() (ok bool) {
		got, ok = e.answers[id]
		return ok
	})
	return got
}

func (e *editor) request(method string, params any) received {
	e.t.Helper()
	return e.answer(e.send(method, params))
}

// ask is request for tests that expect a result.
func (e *editor) ask(method string, params, result any) {
	e.t.Helper()
	got := e.request(method, params)
	if got.Error != nil {
		e.t.Fatalf("%s: error %d: %s", method, got.Error.Code, got.Error.Message)
	}
	if err := json.Unmarshal(got.Result, result); err != nil {
		e.t.Fatalf("%s: %v in %s", method, err, got.Result)
	}
}

// until waits for a condition that holds under e.mu.
func (e *editor) until(what string, ok func() bool) {
	e.t.Helper()
	stop := time.AfterFunc(patience, func() {
		e.mu.Lock()
		e.ended = true
		e.wake.Broadcast()
		e.mu.Unlock()
	})
	defer stop.Stop()
	e.mu.Lock()
	defer e.mu.Unlock()
	for !ok() {
		if e.ended {
			e.t.Fatalf("waited in vain for %s\nlog:\n%s", what, e.log)
		}
		e.wake.Wait()
	}
}

// exit waits for the server to end.
func (e *editor) exit() int {
	e.t.Helper()
	select {
	case code := <-e.status:
		return code
	case <-time.After(patience):
		e.t.Fatal("the server does not end")
		return -1
	}
}

func (e *editor) open(uri, text string) {
	e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri, "languageId": "yaml", "version": 1, "text": text}})
}

// change replaces the whole text.
func (e *editor) change(uri string, version int, text string) {
	e.notify("textDocument/didChange", map[string]any{
		"textDocument": map[string]any{"uri": uri, "version": version}, "contentChanges": []any{map[string]any{"text": text}}})
}

type published struct {
	URI         string `json:"uri"`
	Version     *int   `json:"version"`
	Diagnostics []struct {
		Range    lspRange `json:"range"`
		Severity int      `json:"severity"`
		Code     string   `json:"code"`
		Message  string   `json:"message"`
	} `json:"diagnostics"`
}

type lspRange struct {
	Start struct{ Line, Character int } `json:"start"`
	End   struct{ Line, Character int } `json:"end"`
}

// diagnostics waits for what is published for a document in a version; version 0 is none.
func (e *editor) diagnostics(uri string, version int) published {
	e.t.Helper()
	var found published
	e.until(fmt.Sprintf("diagnostics of %s, version %d", uri, version), func() bool {
		for _, m := range e.notes {
			var p published
			if m.Method == "textDocument/publishDiagnostics" && json.Unmarshal(m.Params, &p) == nil && p.URI == uri {
				if p.Version == nil && version == 0 || p.Version != nil && *p.Version == version {
					found = p
					return true
				}
			}
		}
		return false
	})
	return found
}

func at(uri string, line, character int) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": uri}, "position": map[string]any{"line": line, "character": character}}
}
