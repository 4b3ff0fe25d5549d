package lsp

import (
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
)

// flowLevel is a [ or { that is open at the cursor.
type flowLevel struct {
	list  bool
	index int    // of the item, in a list
	key   string // with keyed: whose value comes
	keyed bool
	keys  []string
	depth int  // how many are open with it
	full  bool // the item or value is there already: a comma has to come first
}

// flowReader follows flow collections along one line.
type flowReader struct {
	open   []flowLevel
	closed []flowLevel
	word   int  // where the item, key or value being written starts
	odd    bool // something that is not followed
}

// read takes a piece of the line that starts at an offset.
func (r *flowReader) read(text string) {
	var quote byte
	for i := 0; i < len(text); i++ {
		b := text[i]
		switch {
		case quote == '"' && b == '\\':
			i++
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case (b == '"' || b == '\'') && strings.TrimSpace(text[r.word:i]) == "":
			quote = b
		case b == '[' || b == '{':
			r.down(b == '[', i, text)
		case b == ']' || b == '}':
			if len(r.open) == 0 || r.open[len(r.open)-1].list != (b == ']') {
				r.odd = true
				return
			}
			r.closed = append(r.closed, *r.take(text, i))
			r.open = r.open[:len(r.open)-1]
			if len(r.open) > 0 {
				r.open[len(r.open)-1].full = true
			}
			r.word = i + 1
		case len(r.open) == 0:
		case b == ',':
			top := r.take(text, i)
			if top.index++; !top.list {
				top.key, top.keyed = "", false
			}
			top.full = false
			r.word = i + 1
		case isColon(text, i):
			if top := &r.open[len(r.open)-1]; top.list || top.keyed {
				r.odd = true
			} else {
				top.key, top.keyed = unquote(strings.TrimSpace(text[r.word:i])), true
				top.keys = append(top.keys, top.key)
				r.word = i + 1
			}
		}
	}
}

func (r *flowReader) down(list bool, at int, text string) {
	if len(r.open) > 0 {
		top := r.open[len(r.open)-1]
		if !top.list && !top.keyed || top.full || strings.TrimSpace(text[r.word:at]) != "" {
			r.odd = true
		}
	}
	r.open = append(r.open, flowLevel{list: list, depth: len(r.open) + 1})
	r.word = at + 1
}

// take ends the word being written, which may be a key without a value.
func (r *flowReader) take(text string, at int) *flowLevel {
	top := &r.open[len(r.open)-1]
	if word := strings.TrimSpace(text[r.word:at]); !top.list && !top.keyed && word != "" {
		top.keys = append(top.keys, unquote(word))
	}
	return top
}

// flowWord finds the word at off inside flow collections that started at start: its place in them, what has been written of it,
// and what would have to follow it for all of them to be closed. It is false where nothing can be proposed.
func (c *cursor) flowWord(f *source.File, line source.Span, off, start int) bool {
	before := f.Slice(source.Span{Start: start, End: off})
	var r flowReader
	r.read(before)
	if r.odd || len(r.open) == 0 || r.open[len(r.open)-1].full {
		return false
	}
	c.kind, c.item, c.empty = atValue, false, false
	c.block = len(c.path)
	col := -1
	if c.block > 0 {
		col = c.path[c.block-1].col
	}
	for i, l := range r.open {
		switch {
		case l.list:
			c.path = append(c.path, step{index: l.index, col: col})
		case l.keyed:
			c.path = append(c.path, step{key: l.key, index: -1, col: col})
		case i == len(r.open)-1:
			c.kind = atKey
		default:
			return false
		}
	}
	written := before[r.word:]
	blanks := len(written) - len(strings.TrimLeft(written, " "))
	at := start + r.word + blanks
	if c.quote != 0 {
		at++
	}
	c.word.Start, c.prefix = at, f.Slice(source.Span{Start: at, End: off})
	c.wordEnd(f, line, off)
	return c.closeFlow(f, line, r)
}

// closeFlow reads on behind the word: the keys that follow beside it, and the brackets that are missing at the end.
func (c *cursor) closeFlow(f *source.File, line source.Span, r flowReader) bool {
	after := f.Slice(source.Span{Start: c.word.End, End: line.End})
	if c.quote != 0 {
		inside, rest, closed := strings.Cut(after, string(c.quote))
		if strings.TrimSpace(inside) != "" && (!closed || c.braces < 0) {
			return false
		}
		after = rest
	}
	if at := strings.Index(after, " #"); at >= 0 {
		after = after[:at]
	}
	depth := len(r.open)
	tail := flowReader{open: slices.Clone(r.open)}
	if c.kind == atKey {
		c.colon = isColon(strings.TrimLeft(after, " "), 0)
		tail.open[depth-1].full = !c.colon
	}
	if next := strings.TrimLeft(after, " \t"); c.braces < 0 && !c.colon && next != "" && strings.IndexByte(",]}", next[0]) < 0 {
		return false // something stands behind the word
	}
	if tail.read(after); tail.odd {
		return false
	}
	for i := len(tail.open) - 1; i >= 0; i-- {
		c.open += map[bool]string{true: "]", false: "}"}[tail.open[i].list]
	}
	if c.open != "" && strings.TrimSpace(after) != "" {
		return false // what is missing where cannot be told
	}
	if c.kind == atKey {
		c.siblings = slices.DeleteFunc(tail.levelAt(depth).keys, func(k string) bool { return k == "" })
	}
	return true
}

// levelAt is a level that was open at the start, as it is now or was when it was closed.
func (r *flowReader) levelAt(depth int) flowLevel {
	for _, l := range r.closed {
		if l.depth == depth {
			return l
		}
	}
	return r.open[depth-1]
}
