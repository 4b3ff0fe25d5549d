package step

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

type textFile struct {
	Words []struct {
		Text  string
		Words []string
		Error string
	}
	Values    map[string]string
	Templates []struct{ Text, Result string }
	Lines     []struct {
		Text  string
		Lines []string
	}
}

// readText reads what testdata/record.py recorded of Python.
func readText(t testing.TB) textFile {
	t.Helper()
	text, err := os.ReadFile("testdata/text.json")
	if err != nil {
		t.Fatal(err)
	}
	var f textFile
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestWordsAreThoseOfPython(t *testing.T) {
	for _, c := range readText(t).Words {
		got, err := splitWords(c.Text)
		if c.Error != "" {
			var e *Error
			if !errors.As(err, &e) || e.Message != c.Error || e.Type != "ValueError" {
				t.Errorf("%q: got %q, %v; want error %q", c.Text, got, err, c.Error)
			}
			continue
		}
		if err != nil || !slices.Equal(got, c.Words) {
			t.Errorf("%q: got %q, %v; want %q", c.Text, got, err, c.Words)
		}
	}
}

func TestExpansionIsThatOfPython(t *testing.T) {
	f := readText(t)
	lookup := func(name string) (string, bool) { v, ok := f.Values[name]; return v, ok }
	for _, c := range f.Templates {
		if got := expand(c.Text, lookup); got != c.Result {
			t.Errorf("%q: got %q, want %q", c.Text, got, c.Result)
		}
	}
}

func TestLinesAreThoseOfPython(t *testing.T) {
	for _, c := range readText(t).Lines {
		if got := splitLines(c.Text); !slices.Equal(got, c.Lines) {
			t.Errorf("%q: got %q, want %q", c.Text, got, c.Lines)
		}
	}
}

func TestBrokenBytesAreReplacedAsInPython(t *testing.T) {
	for _, c := range []struct{ bytes, want string }{
		{"plain é", "plain é"},
		{"\xff\xfe", "\ufffd\ufffd"},
		{"a\xe2\x82", "a\ufffd"},               // an unfinished character is one
		{"\xe2\x82b", "\ufffdb"},               //
		{"\xf0\x9f\x98x", "\ufffdx"},           //
		{"\xed\xa0\x80", "\ufffd\ufffd\ufffd"}, // a surrogate
		{"\xc0\x80", "\ufffd\ufffd"},
		{"\xf5\x80", "\ufffd\ufffd"},
	} {
		if got := decode([]byte(c.bytes)); got != c.want {
			t.Errorf("%q: got %q, want %q", c.bytes, got, c.want)
		}
	}
}

func FuzzSplitWords(f *testing.F) {
	for _, c := range readText(f).Words[:60] {
		f.Add(c.Text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		words, err := splitWords(s)
		if err != nil {
			return
		}
		// Quoting each word and splitting again gives the same words.
		var quoted []string
		for _, w := range words {
			quoted = append(quoted, "'"+strings.ReplaceAll(w, "'", `'"'"'`)+"'")
		}
		again, err := splitWords(strings.Join(quoted, " "))
		if err != nil || !slices.Equal(words, again) {
			t.Errorf("%q: %q became %q, %v", s, words, again, err)
		}
	})
}

func FuzzExpand(f *testing.F) {
	for _, c := range readText(f).Templates[:60] {
		f.Add(c.Text)
	}
	none := func(string) (string, bool) { return "", false }
	f.Fuzz(func(t *testing.T, s string) {
		got := expand(s, none)
		if !strings.Contains(s, "$$") && got != s {
			t.Errorf("%q became %q without any variable", s, got)
		}
	})
}

func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"https://user:tok@git.example:8080/org/repo.git;v=1?a=b#c", "git@h:org/repo.git", "ssh://git@h:22/x", "/a/b", "http://[::1]:80/", "a:b", "//x@y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := parseURL(s)
		if err != nil {
			return
		}
		again, err := parseURL(u.String())
		if err == nil && again.String() != u.String() {
			t.Errorf("%q: %q became %q", s, u, again)
		}
		_ = stripAuth(s)
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("a\xe2\x82\xf0"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s := decode(b); len(b) > 0 && s == "" {
			t.Errorf("%q became nothing", b)
		}
	})
}

func BenchmarkSplitWords(b *testing.B) {
	for b.Loop() {
		if _, err := splitWords(`docker build -t "org/img:1.0" --build-arg 'A=b c' --label x\ y .`); err != nil {
			b.Fatal(err)
		}
	}
}
