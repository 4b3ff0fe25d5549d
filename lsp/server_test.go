package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const doc = "file:///w/prefect.yaml"

func errorCode(m received) int {
	if m.Error == nil {
		return 0
	}
	return m.Error.Code
}

func TestLifecycle(t *testing.T) {
	t.Run("shutdown then exit ends with 0", func(t *testing.T) {
		e := start(t, nil, nil)
		if got := e.request("shutdown", nil); string(got.Result) != "null" {
			t.Errorf("shutdown answered %s", got.Result)
		}
		if got := errorCode(e.request("textDocument/hover", at(doc, 0, 0))); got != -32600 {
			t.Errorf("a request after shutdown got %d", got)
		}
		e.notify("exit", nil)
		if got := e.exit(); got != 0 {
			t.Errorf("exit status %d", got)
		}
	})
	t.Run("exit alone ends with 1", func(t *testing.T) {
		e := start(t, nil, nil)
		e.write(map[string]any{"jsonrpc": "2.0", "method": "exit"})
		if got := e.exit(); got != 1 {
			t.Errorf("exit status %d", got)
		}
	})
	t.Run("the end of the input ends with 1", func(t *testing.T) {
		e := start(t, nil, nil)
		e.in.Close()
		if got := e.exit(); got != 1 {
			t.Errorf("exit status %d", got)
		}
	})
	t.Run("initialize comes first and once", func(t *testing.T) {
		e := launch(t, Options{})
		if got := errorCode(e.request("textDocument/hover", at(doc, 0, 0))); got != -32002 {
			t.Errorf("before initialize: %d", got)
		}
		e.initialize(nil, nil)
		if got := errorCode(e.request("initialize", map[string]any{})); got != -32600 {
			t.Errorf("second initialize: %d", got)
		}
	})
	t.Run("the death of the editor ends the server", func(t *testing.T) {
		e := launch(t, Options{Alive: func(pid int) bool { return pid != 4711 }})
		e.send("initialize", map[string]any{"processId": 4711})
		if got := e.exit(); got != 1 {
			t.Errorf("exit status %d", got)
		}
	})
}

func TestBadMessagesAreAnsweredAndSurvived(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       int
	}{
		{"half a message", `{"jsonrpc":"2.0","id":1,"method":`, -32700},
		{"not UTF-8", "\xff\xfe", -32700},
		{"a batch", `[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]`, -32600},
		{"a number", `1`, -32600},
		{"an empty object", `{}`, -32600},
		{"an id that is an object", `{"id":{},"method":"shutdown"}`, -32600},
		{"a method that is a number", `{"method":17}`, -32600},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := start(t, nil, nil)
			e.raw(fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(c.body), c.body))
			if got := errorCode(e.answer("null")); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
			if got := e.request("textDocument/hover", at(doc, 0, 0)); got.Error != nil {
				t.Errorf("afterwards: %+v", got.Error)
			}
		})
	}
}

func TestFraming(t *testing.T) {
	body := `{"jsonrpc":"2.0","id":"é-1","method":"shutdown"}`
	for _, c := range []struct{ name, text string }{
		{"lower case header", "content-length: %d\r\n\r\n%s"},
		{"content type in front", "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s"},
		{"content type behind", "Content-Length: %d\r\nContent-Type: x\r\n\r\n%s"},
		{"bare line feeds", "Content-Length: %d\n\n%s"},
		{"blank lines before", "\r\n\r\nContent-Length: %d\r\n\r\n%s"},
		{"after a header without a length", "X: y\r\n\r\nContent-Length: %d\r\n\r\n%s"},
		{"after a bad length", "Content-Length: -5\r\n\r\nContent-Length: %d\r\n\r\n%s"},
		{"after a very long header", strings.Repeat("x", 100_000) + "\r\nContent-Length: %d\r\n\r\n%s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := start(t, nil, nil)
			e.raw(fmt.Sprintf(c.text, len(body), body))
			if got := e.answer(`"é-1"`); string(got.Result) != "null" {
				t.Errorf("got %s", got.Result)
			}
		})
	}
}

func TestACancelledRequestIsAnsweredAtOnce(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	e := launch(t, Options{analyze: func(ctx context.Context, snap *snapshot, d *document) (*analysis, error) {
		if string(d.file.Text) == "slow" {
			close(begun)
			<-release // deaf to ctx
		}
		return compile(context.Background(), snap, d)
	}})
	e.initialize(map[string]any{}, nil)
	e.open(doc, "slow")
	<-begun
	slow := e.send("textDocument/documentSymbol", at(doc, 0, 0))
	if got := e.request("textDocument/hover", at("file:///other", 0, 0)); got.Error != nil {
		t.Errorf("another request meanwhile: %+v", got.Error)
	}
	e.notify("$/cancelRequest", map[string]any{"id": json.RawMessage(slow)})
	if got := errorCode(e.answer(slow)); got != -32800 {
		t.Errorf("got %d, want -32800", got)
	}
}

func TestAPanicCostsOneRequest(t *testing.T) {
	e := launch(t, Options{analyze: func(context.Context, *snapshot, *document) (*analysis, error) { panic("ouch") }})
	e.initialize(map[string]any{}, nil)
	e.open(doc, "a: b")
	if got := errorCode(e.request("textDocument/documentSymbol", at(doc, 0, 0))); got != -32603 {
		t.Errorf("got %d, want -32603", got)
	}
	if got := e.diagnostics(doc, 1); len(got.Diagnostics) != 1 || got.Diagnostics[0].Code != "internal-error" {
		t.Errorf("published %+v", got)
	}
	if !strings.Contains(e.log.String(), "ouch") {
		t.Error("the log does not hold the panic")
	}
}

func TestAnEditorThatCanNothingIsAskedNothing(t *testing.T) {
	e := start(t, map[string]any{}, nil)
	e.open(doc, "a: [")
	if got := e.diagnostics(doc, 1); len(got.Diagnostics) == 0 {
		t.Error("no diagnostics for a broken file")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.asked) > 0 {
		t.Errorf("the server asked for %v", e.asked)
	}
}

func TestSettingsArePulledAndApplied(t *testing.T) {
	e := launch(t, Options{})
	e.reply = func(method string) any {
		if method == "workspace/configuration" {
			return []any{map[string]any{"files": []string{"flows.yaml"}}}
		}
		return nil
	}
	e.initialize(map[string]any{"workspace": map[string]any{"configuration": true}}, nil)
	e.open("file:///w/flows.yaml", "a: [")
	if got := e.diagnostics("file:///w/flows.yaml", 1); len(got.Diagnostics) == 0 {
		t.Error("a file named by the settings is not checked")
	}
}

func TestDiagnosticsFollowTheDocument(t *testing.T) {
	e := start(t, map[string]any{}, nil)
	e.open(doc, "a: [")
	e.diagnostics(doc, 1)
	for v := 2; v <= 40; v++ {
		e.change(doc, v, "a: ["+strings.Repeat("]", v%2))
	}
	if got := e.diagnostics(doc, 40); len(got.Diagnostics) == 0 {
		t.Error("the last version is broken and nothing is said")
	}
	last := 0
	e.mu.Lock()
	for _, m := range e.notes {
		var p published
		if json.Unmarshal(m.Params, &p) == nil && p.Version != nil {
			if *p.Version < last {
				t.Errorf("version %d after %d", *p.Version, last)
			}
			last = *p.Version
		}
	}
	e.mu.Unlock()
	e.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": doc}})
	if got := e.diagnostics(doc, 0); len(got.Diagnostics) != 0 {
		t.Errorf("closing leaves %+v", got)
	}
}

// A document that the editor asks about is not pushed as well: it would be shown twice.
func TestPulledDiagnosticsReplaceThePushedOnes(t *testing.T) {
	e := start(t, map[string]any{"textDocument": map[string]any{"diagnostic": map[string]any{}}}, nil)
	e.open(doc, "a: [")
	e.diagnostics(doc, 1)
	var full, again struct {
		Kind, ResultID string
		Items          []json.RawMessage
	}
	where := map[string]any{"textDocument": map[string]any{"uri": doc}}
	e.ask("textDocument/diagnostic", where, &full)
	if full.Kind != "full" || len(full.Items) == 0 {
		t.Fatalf("got %+v", full)
	}
	if got := e.diagnostics(doc, 0); len(got.Diagnostics) != 0 {
		t.Errorf("the pushed list stays: %+v", got)
	}
	where["previousResultId"] = full.ResultID
	e.ask("textDocument/diagnostic", where, &again)
	if again.Kind != "unchanged" || again.ResultID != full.ResultID {
		t.Errorf("got %+v", again)
	}
}

func TestWorkspaceDiagnosticsReadTheDisk(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/prefect.yaml", "a: [")
	write(t, dir, "b/prefect.yaml", "name: x\n")
	write(t, dir, ".venv/prefect.yaml", "a: [")
	write(t, dir, "c/other.yaml", "a: [")
	e := start(t, map[string]any{}, nil, dir)
	var got struct {
		Items []struct {
			URI   string
			Items []json.RawMessage
		}
	}
	e.ask("workspace/diagnostic", map[string]any{"previousResultIds": []any{}}, &got)
	if len(got.Items) != 2 || !strings.HasSuffix(got.Items[0].URI, "a/prefect.yaml") || len(got.Items[0].Items) == 0 {
		t.Errorf("got %+v", got.Items)
	}
}
