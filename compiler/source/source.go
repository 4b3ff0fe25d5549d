package source

import (
	"bytes"
	"sort"
	"sync/atomic"
	"unicode/utf8"
)

// Span is a half-open range of bytes in one File.
type Span struct{ Start, End int }

// Len is the number of bytes covered.
func (s Span) Len() int { return s.End - s.Start }

// Contains reports whether off lies in the span; the end counts, so that a cursor behind the last character does.
func (s Span) Contains(off int) bool { return s.Start <= off && off <= s.End }

// Covers reports whether o lies wholly in s.
func (s Span) Covers(o Span) bool { return s.Start <= o.Start && o.End <= s.End }

// At is the empty span at off.
func At(off int) Span { return Span{off, off} }

// File is the immutable text of one file with its line table.
type File struct {
	Path  string // as the user named it; "-" style names are resolved by the caller
	Text  []byte
	lines []int // byte offset of the start of each line
	last  atomic.Pointer[mark]
}

// mark is a place on a long line whose column is known, so that the next place on it is counted from there: a line of a
// million placeholders has findings everywhere.
type mark struct {
	off, line, column int
}

// longLine is the number of bytes from which on a column is counted from the last place.
const longLine = 4096

// New indexes text. The caller must not change text afterwards.
// Lines end at LF, CRLF or a lone CR, as in the language server protocol.
func New(path string, text []byte) *File {
	f := &File{Path: path, Text: text, lines: []int{0}}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n':
			f.lines = append(f.lines, i+1)
		case '\r':
			if i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
			f.lines = append(f.lines, i+1)
		}
	}
	return f
}

// Replace is the file with other text in the place of a span. Only lines that the span touches are looked at.
func (f *File) Replace(s Span, with string) *File {
	s.Start, s.End = f.clamp(s.Start), f.clamp(s.End)
	text := make([]byte, 0, len(f.Text)+len(with)-s.Len())
	text = append(append(append(text, f.Text[:s.Start]...), with...), f.Text[s.End:]...)
	// A line break may be parted from, or joined with, the character on either side.
	first, last := f.LineOf(max(0, s.Start-1)), f.LineOf(s.End)+1
	from, to, by := f.lines[first], len(f.Text), len(with)-s.Len()
	if last+1 < len(f.lines) {
		last++
		to = f.lines[last]
	} else {
		last = len(f.lines)
	}
	lines := make([]int, 0, len(f.lines)+8)
	lines = append(lines, f.lines[:first+1]...)
	between := New("", text[from:to+by]).lines[1:]
	for _, at := range between {
		lines = append(lines, at+from)
	}
	if last < len(f.lines) {
		for _, at := range f.lines[last+1:] {
			lines = append(lines, at+by)
		}
	}
	return &File{Path: f.Path, Text: text, lines: lines}
}

// Slice is the text of a span, cut to the file's bounds.
func (f *File) Slice(s Span) string {
	start, end := f.clamp(s.Start), f.clamp(s.End)
	if start >= end {
		return ""
	}
	return string(f.Text[start:end])
}

// Lines is the number of lines; an empty file has one.
func (f *File) Lines() int { return len(f.lines) }

// LineSpan is the span of line n (from 0) without its line break.
func (f *File) LineSpan(n int) Span {
	if n < 0 || n >= len(f.lines) {
		return At(len(f.Text))
	}
	start, end := f.lines[n], len(f.Text)
	if n+1 < len(f.lines) {
		end = f.lines[n+1]
	}
	for end > start && (f.Text[end-1] == '\n' || f.Text[end-1] == '\r') {
		end--
	}
	return Span{start, end}
}

// LineStart is the offset at which line n (from 0) starts; past the last line it is the end of the text.
func (f *File) LineStart(n int) int {
	if n >= len(f.lines) {
		return len(f.Text)
	}
	return f.lines[max(n, 0)]
}

// LineOf is the line (from 0) that holds the byte at off.
func (f *File) LineOf(off int) int {
	off = f.clamp(off)
	return sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > off }) - 1
}

// Position is a place as people count: both from 1, the column in code points.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// firstColumn is the offset of column 1 of a line (from 0): a byte order mark at the start of the file has none.
func (f *File) firstColumn(line int) int {
	if line == 0 && bytes.HasPrefix(f.Text, []byte("\uFEFF")) {
		return len("\uFEFF")
	}
	return f.lines[line]
}

// Position converts a byte offset.
func (f *File) Position(off int) Position {
	off = f.clamp(off)
	line := f.LineOf(off)
	start := f.firstColumn(line)
	if off = max(off, start); off-start < longLine {
		return Position{line + 1, utf8.RuneCount(f.Text[start:off]) + 1}
	}
	return Position{line + 1, f.farColumn(line, off)}
}

// farColumn counts the column of a place on a long line.
func (f *File) farColumn(line, off int) int {
	start := f.firstColumn(line)
	from := mark{start, line, 1}
	if last := f.last.Load(); last != nil && last.line == line && max(last.off-off, off-last.off) < off-from.off {
		from = *last
	}
	column := from.column + utf8.RuneCount(f.Text[min(from.off, off):max(from.off, off)])
	if off < from.off {
		column = from.column - utf8.RuneCount(f.Text[off:from.off])
	}
	if off == len(f.Text) || utf8.RuneStart(f.Text[off]) { // counting goes on rightly only from between two characters
		f.last.Store(&mark{off, line, column})
	} else if from.off != start {
		column = utf8.RuneCount(f.Text[start:off]) + 1
	}
	return column
}

// Offset converts back; a column past the end of its line is cut to it.
func (f *File) Offset(p Position) int {
	span := f.LineSpan(p.Line - 1)
	off := span.Start
	if p.Line == 1 {
		off = f.firstColumn(0)
	}
	for n := 1; n < p.Column && off < span.End; n++ {
		_, size := utf8.DecodeRune(f.Text[off:])
		off += size
	}
	return min(off, span.End)
}

func (f *File) clamp(off int) int { return min(max(off, 0), len(f.Text)) }
