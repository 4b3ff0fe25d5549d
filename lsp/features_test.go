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
		whole := protocol.Range{End: d.position(len(text))}
		must(s.references(ctx, snap, d, &protocol.ReferenceParams{TextDocumentPositionParams: at}))
		must(s.documentHighlight(ctx, snap, d, &protocol.DocumentHighlightParams{TextDocumentPositionParams: at}))
		must(s.inlayHints(ctx, snap, d, &inlayHintParams{whole}))
		must(s.documentLink(ctx, snap, d, nil))
		lenses, err := s.codeLens(ctx, snap, d, nil)
		must(lenses, err)
		for _, l := range lenses.([]protocol.CodeLens) {
			if l.Command == nil {
				must(s.resolveLens(ctx, snap, &l))
			}
		}
		tokens, err := s.semanticTokensFull(ctx, snap, d, nil)
		must(tokens, err)
		ordered(t, tokens.(protocol.SemanticTokens).Data)
		grown, err := s.selectionRange(ctx, snap, d, &protocol.SelectionRangeParams{Positions: []protocol.Position{at.Position}})
		must(grown, err)
		for sel := &grown.([]protocol.SelectionRange)[0]; sel.Parent != nil; sel = sel.Parent {
			if before(sel.Range.Start, sel.Parent.Range.Start) || before(sel.Parent.Range.End, sel.Range.End) || sel.Range == sel.Parent.Range {
				t.Errorf("selection %v in %v", sel.Range, sel.Parent.Range)
			}
		}
		a, err := snap.analysis(ctx, d)
		must(a, err)
		tidy := a.edit(tidied(a))
		if again := (&analysis{doc: &document{file: tidy.File}, tree: tidy}); fatals(a.tree) == 0 && len(tidied(again)) > 0 {
			t.Errorf("formatting %q twice changes it again", text)
		}
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

// ordered checks that tokens go forward and do not overlap.
func ordered(t *testing.T, data []protocol.UInteger) {
	for i := 0; i < len(data); i += 5 {
		if data[i] > 1<<20 || data[i+1] > 1<<20 || data[i+2] == 0 || i > 0 && data[i] == 0 && data[i+1] < data[i-5+2] {
			t.Errorf("token %v", data[i:i+5])
		}
	}
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
