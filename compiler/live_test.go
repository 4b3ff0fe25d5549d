package compiler_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/internal/typing"
)

// seen is what a check says of a file: the findings, and the model that the editor's other features look at.
func seen(r *compiler.Result) []string {
	out := everything(r.Diagnostics)
	m := r.Model
	out = append(out, fmt.Sprint("generation ", m.Generation, " suppressed ", r.Suppressed, " bytes ", len(m.Source.Text), " partial ", r.Doc.Partial))
	for _, d := range m.Deployments {
		out = append(out, fmt.Sprintf("%s %d %q %q %v", d.Path, d.Index, d.Name(), d.Entrypoint(), d.Node.Span))
		for _, f := range d.Fields {
			out = append(out, fmt.Sprintf("  %s %v %v", f.Path, f.Key.Span, f.Value.Span))
		}
	}
	for _, s := range r.Facts.Steps() {
		out = append(out, fmt.Sprintf("step %s %q %v %v", s.Path, s.ID, s.Node.Span, s.Runs))
	}
	for _, ref := range m.References {
		out = append(out, fmt.Sprintf("reference %s %q %v %v", ref.Path, ref.Name, ref.Span, ref.NameSpan))
	}
	for _, l := range r.Facts.Links().All {
		line := fmt.Sprintf("link %v %d %q", l.Span, l.Status, l.Output)
		if l.Source != nil {
			line += " " + l.Source.Path
		}
		out = append(out, line)
	}
	for _, a := range r.Doc.Anchors {
		line := fmt.Sprintf("anchor %q %v", a.Name, a.Span)
		for _, u := range a.Uses {
			line += fmt.Sprint(" ", u.Span)
		}
		out = append(out, line)
	}
	return append(out, fmt.Sprint("comments ", r.Doc.Comments))
}

// live follows a file as an editor changes it.
type live struct {
	t     testing.TB
	c     *compiler.Compiler
	on    *compiler.Live
	flows *entrypoint.Loader
	last  string
}

func follow(t testing.TB) *live {
	c := theCompiler(t)
	return &live{t, c, c.NewLive(), entrypoint.NewLoader(fuzzedProject), ""}
}

func (l *live) check(text string) {
	l.t.Helper()
	in := compiler.Input{File: source.New("prefect.yaml", []byte(text)), Flows: l.flows}
	r, err := l.on.Check(context.Background(), in)
	if err != nil {
		l.t.Fatal(err)
	}
	full, err := l.c.Check(context.Background(), in)
	if err != nil {
		l.t.Fatal(err)
	}
	if got, want := seen(r), seen(full); !slices.Equal(got, want) {
		for i := range want {
			if i >= len(got) || got[i] != want[i] {
				l.t.Fatalf("%s\nbecame\n%s\n\n got %s\nwant %s", l.last, text, append(got, "nothing")[min(i, len(got))], want[i])
			}
		}
		l.t.Fatalf("%s\nbecame\n%s\n\ngot more: %s", l.last, text, got[len(want):])
	}
	l.last = text
}

func (l *live) parses(text string) bool {
	return l.c.Compile(compiler.Input{File: source.New("prefect.yaml", []byte(text))}).Doc.Editable()
}

func TestLiveIsAsChecking(t *testing.T) {
	edits := 4
	texts := caseTexts(t)
	texts["many"] = string(document(12))
	texts["many with CRLF"] = strings.ReplaceAll(string(document(5)), "\n", "\r\n")
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		n := edits
		if strings.HasPrefix(name, "many") {
			n = 120 * edits
		}
		l := follow(t)
		typist := typing.New(texts[name], int64(i), l.parses)
		l.check(typist.Text)
		for range n {
			typist.Next()
			l.check(typist.Text)
		}
	}
}

func FuzzLive(f *testing.F) {
	for _, text := range caseTexts(f) {
		f.Add(text, int64(len(text)))
	}
	f.Fuzz(func(t *testing.T, text string, seed int64) {
		if len(text) > 1<<13 {
			return
		}
		l := follow(t)
		typist := typing.New(strings.ToValidUTF8(text, "?"), seed, l.parses)
		for range 20 {
			l.check(typist.Text)
			typist.Next()
		}
	})
}

// Several edits at once, of which only some can be followed, and one that is in use.
func TestLiveInUse(t *testing.T) {
	l := follow(t)
	text := string(document(8))
	l.check(text)
	flip := func(n int) { // the same length
		at := strings.Index(text, fmt.Sprintf("bench-%04d", n))
		text = text[:at] + "BENCH" + text[at+5:]
	}
	flip(1)
	flip(6)
	l.check(text)
	flip(2)
	text = strings.Replace(text, "nightly: &nightly", "nightly: &nightlx", 1)
	l.check(text)
	text = strings.Replace(text, "nightly: &nightlx", "nightly: &nightly", 1)
	in := compiler.Input{File: source.New("prefect.yaml", []byte(text)), Flows: l.flows}
	r, err := l.on.Check(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	release, ok := r.Hold()
	if !ok {
		t.Fatal("a new result cannot be looked at")
	}
	before := seen(r)
	flip(3)
	l.check(text)
	if !slices.Equal(before, seen(r)) {
		t.Error("a result changed while it was in use")
	}
	release()
	flip(4)
	in.File = source.New("prefect.yaml", []byte(text))
	last, err := l.on.Check(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	flip(5)
	l.check(text)
	if _, ok := last.Hold(); ok {
		t.Error("a result that was changed into the next one can still be looked at")
	}
}
