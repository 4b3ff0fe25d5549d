package lsp

import (
	"encoding/json"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/prefectc/prefectc/compiler/source"
)

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	full := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// position is an independent account of the protocol's positions: it walks runes and knows nothing of source.File.
func position(text string, off int, enc source.Encoding) wildPosition {
	var line, col float64
	for i, r := range text {
		if i >= off {
			break
		}
		switch {
		case r == '\r' && strings.HasPrefix(text[i:], "\r\n"):
			continue
		case r == '\n' || r == '\r':
			line, col = line+1, 0
		case enc == source.UTF8:
			col += float64(len(string(r)))
		case enc == source.UTF32:
			col++
		default:
			col += float64(utf16.RuneLen(r))
		}
	}
	return wildPosition{line, col}
}

func change(start, end wildPosition, text string) contentChange {
	c := contentChange{Text: text}
	c.Range = &struct {
		Start wildPosition `json:"start"`
		End   wildPosition `json:"end"`
	}{start, end}
	return c
}

// FuzzSync edits a text at random, through positions and directly, and compares.
func FuzzSync(f *testing.F) {
	f.Add("name: é\r\n  - 🚀: {{ x }}\rb\n", int64(1))
	f.Add("", int64(2))
	f.Add("\ufeffa: 1\n\n\n\r\r\n", int64(3))
	pieces := []string{"a", "\n", "\r\n", "\r", "🚀", "é", "日本", "\u2028", "  ", "- x: y", "e\u0301", "\u0085", "\ufeff", ""}
	f.Fuzz(func(t *testing.T, text string, seed int64) {
		text = strings.ToValidUTF8(text, "?")
		r := rand.New(rand.NewSource(seed))
		for _, enc := range []source.Encoding{source.UTF8, source.UTF16, source.UTF32} {
			want := text
			file := source.New("x", []byte(text))
			for range 12 {
				a, b := boundary(r, want), boundary(r, want)
				if a > b {
					a, b = b, a
				}
				insert := pieces[r.Intn(len(pieces))] + pieces[r.Intn(len(pieces))]
				start, end := position(want, a, enc), position(want, b, enc)
				if b == len(want) || want[b] == '\n' || want[b] == '\r' {
					end.Character += float64(r.Intn(3)) // past the end of the line is its end
				}
				file = edited(file, change(start, end, insert), enc)
				want = want[:a] + insert + want[b:]
				if string(file.Text) != want {
					t.Fatalf("encoding %d: edit %d-%d %q: got %q, want %q", enc, a, b, insert, file.Text, want)
				}
			}
		}
	})
}

// boundary is a random offset between two characters, not inside CRLF.
func boundary(r *rand.Rand, text string) int {
	off := r.Intn(len(text) + 1)
	for off > 0 && off < len(text) && (text[off]&0xC0 == 0x80 || text[off] == '\n' && text[off-1] == '\r') {
		off--
	}
	return off
}

func TestEditsFromOutsideTheDocument(t *testing.T) {
	for _, c := range []struct {
		name, change, want string
	}{
		{"past the last line", `{"range":{"start":{"line":99,"character":0},"end":{"line":99,"character":9}},"text":"c"}`, "a\nbc"},
		{"past the end of a line", `{"range":{"start":{"line":0,"character":99},"end":{"line":0,"character":99}},"text":"c"}`, "ac\nb"},
		{"backwards", `{"range":{"start":{"line":1,"character":1},"end":{"line":0,"character":1}},"text":""}`, "a"},
		{"negative", `{"range":{"start":{"line":-1,"character":-1},"end":{"line":0,"character":0}},"text":"c"}`, "ca\nb"},
		{"huge", `{"range":{"start":{"line":0,"character":0},"end":{"line":4294967295,"character":4294967295}},"text":"c"}`, "c"},
		{"the whole text", `{"text":"c"}`, "c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var one contentChange
			if err := json.Unmarshal([]byte(c.change), &one); err != nil {
				t.Fatal(err)
			}
			if got := string(edited(source.New("x", []byte("a\nb")), one, source.UTF16).Text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestFileNamesAndURIs(t *testing.T) {
	for uri, want := range map[string]string{
		"file:///tmp/a%20b/%E6%97%A5/prefect.yaml":      "/tmp/a b/日/prefect.yaml",
		"file://localhost/x/prefect.yaml":               "/x/prefect.yaml",
		"file:///c%3A/x/prefect.yaml":                   "C:/x/prefect.yaml",
		"file://wsl$/Ubuntu/x/prefect.yaml":             "/wsl$/Ubuntu/x/prefect.yaml",
		"untitled:Untitled-1":                           "",
		"vscode-remote://ssh-remote%2Bh/x/prefect.yaml": "",
		"http://[::": "",
		"":           "",
	} {
		if got, _ := pathOf(uri); filepath.ToSlash(got) != want {
			t.Errorf("%s is %q, want %q", uri, got, want)
		}
	}
	for _, name := range []string{"/tmp/a b/日/100%.yaml", "/x/prefect.yaml"} {
		if back, _ := pathOf(uriOf(name)); back != name {
			t.Errorf("%q became %q", name, back)
		}
	}
}
