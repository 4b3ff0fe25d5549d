package lsp

import (
	"context"
	"strings"
	"testing"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/source"
)

// FuzzFeatures asks everything of any text at any place: nothing may panic, and every range must lie in the text, in order.
func FuzzFeatures(f *testing.F) {
	f.Add([]byte(typed), 700)
	f.Add([]byte("deployments:\n  - &a\n    <<: *a\n    x: {{ y\n"), 30)
	f.Add([]byte("a: &a [*a, *b]\n? [x]\n: {<<: [*a]}\n\xff\r- \ufeff"), 8)
	f.Add([]byte("build:\n- x.y: &q {id: 1, \"\": {{ }}\n--- \n"), 20)
	f.Fuzz(func(t *testing.T, text []byte, off int) {
		if off < 0 || off > len(text) || len(text) > 1<<16 {
			return
		}
		s := newServer(context.Background(), &lockedBuffer{}, &lockedBuffer{}, Options{})
		defer s.out.close()
		d := &document{uri: doc, path: "/w/prefect.yaml", file: source.New("/w/prefect.yaml", text)}
		snap := s.session.change(func(next *snapshot) {
			next.docs[doc] = d
			next.client = client{snippets: true, asIs: true, markdownHover: true, symbolTree: true, relatedInfo: true}
		})
		ctx := context.Background()
		at := protocol.TextDocumentPositionParams{Position: d.position(off)}
		must := func(_ any, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.completion(ctx, snap, d, &protocol.CompletionParams{TextDocumentPositionParams: at}))
		must(s.hover(ctx, snap, d, &protocol.HoverParams{TextDocumentPositionParams: at}))
		must(s.definition(ctx, snap, d, &protocol.DefinitionParams{TextDocumentPositionParams: at}))
		must(s.foldingRange(ctx, snap, d, nil))
		got, err := s.documentSymbol(ctx, snap, d, nil)
		must(got, err)
		nested(t, d, got.([]protocol.DocumentSymbol))
		items, err := s.diagnose(ctx, snap, d)
		must(items, err)
		for _, i := range items {
			if strings.TrimSpace(i.Message) == "" || before(i.Range.End, i.Range.Start) {
				t.Errorf("diagnostic %+v", i)
			}
		}
	})
}

func before(a, b protocol.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Character < b.Character
}

// nested checks what the protocol demands of an outline: names are not empty and lie inside their symbol.
func nested(t *testing.T, d *document, list []protocol.DocumentSymbol) {
	for _, s := range list {
		if s.Name == "" || before(s.SelectionRange.Start, s.Range.Start) || before(s.Range.End, s.SelectionRange.End) {
			t.Errorf("symbol %+v", s)
		}
		nested(t, d, s.Children)
	}
}
