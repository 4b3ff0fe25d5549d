package yamldoc

import (
	"bytes"
	"sort"

	"github.com/prefectc/prefectc/compiler/source"
)

// OutlineKey is one key or list item found by indentation alone.
type OutlineKey struct {
	Text       string      // the key without quotes; "" for a list item
	Span       source.Span // the key as written, or the dash
	Indent     int         // column of the key or dash, in bytes
	Parent     int         // index of the key or item around it, -1 at the top
	ValueStart int         // offset of what follows behind the colon or dash and blanks
	Item       bool        // a dash: the keys of the item have it as Parent
}

// Outline finds the keys of a file by indentation, however broken its text is: it is what an editor has while a
// line is being typed. Text inside quotes, brackets and block scalars is no key. It takes one pass.
func Outline(f *source.File) []OutlineKey {
	keys, _ := outline(&parseText{bytes: f.Text})
	return keys
}

// outline finds keys, and the lines that hold none, in a text that may be mended already.
func outline(t *parseText) ([]OutlineKey, []wordLine) {
	o := outliner{text: t.bytes, mended: t}
	o.run()
	return o.keys, o.words
}

// wordLine is a line, or what stands behind its dash, that starts with a word and holds no key.
type wordLine struct{ at, indent int }

type outliner struct {
	text   []byte
	keys   []OutlineKey
	words  []wordLine
	mended *parseText
	stack  []int // indices of the open keys, outermost first
}

func (o *outliner) run() {
	at := 0
	if bytes.HasPrefix(o.text, []byte("\uFEFF")) {
		at = 3
	}
	for at < len(o.text) {
		at = o.line(at)
	}
}

// moved is how many blanks more are taken to stand in the line from start up to p than do.
func (o *outliner) moved(start, p int) int {
	in, out := o.mended.inserts, o.mended.removes
	if len(in) == 0 && len(out) == 0 {
		return 0
	}
	return sort.SearchInts(in, p+1) - sort.SearchInts(in, start) - sort.SearchInts(out, p+1) + sort.SearchInts(out, start)
}

func lineEnd(text []byte, at int) int {
	for at < len(text) && text[at] != '\n' && text[at] != '\r' {
		at++
	}
	return at
}

func nextLine(text []byte, at int) int {
	at = lineEnd(text, at)
	if at < len(text) {
		at += breakLen(text, at)
	}
	return at
}

// line reads the line that starts at start, and those that continue its value; it returns the next line's start.
func (o *outliner) line(start int) int {
	end := lineEnd(o.text, start)
	p := start
	for p < end && (o.text[p] == ' ' || o.text[p] == '\t') {
		p++
	}
	if p == end || o.text[p] == '#' || p == start && (bytes.HasPrefix(o.text[p:end], []byte("---")) || bytes.HasPrefix(o.text[p:end], []byte("..."))) {
		return nextLine(o.text, end)
	}
	indent := p - start + o.moved(start, p)
	for p < end && o.text[p] == '-' && (p+1 == end || o.text[p+1] == ' ' || o.text[p+1] == '\t') {
		indent = p - start + o.moved(start, p)
		v := skipBlanks(o.text, p+1, end)
		o.push(OutlineKey{Span: source.Span{Start: p, End: p + 1}, Indent: indent, ValueStart: v, Item: true})
		p = v
	}
	p = skipProperties(o.text, p, end)
	if key, colon := findKey(o.text, p, end); colon >= 0 {
		indent = p - start + o.moved(start, p)
		v := skipBlanks(o.text, colon+1, end)
		o.push(OutlineKey{Text: string(unquote(o.text[key.Start:key.End])), Span: key, Indent: indent, ValueStart: v})
		p = v
	} else if p < end && isName(o.text[p]) {
		o.words = append(o.words, wordLine{p, p - start + o.moved(start, p)})
	}
	return o.value(skipProperties(o.text, p, end), end, indent)
}

func skipBlanks(text []byte, p, end int) int {
	for p < end && (text[p] == ' ' || text[p] == '\t') {
		p++
	}
	return p
}

// skipProperties goes over anchors and tags.
func skipProperties(text []byte, p, end int) int {
	for p < end && (text[p] == '&' || text[p] == '!') {
		for p < end && text[p] != ' ' && text[p] != '\t' {
			p++
		}
		p = skipBlanks(text, p, end)
	}
	return p
}

func unquote(key []byte) []byte {
	if len(key) >= 2 && (key[0] == '"' || key[0] == '\'') && key[len(key)-1] == key[0] {
		return key[1 : len(key)-1]
	}
	return key
}

// findKey finds "key:" at p; colon is -1 when there is none.
func findKey(text []byte, p, end int) (key source.Span, colon int) {
	if p >= end {
		return key, -1
	}
	q := p
	switch c := text[p]; c {
	case '"', '\'':
		q = closeQuote(text, p, end)
		if q < 0 {
			return key, -1
		}
		key = source.Span{Start: p, End: q}
		q = skipBlanks(text, q, end)
		if q < end && text[q] == ':' && (q+1 == end || text[q+1] == ' ' || text[q+1] == '\t') {
			return key, q
		}
		return key, -1
	case '[', '{', '#', '|', '>', '@', '`', '%':
		return key, -1
	}
	for ; q < end; q++ {
		switch {
		case text[q] == ':' && q > p && (q+1 == end || text[q+1] == ' ' || text[q+1] == '\t'):
			e := q
			for e > p && (text[e-1] == ' ' || text[e-1] == '\t') {
				e--
			}
			return source.Span{Start: p, End: e}, q
		case text[q] == '#' && q > p && (text[q-1] == ' ' || text[q-1] == '\t'):
			return key, -1
		}
	}
	return key, -1
}

// closeQuote is the offset behind the quote that closes the one at p, -1 when it is not before end.
func closeQuote(text []byte, p, end int) int {
	quote := text[p]
	for q := p + 1; q < end; q++ {
		switch {
		case text[q] == '\\' && quote == '"':
			q++
		case text[q] == quote:
			if quote == '\'' && q+1 < end && text[q+1] == quote {
				q++
				continue
			}
			return q + 1
		}
	}
	return -1
}

func (o *outliner) push(k OutlineKey) {
	for len(o.stack) > 0 {
		top := &o.keys[o.stack[len(o.stack)-1]]
		if top.Indent < k.Indent || top.Indent == k.Indent && k.Item && !top.Item {
			break
		}
		o.stack = o.stack[:len(o.stack)-1]
	}
	k.Parent = -1
	if len(o.stack) > 0 {
		k.Parent = o.stack[len(o.stack)-1]
	}
	o.stack = append(o.stack, len(o.keys))
	o.keys = append(o.keys, k)
}

// value goes over a value that starts at p, over several lines where its quotes, brackets or indentation say so.
func (o *outliner) value(p, end, indent int) int {
	if p >= end {
		return nextLine(o.text, end)
	}
	switch o.text[p] {
	case '|', '>':
		at := nextLine(o.text, end)
		for at < len(o.text) && o.deeper(at, indent) {
			at = nextLine(o.text, at)
		}
		return at
	case '"', '\'':
		return o.across(p, end, indent, func(limit int) bool { return closeQuote(o.text, p, limit) >= 0 })
	case '[', '{':
		return o.across(p, end, indent, func(limit int) bool { return flowClosed(o.text, p, limit) })
	}
	return nextLine(o.text, end)
}

// maxAcross bounds the lines one quoted text or bracket may take in the outline, which keeps broken text cheap.
const maxAcross = 200

// across extends a value line by line until closed; what stays open ends with its first line.
func (o *outliner) across(p, end, indent int, closed func(limit int) bool) int {
	first := nextLine(o.text, end)
	if closed(end) {
		return first
	}
	at := first
	for range maxAcross {
		if at >= len(o.text) || !o.deeper(at, indent) && !closesFlow(o.text, at) {
			return first
		}
		end = lineEnd(o.text, at)
		at = nextLine(o.text, at)
		if closed(end) {
			return at
		}
	}
	return first
}

// closesFlow holds for a line that begins with a closing bracket: people put it at the key's own indentation.
func closesFlow(text []byte, at int) bool {
	p := skipBlanks(text, at, len(text))
	return p < len(text) && (text[p] == ']' || text[p] == '}')
}

// deeper holds when the line at at is blank or indented by more than indent.
func (o *outliner) deeper(at, indent int) bool {
	p := at
	for p < len(o.text) && o.text[p] == ' ' {
		p++
	}
	if p >= len(o.text) || breakLen(o.text, p) > 0 {
		return true
	}
	return p-at > indent
}

// flowClosed holds when every bracket opened from p on is closed before limit.
func flowClosed(text []byte, p, limit int) bool {
	depth := 0
	for p < limit {
		switch c := text[p]; c {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '"', '\'':
			if prev := text[p-1]; prev == ' ' || flowIndicator(prev) || prev == ':' || prev == '\n' {
				q := closeQuote(text, p, limit)
				if q < 0 {
					return false
				}
				p = q
				continue
			}
		case '#':
			if prev := text[p-1]; prev == ' ' || prev == '\t' {
				p = min(lineEnd(text, p), limit)
				continue
			}
		}
		p++
		if depth == 0 {
			return true
		}
	}
	return false
}
