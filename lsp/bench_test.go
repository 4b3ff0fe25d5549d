package lsp

import (
	"context"
	"fmt"
	"strings"
	"testing"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/source"
)

// many is a file with n deployments that share a pool and a schedule.
func many(n int) string {
	var b strings.Builder
	b.WriteString(typed)
	for i := range n {
		fmt.Fprintf(&b, "  - name: bench-%d\n    entrypoint: flows/f%d.py:main\n    version: \"{{ image.tag }}\"\n    work_pool: *pool\n    schedules:\n      - *daily\n      - {interval: 3600}\n    parameters:\n      n: %d\n", i, i, i)
	}
	return b.String()
}

func benchDocument(b *testing.B, n int) (*Server, *document) {
	b.Helper()
	s := newServer(context.Background(), &lockedBuffer{}, &lockedBuffer{}, Options{})
	b.Cleanup(s.out.close)
	d := &document{uri: doc, path: "/w/prefect.yaml", file: source.New("/w/prefect.yaml", []byte(many(n)))}
	s.session.change(func(next *snapshot) { next.docs[doc] = d })
	return s, d
}

func BenchmarkKeystrokeToDiagnostics(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, d := benchDocument(b, n)
			for i := range b.N {
				next := *d
				next.version = int32(i)
				next.file = edited(d.file, change(wildPosition{0, 6}, wildPosition{0, 6}, fmt.Sprint(i)), source.UTF16)
				snap := s.session.change(func(to *snapshot) { to.docs[doc] = &next })
				if _, err := s.diagnose(context.Background(), snap, &next); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkKeystrokeInBrokenText types where the text cannot be read, so that the reader has to mend it.
func BenchmarkKeystrokeInBrokenText(b *testing.B) {
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, d := benchDocument(b, n)
			middle := wildPosition{float64(d.file.Lines() / 2), 0}
			for i := range b.N {
				next := *d
				next.file = edited(d.file, change(middle, middle, fmt.Sprintf("]: [ %d\n", i)), source.UTF16)
				snap := s.session.change(func(to *snapshot) { to.docs[doc] = &next })
				if _, err := s.diagnose(context.Background(), snap, &next); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompletion(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, d := benchDocument(b, n)
			snap := s.session.current()
			for i := range b.N {
				p := &protocol.CompletionParams{}
				p.Position = d.position(d.file.LineSpan(30 + i%40).End)
				if _, err := s.completion(context.Background(), snap, d, p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkIncrementalEdit(b *testing.B) {
	f := source.New("x", []byte(many(1000)))
	c := change(wildPosition{500, 3}, wildPosition{500, 3}, "x")
	b.SetBytes(int64(len(f.Text)))
	for range b.N {
		edited(f, c, source.UTF16)
	}
}
