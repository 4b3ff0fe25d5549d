package lsp

import (
	"bytes"
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

// keystroke is one edit and the diagnostics for it.
func keystroke(b *testing.B, s *Server, d *document, c contentChange) *document {
	b.Helper()
	next := *d
	next.version++
	next.file = edited(d.file, c, source.UTF16)
	ctx, done := withHolds(context.Background())
	defer done()
	snap := s.session.change(func(to *snapshot) { to.docs[doc] = &next })
	if _, err := s.diagnose(ctx, snap, &next); err != nil {
		b.Fatal(err)
	}
	return &next
}

// BenchmarkEdit types in a deployment in the middle of the file.
func BenchmarkEdit(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, d := benchDocument(b, n)
			at := d.position(bytes.Index(d.file.Text, []byte(fmt.Sprintf("bench-%d", n/2))))
			here := wildPosition{float64(at.Line), float64(at.Character)}
			d = keystroke(b, s, d, change(here, here, "x"))
			for b.Loop() {
				d = keystroke(b, s, d, change(here, wildPosition{here.Line, here.Character + 1}, "y"))
				d = keystroke(b, s, d, change(here, here, "z"))
				d = keystroke(b, s, d, change(here, wildPosition{here.Line, here.Character + 1}, ""))
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(3*b.N), "µs/edit")
		})
	}
}

// BenchmarkSharedEdit types where every deployment may depend on it.
func BenchmarkSharedEdit(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, d := benchDocument(b, n)
			for i := range b.N {
				d = keystroke(b, s, d, change(wildPosition{0, 6}, wildPosition{0, 6}, fmt.Sprint(i%10)))
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
				keystroke(b, s, d, change(middle, middle, fmt.Sprintf("]: [ %d\n", i)))
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
				ctx, done := withHolds(context.Background())
				if _, err := s.completion(ctx, snap, d, p); err != nil {
					b.Fatal(err)
				}
				done()
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
