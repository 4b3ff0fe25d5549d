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

	from     int    // where the value, or the word, starts on its line, quotes and all
	quote    byte   // the quote the word is in, or 0
	flow     bool   // inside [ ] or { } on this line
	open     string // with flow: the brackets that are missing at the end of the line
	block    int    // with flow: how much of path is outside of the brackets
	colon    bool   // a colon already follows the word
	item     bool   // the word follows a dash on its line
	empty    bool   // kind value on its own line: nothing stands behind the key yet
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
		if !c.flow {
			c.siblings = append(c.siblings, after(below, c.indent)...)
		}
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
	wanted := c.item || c.empty // a value may stand here as well as a key
	c.valueWord(f, r.span, off, start)
	if c.flow && c.braces < 0 {
		if !wanted {
			c.kind = nowhere
		}
		return
	}
	if c.quote != 0 || c.braces >= 0 || strings.HasPrefix(c.prefix, "*") {
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
		if open != 0 {
			start += strings.LastIndexByte(before, open) + 1
		}
	} else if before != "" && (before[0] == '"' || before[0] == '\'' || before[0] == '[' || before[0] == '{') {
		c.kind = nowhere // behind a value that is complete
		return
	}
	if before == "" && off < line.End && strings.IndexByte("{[", f.Text[off]) >= 0 {
		c.kind = nowhere // in front of brackets
		return
	}
	if c.template(f, line, off) {
		if c.flow = c.flow && !strings.HasPrefix(before, "{{"); c.flow {
			var r flowReader
			if r.read(before); r.odd || len(r.open) == 0 || !c.closeFlow(f, line, r) {
				c.kind, c.braces = nowhere, -1
			}
		}
		return
	}
	if c.flow {
		if !c.flowWord(f, line, off, c.from) {
			c.kind = nowhere
		}
		return
	}
	c.word.Start, c.prefix = start, f.Slice(source.Span{Start: start, End: off})
	c.wordEnd(f, line, off)
}

// wordEnd finds where the word that holds off ends.
func (c *cursor) wordEnd(f *source.File, line source.Span, off int) {
	end := off
	for end < line.End {
		b := f.Text[end]
		if c.quote == 0 && (b == ' ' || b == '\t') || c.quote == 0 && b == ':' && (end+1 == line.End || f.Text[end+1] == ' ') ||
			c.quote != 0 && b == c.quote || c.flow && strings.IndexByte(",]}", b) >= 0 {
			break
		}
		end++
	}
	c.word.End = end
}

// outside is the part of the path that is written in lines, not in brackets.
func (c *cursor) outside() []step {
	if c.flow && c.braces < 0 && c.kind != nowhere {
		return c.path[:c.block]
	}
	return c.path
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
	if outside := c.outside(); len(outside) > 0 {
		parent = outside[len(outside)-1]
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
