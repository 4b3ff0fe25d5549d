package lsp

import (
	"bytes"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
)

// cursor says where in a document a place is, read off the lines alone: it holds in a text that is half written and that no
// parser can read. Flow collections are followed only on the cursor's own line.
type cursor struct {
	path []step // from the root to the collection or key the cursor is in

	kind   cursorKind
	indent int // column of the key being written, or of a new item's dash

	// word is what has been written of the key or value so far, up to and behind the cursor.
	word   source.Span
	prefix string // the part of word before the cursor

	from     int  // where the value, or the word, starts on its line, quotes and all
	quote    byte // the quote the word is in, or 0
	flow     bool // inside [ ] or { } on this line
	colon    bool // a colon already follows the word
	item     bool // the word follows a dash on its line
	empty    bool // kind value on its own line: nothing stands behind the key yet
	siblings []string

	braces   int // offset of the "{{" the cursor is behind, or -1
	wordFrom int // with braces: start of the name inside them
}

// step is one level of a path: a key, or the index of an item.
type step struct {
	key   string
	index int // of an item; -1 for a key
	col   int
	at    source.Span // of the key
	value bool        // something stands behind the key on its line
}

func (s step) isItem() bool { return s.index >= 0 }

type cursorKind uint8

const (
	nowhere   cursorKind = iota // in a comment, in a block scalar, at a column where nothing may stand
	atKey                       // a key of the mapping at path may be written here
	atValue                     // the value of the key that ends path, or the item that ends path
	atNewItem                   // a dash may be written here: path ends with the list's key
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

// locate finds out where off is.
func locate(f *source.File, off int) cursor {
	all := rows(f)
	n := f.LineOf(off)
	c := cursor{braces: -1, indent: -1}
	r := all[n]
	if r.void && strings.TrimSpace(f.Slice(r.span)) != "" && !c.inScalar(f, all, n, off) {
		return c
	}
	open := newStack()
	for i := range all[:n] {
		if !all[i].void {
			open.take(&all[i])
		}
	}
	if c.kind == nowhere && c.braces < 0 {
		c.line(f, off, r, open)
	} else {
		c.path = open.path()
	}
	if c.kind != nowhere {
		// What is being typed may open a quote or a bracket that swallows the rows below: look at them without it.
		text := blanked(f, c.from, off)
		below := rows(source.New(f.Path, text))[n+1:]
		c.lookBelow(below)
		c.siblings = append(c.siblings, after(below, c.indent)...)
	}
	return c
}

// blanked is a text with blanks from an offset to the end of the line that holds off.
func blanked(f *source.File, from, off int) []byte {
	text := bytes.Clone(f.Text)
	line := f.LineSpan(f.LineOf(off))
	for i := max(line.Start, from); i < line.End; i++ {
		text[i] = ' '
	}
	return text
}

// inScalar looks for an open "{{" on a line inside a longer text; only templates can be completed there.
func (c *cursor) inScalar(f *source.File, all []row, n, off int) bool {
	line := f.Slice(source.Span{Start: all[n].span.Start, End: off})
	if strings.HasPrefix(strings.TrimLeft(line, " "), "#") && (n == 0 || !all[n-1].void) {
		return false
	}
	c.quote = '|' // whatever it is, nothing needs quoting in it
	return c.template(f, all[n].span, off)
}

// template finds the "{{" that is open at off on its line.
func (c *cursor) template(f *source.File, line source.Span, off int) bool {
	before := f.Slice(source.Span{Start: line.Start, End: off})
	at := strings.LastIndex(before, "{{")
	if at < 0 || strings.Contains(before[at:], "}}") {
		return false
	}
	inside := before[at+2:]
	name := strings.TrimLeft(inside, " ")
	if strings.ContainsAny(strings.TrimRight(name, " "), " \t\"'{}") {
		return false
	}
	c.braces, c.wordFrom = line.Start+at, off-len(name)
	c.prefix = name
	end := off
	for end < line.End && isNameByte(f.Text[end]) {
		end++
	}
	c.word = source.Span{Start: c.wordFrom, End: end}
	return true
}

func isNameByte(b byte) bool {
	return b == '_' || b == '.' || b == '-' || b == '$' || b == '[' || b == ']' || b >= 0x80 || '0' <= b && b <= '9' || isLetter(b)
}

// line works out what the cursor's own line says before and around it.
func (c *cursor) line(f *source.File, off int, r row, open stack) {
	before := f.Slice(source.Span{Start: r.span.Start, End: off})
	col := len(before) - len(strings.TrimLeft(before, " "))
	rest := before[col:]
	if strings.HasPrefix(rest, "#") || strings.Contains(rest, " #") || strings.HasPrefix(rest, "\t") {
		return
	}
	for rest != "" && rest[0] == '-' && (len(rest) == 1 || rest[1] == ' ') {
		open.item(col)
		c.item = true
		blanks := len(rest[1:]) - len(strings.TrimLeft(rest[1:], " "))
		if len(rest) == 1 {
			return // right behind the dash: a blank comes first
		}
		col += 1 + blanks
		rest = rest[1+blanks:]
	}
	start := off - len(rest)
	if size, ok := keyLen(rest); ok {
		colon := strings.IndexByte(rest[size:], ':') + size
		if colon+1 == len(rest) {
			return // right behind the colon: a blank comes first
		}
		own := row{col: col, hasKey: true, key: unquote(rest[:size]), keyAt: source.Span{Start: start, End: start + size}}
		open.key(&own)
		value := strings.TrimLeft(rest[colon+1:], " \t")
		c.path, c.kind = open.path(), atValue
		c.valueWord(f, r.span, off, off-len(value))
		return
	}
	c.keyWord(f, r, off, start, col, open)
}

// keyWord handles a word that may become a key, or be an item or a value on a line of its own.
func (c *cursor) keyWord(f *source.File, r row, off, start, col int, open stack) {
	if !c.item {
		open.close(col)
	}
	top := open[len(open)-1]
	c.path, c.indent = open.path(), col
	switch {
	case !top.isItem() && len(open) > 1 && top.value:
		return // deeper than a key that already has its value
	case top.kids >= 0 && top.kids != col && !c.item:
		return // not the column of the mapping's other keys
	case len(open) > 1 && !top.isItem() && top.kids < 0:
		c.empty = true
	}
	c.kind, c.siblings = atKey, top.keys
	c.valueWord(f, r.span, off, start)
	if c.flow || c.quote != 0 || c.braces >= 0 || strings.HasPrefix(c.prefix, "*") {
		if c.kind = atValue; !c.item && !c.empty {
			c.kind, c.braces = nowhere, -1 // a mapping wants a key here
		}
		return
	}
	end := f.Slice(source.Span{Start: c.word.End, End: r.span.End})
	c.colon = strings.HasPrefix(strings.TrimLeft(end, " "), ":")
	if top.kids >= 0 && len(top.keys) == 0 && !c.item && len(open) > 1 {
		c.kind = atNewItem // the list has items already
	}
}

// valueWord finds the word at off in a value that starts at start.
func (c *cursor) valueWord(f *source.File, line source.Span, off, start int) {
	before := f.Slice(source.Span{Start: start, End: off})
	c.from = start
	if before != "" && strings.IndexByte("&!", before[0]) >= 0 && !strings.Contains(before, " ") {
		c.kind = nowhere // a new name is being made up
		return
	}
	if before = withoutProperties(before); before != "" && (before[0] == '|' || before[0] == '>') {
		c.kind = nowhere
		return
	}
	start = off - len(before)
	c.from = start
	if open, depth := scan(before, 0, 0); depth > 0 || open != 0 {
		c.flow, c.quote = depth > 0, open
		at := strings.LastIndexAny(before, "[{, ")
		if open != 0 {
			at = strings.LastIndexByte(before, open)
		}
		start += at + 1
	} else if before != "" && (before[0] == '"' || before[0] == '\'' || before[0] == '[' || before[0] == '{') {
		c.kind = nowhere // behind a value that is complete
		return
	}
	if c.template(f, line, off) {
		c.flow = c.flow && !strings.HasPrefix(before, "{{")
		return
	}
	end := off
	for end < line.End {
		b := f.Text[end]
		if c.quote == 0 && (b == ' ' || b == '\t') || c.quote == 0 && b == ':' && (end+1 == line.End || f.Text[end+1] == ' ') ||
			c.quote != 0 && b == c.quote || c.flow && strings.IndexByte(",]}", b) >= 0 {
			break
		}
		end++
	}
	c.word, c.prefix = source.Span{Start: start, End: end}, f.Slice(source.Span{Start: start, End: off})
}

// lookBelow gives up where the rows below already hold what the cursor's place would have to hold, or could not be read
// any more behind something written there.
func (c *cursor) lookBelow(below []row) {
	next := slices.IndexFunc(below, func(r row) bool { return !r.void || r.inside })
	if next < 0 {
		return
	}
	if below[next].inside { // the cursor stands in the text of a longer scalar
		if !c.colon {
			c.kind, c.braces = nowhere, -1
		}
		return
	}
	r, parent := &below[next], step{index: -1, col: -1}
	if len(c.path) > 0 {
		parent = c.path[len(c.path)-1]
	}
	col, dash := r.col, len(r.dashes) > 0
	if dash {
		col = r.dashes[0]
	}
	if col <= parent.col && !(dash && col == parent.col && !parent.isItem()) {
		return // it belongs to something further out
	}
	switch {
	case c.kind == atKey && c.colon:
		return // the key is there already, and so is what it holds
	case c.kind == atValue && c.quote != 0 && col > parent.col:
	case c.kind == atKey && col == c.indent && !dash, c.kind == atNewItem && col == c.indent && dash:
		return
	case c.kind == atKey && col == c.indent && !c.item:
		c.kind = atNewItem
		return
	}
	c.kind, c.braces = nowhere, -1
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
