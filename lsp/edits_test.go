package lsp

import (
	"context"
	"encoding/json"
	"flag"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/internal/typing"
)

// The full number is 1000000: go test ./lsp -run TestTextStaysTheEditors -edits 1000000
var manyEdits = flag.Int("edits", 3000, "random edits that TestTextStaysTheEditors makes")

// Whatever an editor sends, the server's text is the editor's, in every encoding, while it is analysed and asked about.
func TestTextStaysTheEditors(t *testing.T) {
	log := &lockedBuffer{}
	for i, enc := range []source.Encoding{source.UTF8, source.UTF16, source.UTF32} {
		s := newServer(context.Background(), &lockedBuffer{}, log, Options{})
		s.enc = enc
		s.phase = running
		text := strings.ReplaceAll(many(4), "bench", "bénch🚀")
		send(t, s.didOpen, map[string]any{"textDocument": map[string]any{"uri": doc, "languageId": "yaml", "version": 1, "text": text}})
		typist := typing.New(text, int64(i), func(text string) bool { return len(text) < 8<<10 })
		for n := range *manyEdits / 3 {
			before := typist.Text
			e := typist.Next()
			start, end := position(before, e.Start, enc), position(before, e.End, enc)
			if inside(before, e.Start) || inside(before, e.End) { // no editor has a place between the two characters of a line break
				send(t, s.didChange, changed(n+2, contentChange{Text: typist.Text}))
			} else {
				send(t, s.didChange, changed(n+2, change(start, end, e.New)))
			}
			if got := string(s.session.current().docs[doc].file.Text); got != typist.Text {
				t.Fatalf("encoding %d, edit %d, %+v of %q: the server has %q", enc, n, e, before, got)
			}
		}
		s.push.stop()
		s.out.close()
	}
	if text := log.String(); text != "" {
		t.Errorf("the log says: %.2000s", text)
	}
}

func inside(text string, off int) bool {
	return off > 0 && off < len(text) && text[off] == '\n' && text[off-1] == '\r'
}

func changed(version int, c contentChange) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": doc, "version": version}, "contentChanges": []contentChange{c}}
}

func send(t *testing.T, handler func(json.RawMessage) error, params any) {
	t.Helper()
	raw, err := json.Marshal(params)
	if err != nil {
		t.Fatal(err)
	}
	if err := handler(raw); err != nil {
		t.Fatal(err)
	}
}
