package lsp

import (
	"context"
	"testing"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/source"
)

// FuzzActions makes every edit on offer at any place of any text: none may leave the YAML less readable, or touch text twice.
func FuzzActions(f *testing.F) {
	f.Add([]byte(typed), 700)
	f.Add([]byte("definitions:\n  a: &a\n    x: 1\nbuild:\n- a.b: &q\n    id: x\n    c: |+\n      t\n\ndeployments:\n- <<: *a\n  work_pool:\n    name: {{ y }}\n"), 70)
	f.Add([]byte("deployments:\r\n  - name: a\r\n    schedule:\r\n      cron: \"* * * * *\"\r\n    work_pool: &p\r\n      name: k\r\n  - work_pool: *p\r\n"), 40)
	f.Add([]byte("a:\n  # c\n  - b: [*x, {<<: *y}]\n  - |\n   {{ z }}\nx: &x\n  - k"), 5)
	f.Fuzz(func(t *testing.T, text []byte, off int) {
		if off < 0 || off > len(text) || len(text) > 1<<14 {
			return
		}
		s := newServer(context.Background(), &lockedBuffer{}, &lockedBuffer{}, Options{})
		defer s.out.close()
		d := &document{uri: doc, path: "/w/prefect.yaml", file: source.New("/w/prefect.yaml", text)}
		snap := s.session.change(func(next *snapshot) {
			next.docs[doc] = d
			next.client = client{actionLiterals: true, actionResolve: true}
		})
		a, err := snap.analysis(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		at := d.position(off)
		for _, x := range actions(context.Background(), snap, a, &protocol.CodeActionParams{Range: protocol.Range{Start: at, End: at}}) {
			edits, err := x.edits(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			for i, e := range edits {
				for _, o := range edits[:i] {
					if e.Span.Start < o.Span.End && o.Span.Start < e.Span.End {
						t.Errorf("%s: edits %v and %v overlap", x.title, o, e)
					}
				}
			}
			if len(edits) > 0 && fatals(a.edit(edits)) > fatals(a.tree) {
				t.Errorf("%s at %d leaves %q", x.title, off, a.edit(edits).File.Text)
			}
		}
	})
}
