package yamldoc

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/prefectc/prefectc/compiler/source"
)

// fatal records a problem that makes yaml.safe_load raise.
func (d *Document) fatal(kind ProblemKind, span source.Span, format string, args ...any) {
	d.Problems = append(d.Problems, Problem{Kind: kind, Fatal: true, Span: span, Message: fmt.Sprintf(format, args...)})
}

// maxBadCharacters bounds the findings about single characters: a binary file needs no more to be recognised.
const maxBadCharacters = 20

// decode checks the text as Python's UTF-8 codec and PyYAML's reader do, and returns the text to parse, in which
// every character they refuse is replaced by underscores, so that offsets stay. It reports false when the file is no text.
func (d *Document) decode(text []byte) (*parseText, bool) {
	if enc := utf16Name(text); enc != "" {
		d.Partial = true
		d.fatal(BadEncoding, source.Span{Start: 0, End: min(2, len(text))},
			"file is encoded as %s, which prefect cannot read: save it as UTF-8", enc)
		return nil, false
	}
	out := text
	t := &parseText{}
	bad := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf && (c >= ' ' && c != 0x7f || c == '\n' || c == '\t' || c == '\r') {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if printable(r, size) {
			i += size
			continue
		}
		if &out[0] == &text[0] {
			out = bytes.Clone(text)
		}
		copy(out[i:i+size], "____")
		if bad++; bad <= maxBadCharacters {
			d.badCharacter(r, source.Span{Start: i, End: i + size}, text[i])
		}
		i += size
	}
	t.bytes, t.base = out, out
	return t, true
}

func (d *Document) badCharacter(r rune, at source.Span, b byte) {
	if r == utf8.RuneError && at.Len() == 1 {
		d.fatal(BadEncoding, at, "byte 0x%02x is not UTF-8: save the file as UTF-8", b)
		return
	}
	d.fatal(BadEncoding, at, "character U+%04X is not allowed in YAML: remove it, or write it as an escape in double quotes", r)
}

// printable holds for the characters PyYAML's reader lets pass.
func printable(r rune, size int) bool {
	switch {
	case r == utf8.RuneError && size <= 1:
		return false
	case r == 0x85, r >= 0xA0 && r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD, r >= 0x10000:
		return true
	}
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r < 0x7f
}

func utf16Name(text []byte) string {
	switch {
	case bytes.HasPrefix(text, []byte{0xFF, 0xFE}):
		return "UTF-16 (little endian)"
	case bytes.HasPrefix(text, []byte{0xFE, 0xFF}):
		return "UTF-16 (big endian)"
	}
	// Without a mark: Latin text has a NUL in every other byte.
	n := min(len(text), 64) &^ 1
	even, odd := 0, 0
	for i := 0; i < n; i += 2 {
		if text[i] == 0 {
			even++
		}
		if text[i+1] == 0 {
			odd++
		}
	}
	switch {
	case n < 4:
	case odd*4 > n && even == 0:
		return "UTF-16 (little endian)"
	case even*4 > n && odd == 0:
		return "UTF-16 (big endian)"
	}
	return ""
}
