package lsp

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
)

// row is one line as the outline sees it.
type row struct {
	span   source.Span
	dashes []int // columns
	col    int   // of the first thing behind the dashes
	key    string
	keyAt  source.Span
	value  int // offset behind the colon and the blanks, or of the scalar
	hasKey bool
	void   bool // blank, comment, or inside
	inside bool // part of a block scalar, or of a quoted text or flow collection that started further up
	bare   bool // nothing stands behind the key or the dashes
}

// rows splits a text into lines. Columns count bytes from the start of the line.
func rows(f *source.File) []row {
	out := make([]row, f.Lines())
	scalar := -1 // lines indented deeper than this belong to a block scalar
	var open byte
	depth := 0
	for n := range out {
		r := &out[n]
		r.span = f.LineSpan(n)
		line := string(f.Text[r.span.Start:r.span.End])
		r.col = len(line) - len(strings.TrimLeft(line, " "))
		rest := line[r.col:]
		if n == 0 {
			if bom := strings.TrimPrefix(line, "\ufeff"); bom != line {
				rest = bom
			}
		}
		if open != 0 || depth > 0 {
			r.void, r.inside = true, strings.TrimSpace(rest) != ""
			open, depth = scan(rest, open, depth)
			continue
		}
		if strings.TrimSpace(rest) == "" || rest[0] == '#' || strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...") {
			r.void = true
			continue
		}
		if scalar >= 0 {
			if r.col > scalar {
				r.void, r.inside = true, true
				continue
			}
			scalar = -1
		}
		for rest[0] == '-' && (len(rest) == 1 || rest[1] == ' ') {
			r.dashes = append(r.dashes, r.col)
			blanks := len(rest[1:]) - len(strings.TrimLeft(rest[1:], " "))
			r.col += 1 + blanks
			if rest = rest[1+blanks:]; rest == "" {
				break
			}
		}
		at := r.span.End - len(rest)
		r.value = at
		if size, ok := keyLen(rest); ok {
			r.hasKey, r.key, r.keyAt = true, unquote(rest[:size]), source.Span{Start: at, End: at + size}
			after := rest[size:]
			after = after[strings.IndexByte(after, ':')+1:]
			rest = strings.TrimLeft(after, " \t")
			r.value = r.span.End - len(rest)
		}
		rest = withoutProperties(rest)
		r.bare = rest == "" || rest[0] == '#'
		if !r.bare && (rest[0] == '|' || rest[0] == '>') {
			scalar = lastColumn(r)
			continue
		}
		open, depth = scan(rest, 0, 0)
	}
	return out
}

// lastColumn is the column of the innermost thing that starts on the row.
func lastColumn(r *row) int {
	if r.hasKey || len(r.dashes) == 0 {
		return r.col
	}
	return r.dashes[len(r.dashes)-1]
}

// withoutProperties cuts an anchor and a tag from the front of a value.
func withoutProperties(s string) string {
	for s != "" && (s[0] == '&' || s[0] == '!') {
		_, s, _ = strings.Cut(s, " ")
		s = strings.TrimLeft(s, " ")
	}
	return s
}

// keyLen finds "key:" at the start of s and returns the key's length, quotes included.
func keyLen(s string) (int, bool) {
	if s == "" || strings.IndexByte("#[{|>%@`,]}", s[0]) >= 0 {
		return 0, false
	}
	if s[0] == '"' || s[0] == '\'' {
		end := closing(s)
		if end < 0 {
			return 0, false
		}
		return end + 1, isColon(strings.TrimLeft(s[end+1:], " "), 0)
	}
	for i := 0; i < len(s); i++ {
		if isColon(s, i) {
			return len(strings.TrimRight(s[:i], " ")), i > 0
		}
		if s[i] == '#' && i > 0 && s[i-1] == ' ' {
			return 0, false
		}
	}
	return 0, false
}

// isColon reports whether s[i] is a colon that ends a key.
func isColon(s string, i int) bool {
	return i < len(s) && s[i] == ':' && (i+1 == len(s) || s[i+1] == ' ' || s[i+1] == '\t')
}

// closing is the index of the quote that closes the one at s[0], or -1.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[0] == '"' && s[i] == '\\':
			i++
		case s[i] == s[0]:
			if s[0] == '\'' && i+1 < len(s) && s[i+1] == '\'' {
				i++
				continue
			}
			return i
		}
	}
	return -1
}

func unquote(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// scan follows quotes and brackets through one line of a value. A plain scalar opens neither.
func scan(s string, open byte, depth int) (byte, int) {
	if open == 0 && depth == 0 && (s == "" || strings.IndexByte("\"'[{", s[0]) < 0) {
		return 0, 0
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case open == '"' && c == '\\':
			i++
		case open != 0:
			if c == open {
				open = 0
			}
		case c == '"' || c == '\'':
			if i == 0 || strings.IndexByte(" [{,:", s[i-1]) >= 0 {
				open = c
			}
		case c == '#' && (i == 0 || s[i-1] == ' '):
			return 0, depth
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth > 0 {
				depth--
			}
		}
	}
	return open, depth
}

// frame is a level of the outline that is still open while the rows are read.
type frame struct {
	step
	keys []string // with an item or the root: keys seen of the mapping in it
	kids int      // column of what is inside, or -1 when nothing was seen yet
}

// stack is the open levels, outermost first; stack[0] is the root.
type stack []frame

func newStack() stack { return stack{{step: step{index: -1, col: -1}, kids: -1}} }

// take closes what a row ends and opens what it starts.
func (s *stack) take(r *row) {
	for _, dash := range r.dashes {
		s.item(dash)
	}
	if r.hasKey {
		s.key(r)
	} else if len(r.dashes) == 0 {
		s.close(r.col) // a scalar on a line of its own
	}
}

// close removes the levels that a thing at a column ends.
func (s *stack) close(col int) {
	for len(*s) > 1 && (*s)[len(*s)-1].col >= col {
		*s = (*s)[:len(*s)-1]
	}
}

func (s *stack) item(col int) {
	for len(*s) > 1 {
		top := (*s)[len(*s)-1]
		// A list may stand at the column of its key.
		if top.col < col || top.col == col && !top.isItem() {
			break
		}
		if top.col == col {
			(*s)[len(*s)-1] = frame{step: step{index: top.index + 1, col: col}, kids: -1}
			return
		}
		*s = (*s)[:len(*s)-1]
	}
	parent := &(*s)[len(*s)-1]
	if parent.kids < 0 {
		parent.kids = col
	}
	*s = append(*s, frame{step: step{index: 0, col: col}, kids: -1})
}

func (s *stack) key(r *row) {
	s.close(r.col)
	parent := &(*s)[len(*s)-1]
	if parent.kids < 0 {
		parent.kids = r.col
	}
	parent.keys = append(parent.keys, r.key)
	*s = append(*s, frame{step: step{key: r.key, index: -1, col: r.col, at: r.keyAt, value: !r.bare}, kids: -1})
}

func (s stack) path() []step {
	out := make([]step, 0, len(s)-1)
	for _, f := range s[1:] {
		out = append(out, f.step)
	}
	return out
}

// after lists the keys at a column in the rows below, as far as the same mapping goes.
func after(below []row, col int) []string {
	var out []string
	for i := range below {
		r := &below[i]
		switch {
		case r.void:
		case len(r.dashes) > 0 && r.dashes[0] < col, r.col < col:
			return out
		case r.hasKey && r.col == col && len(r.dashes) == 0:
			out = append(out, r.key)
		}
	}
	return out
}
