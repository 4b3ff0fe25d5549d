package source

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The same text has all that makes columns hard: two- and three-byte letters, a letter outside the basic plane, all line ends.
const text = "größe: 1\r\nname: \"🚀x\"\rlast: 日本\n"

func TestPositionsAsPeopleCount(t *testing.T) {
	f := New("prefect.yaml", []byte(text))
	for _, c := range []struct {
		of           string
		line, column int
	}{{"größe", 1, 1}, {"1\r", 1, 8}, {"name", 2, 1}, {"x\"", 2, 9}, {"last", 3, 1}, {"本", 3, 8}} {
		off := index(c.of)
		if got := f.Position(off); got != (Position{c.line, c.column}) {
			t.Errorf("%q: got %+v, want line %d column %d", c.of, got, c.line, c.column)
		}
		if back := f.Offset(f.Position(off)); back != off {
			t.Errorf("%q: offset %d came back as %d", c.of, off, back)
		}
	}
	if f.Lines() != 4 || f.LineSpan(3).Len() != 0 {
		t.Errorf("%d lines, the last with %d bytes", f.Lines(), f.LineSpan(3).Len())
	}
}

func TestPositionsAsEditorsCount(t *testing.T) {
	f := New("prefect.yaml", []byte(text))
	for _, c := range []struct {
		of   string
		enc  Encoding
		line int
		char int
	}{
		{"x\"", UTF16, 1, 9}, {"x\"", UTF8, 1, 11}, {"x\"", UTF32, 1, 8},
		{"本", UTF16, 2, 7}, {"本", UTF8, 2, 9}, {"本", UTF32, 2, 7},
		{"ße", UTF16, 0, 3}, {"ße", UTF8, 0, 4},
	} {
		off := index(c.of)
		p := f.LineChar(off, c.enc)
		if p != (LineChar{c.line, c.char}) {
			t.Errorf("%q in encoding %d: got %+v, want %d:%d", c.of, c.enc, p, c.line, c.char)
		}
		if back := f.OffsetOf(p, c.enc); back != off {
			t.Errorf("%q in encoding %d: offset %d came back as %d", c.of, c.enc, off, back)
		}
	}
}

func TestPositionsOutsideAreCut(t *testing.T) {
	f := New("prefect.yaml", []byte(text))
	for _, c := range []struct {
		at   LineChar
		want int
	}{{LineChar{0, 99}, index("\r\n")}, {LineChar{99, 0}, len(text)}, {LineChar{-1, 5}, 0}, {LineChar{1, 8}, index("🚀")}} {
		if got := f.OffsetOf(c.at, UTF16); got != c.want && !(c.at.Character == 8 && got == c.want) {
			t.Errorf("%+v: got %d, want %d", c.at, got, c.want)
		}
	}
	if f.Slice(Span{-5, 3}) != "gr\xc3" || f.Slice(Span{9999, 10000}) != "" {
		t.Error("a span outside the file must be cut")
	}
}

func index(s string) int {
	for i := 0; i+len(s) <= len(text); i++ {
		if text[i:i+len(s)] == s {
			return i
		}
	}
	panic("not in the text: " + s)
}

func FuzzConversions(f *testing.F) {
	f.Add([]byte(text), 3)
	f.Add([]byte("\xff\r\r\n\n"), 1)
	f.Fuzz(func(t *testing.T, b []byte, off int) {
		file := New("x", b)
		if off < 0 || off > len(b) || off < len(b) && !utf8.RuneStart(b[off]) {
			return
		}
		for _, enc := range []Encoding{UTF8, UTF16, UTF32} {
			p := file.LineChar(off, enc)
			back := file.OffsetOf(p, enc)
			span := file.LineSpan(p.Line)
			if utf8.Valid(b) && back != off && off <= span.End {
				t.Fatalf("encoding %d: %d became %+v became %d", enc, off, p, back)
			}
		}
		if p := file.Position(off); p.Line < 1 || p.Column < 1 || p.Line > file.Lines() {
			t.Fatalf("position %+v", p)
		}
	})
}

// Columns on a long line are counted from the last place asked for: whatever came before, they are the same.
func TestColumnsOfALongLine(t *testing.T) {
	long := []byte("short\n" + strings.Repeat("aé夜\xff", 4000) + "\nend")
	ask := rand.New(rand.NewPCG(1, 2))
	f := New("x", long)
	for range 3000 {
		off := ask.IntN(len(long) + 1)
		if got, want := f.Position(off), New("x", long).Position(off); got != want {
			t.Fatalf("offset %d: %v, asked first: %v", off, got, want)
		}
	}
}

// A byte order mark is no character of the first line: editors do not show it.
func TestMarkHasNoColumn(t *testing.T) {
	f := New("x", []byte("\uFEFFab\ncd"))
	for off, want := range map[int]Position{0: {1, 1}, 3: {1, 1}, 4: {1, 2}, 5: {1, 3}, 6: {2, 1}} {
		if got := f.Position(off); got != want {
			t.Errorf("offset %d: %v, want %v", off, got, want)
		}
		if off >= 3 && f.Offset(want) != off {
			t.Errorf("%v is offset %d, want %d", want, f.Offset(want), off)
		}
	}
}

// Lines after edits are those of the text read anew, also where an edit parts or joins a line break.
func TestReplace(t *testing.T) {
	pieces := []string{"", "a", "\n", "\r", "\r\n", "é", "x\ny", "\n\n\r"}
	r := rand.New(rand.NewPCG(1, 2))
	f := New("x", []byte("one\r\ntwo\n\nthree\r"))
	for range 20_000 {
		start := r.IntN(len(f.Text) + 1)
		end := min(len(f.Text), start+r.IntN(4))
		with := pieces[r.IntN(len(pieces))]
		want := New("x", slices.Concat(f.Text[:start], []byte(with), f.Text[end:]))
		before := string(f.Text)
		if f = f.Replace(Span{start, end}, with); string(f.Text) != string(want.Text) || !slices.Equal(f.lines, want.lines) {
			t.Fatalf("%q, %d-%d %q: %q %v, want %q %v", before, start, end, with, f.Text, f.lines, want.Text, want.lines)
		}
		if len(f.Text) > 60 {
			f = New("x", f.Text[:20])
		}
	}
}
