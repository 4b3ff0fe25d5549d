package source

import "unicode/utf8"

// Encoding is the unit in which an editor counts columns.
type Encoding int

// The encodings of the language server protocol 3.17.
const (
	UTF16 Encoding = iota // the protocol's default
	UTF8
	UTF32
)

// LineChar is an editor's position: both from 0, the character in units of an Encoding.
type LineChar struct{ Line, Character int }

func (e Encoding) width(r rune, size int) int {
	switch e {
	case UTF8:
		return size
	case UTF32:
		return 1
	}
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// LineChar converts a byte offset to an editor's position.
func (f *File) LineChar(off int, enc Encoding) LineChar {
	off = f.clamp(off)
	line := f.LineOf(off)
	n := 0
	for at := f.lines[line]; at < off; {
		r, size := utf8.DecodeRune(f.Text[at:])
		n += enc.width(r, size)
		at += size
	}
	return LineChar{line, n}
}

// OffsetOf converts an editor's position to a byte offset. As the protocol asks, a character past the end of its
// line means the end of the line, and a line past the end of the file the end of the file. A position inside a
// surrogate pair or a multi-byte character is moved to its start.
func (f *File) OffsetOf(p LineChar, enc Encoding) int {
	if p.Line < 0 {
		return 0
	}
	if p.Line >= len(f.lines) {
		return len(f.Text)
	}
	span := f.LineSpan(p.Line)
	at := span.Start
	for n := 0; at < span.End; {
		r, size := utf8.DecodeRune(f.Text[at:])
		n += enc.width(r, size)
		if n > p.Character {
			break
		}
		at += size
	}
	return at
}
