package lsp

import (
	"context"
	"testing"

	"github.com/sourcegraph/jsonrpc2"
	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/source"
)

// FuzzRename renames whatever is at a place to any name: it is refused with a reason, or all mentions still name one thing.
func FuzzRename(f *testing.F) {
	f.Add([]byte(typed), 700, "n")
	f.Add([]byte("build:\n- a.b: &q\n    id: x\n    c: '{{ x.y }} {{ x }}'\n- a.b: *q\ndeployments:\n- name: \"a\"\n  version: \"\\x7b{ x.z }}\"\n"), 25, "null")
	f.Add([]byte("deployments:\n- {name: a, work_pool: &p {name: b}}\n- {name: a, work_pool: *p}\n"), 22, "]: #")
	f.Fuzz(func(t *testing.T, text []byte, off int, name string) {
		if off < 0 || off > len(text) || len(text) > 1<<14 || len(name) > 100 {
			return
		}
		s := newServer(context.Background(), &lockedBuffer{}, &lockedBuffer{}, Options{})
		defer s.out.close()
		d := &document{uri: doc, path: "/w/prefect.yaml", file: source.New("/w/prefect.yaml", text)}
		snap := s.session.change(func(next *snapshot) { next.docs[doc] = d })
		a, err := snap.analysis(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		was := thingAt(a, off)
		p := &protocol.RenameParams{NewName: name}
		p.Position = d.position(off)
		if _, err := s.rename(context.Background(), snap, d, p); err != nil {
			if refused, ok := err.(*jsonrpc2.Error); !ok || refused.Message == "" {
				t.Fatal(err)
			}
			return
		}
		edits := was.renamed(a, name)
		next := *d
		next.file = source.New(d.path, compiler.Edited(text, edits))
		snap = s.session.change(func(to *snapshot) { to.docs[doc] = &next })
		if a, err = snap.analysis(context.Background(), &next); err != nil {
			t.Fatal(err)
		}
		first := was.spots[0]
		is := thingAt(a, first.span.Start+min(1, first.span.Len()))
		if is.kind != was.kind || is.name != name || len(is.spots) != len(was.spots) {
			t.Errorf("at %d: %+v became %+v in\n%s", off, was, is, next.file.Text)
		}
	})
}
