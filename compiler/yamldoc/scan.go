package yamldoc

import (
	"bytes"
	"strings"

	yaml "gopkg.in/yaml.v3"

	"github.com/prefectc/prefectc/compiler/source"
)

// scalar finds the end of a scalar that starts at pos.
func (w *walker) scalar(n *Node, y *yaml.Node, block int) {
	n.Text = y.Value
	start := w.pos
	switch {
	case y.Style&yaml.DoubleQuotedStyle != 0:
		n.Style = DoubleQuoted
		if w.expect('"', y) {
			start = w.pos - 1
			w.doubleQuoted()
		}
	case y.Style&yaml.SingleQuotedStyle != 0:
		n.Style = SingleQuoted
		if w.expect('\'', y) {
			start = w.pos - 1
			w.singleQuoted()
		}
	case y.Style&yaml.LiteralStyle != 0, y.Style&yaml.FoldedStyle != 0:
		n.Style = Literal
		if y.Style&yaml.FoldedStyle != 0 {
			n.Style = Folded
		}
		if c := w.at(0); c != '|' && c != '>' {
			w.lost++
			break
		}
		w.blockScalar(block)
	default:
		if !w.plain(n, y.Value) {
			w.lost++
			if p := yamlOffset(w.text, y.Line, y.Column); p > start {
				w.pos, start = p, p
				w.plain(n, y.Value)
			}
		}
	}
	n.Span = source.Span{Start: start, End: w.pos}
}

// doubleQuoted goes behind the closing quote. Escapes that only yaml.v3 knows are reported.
func (w *walker) doubleQuoted() {
	for w.pos < len(w.text) {
		i := bytes.IndexAny(w.text[w.pos:], `"\`)
		if i < 0 {
			w.pos = len(w.text)
			return
		}
		w.pos += i
		if w.text[w.pos] == '"' {
			w.pos++
			return
		}
		if c := w.at(1); c == '\'' {
			w.doc.fatal(Syntax, source.Span{Start: w.pos, End: w.pos + 2},
				"escape \\%c is unknown in double quotes: write the character without the backslash", c)
		}
		w.pos = min(w.pos+2, len(w.text))
	}
}

func (w *walker) singleQuoted() {
	for w.pos < len(w.text) {
		i := bytes.IndexByte(w.text[w.pos:], '\'')
		if i < 0 {
			w.pos = len(w.text)
			return
		}
		w.pos += i + 1
		if w.at(0) != '\'' {
			return
		}
		w.pos++
	}
}

// plain goes behind a plain scalar by matching its value with the text, folded line breaks included. When they do
// not match it stays where it is.
func (w *walker) plain(n *Node, v string) bool {
	p, i := w.pos, 0
	for i < len(v) {
		if p >= len(w.text) {
			return false
		}
		c := w.text[p]
		if c != ' ' && c != '\t' && (c >= 0x80 || c == '\n' || c == '\r') {
			if c == '\n' || c == '\r' || breakLen(w.text, p) > 0 {
				c = ' '
			}
		}
		if c != ' ' && c != '\t' {
			if c != v[i] {
				return false
			}
			p++
			i++
			continue
		}
		q, fold := foldBlanks(w.text, p)
		if fold == "" {
			fold = string(w.text[p:q])
			if strings.IndexByte(fold, '\t') >= 0 {
				w.doc.tab(source.Span{Start: p, End: q})
			}
		} else if t := bytes.IndexByte(w.text[p:q], '\t'); t >= 0 {
			w.doc.tab(source.Span{Start: p + t, End: p + t + 1})
		}
		if !strings.HasPrefix(v[i:], fold) {
			return false
		}
		p, i = q, i+len(fold)
	}
	if w.flow > 0 {
		w.flowPlain(n, p)
	}
	w.pos = p
	return true
}

// foldBlanks goes over blanks and line breaks; fold is what folding makes of them, "" when there is no line break.
func foldBlanks(text []byte, p int) (end int, fold string) {
	breaks, first, rest := 0, "", ""
	for p < len(text) {
		if text[p] == ' ' || text[p] == '\t' {
			p++
			continue
		}
		b := breakLen(text, p)
		if b == 0 {
			break
		}
		s := "\n"
		if b == 3 {
			s = string(text[p : p+3]) // LS and PS stay
		}
		if breaks++; breaks == 1 {
			first = s
		} else {
			rest += s
		}
		p += b
	}
	switch {
	case breaks == 0:
		return p, ""
	case first != "\n":
		return p, first + rest
	case rest == "":
		return p, " "
	}
	return p, rest
}

// flowPlain reports a colon that ends a word in [ ] or { } for PyYAML but not for yaml.v3.
func (w *walker) flowPlain(n *Node, end int) {
	if end < len(w.text) && w.text[end-1] == ':' && flowIndicator(w.text[end]) && end-1 > w.pos {
		n.colon = true
	}
}

// blockHeader is what it takes to read a block scalar's lines.
type blockHeader struct {
	content int // offset of the first line
	indent  int
	chomp   byte // '+', '-' or 0
}

// blockScalar goes behind the last line of a block scalar that starts at pos.
func (w *walker) blockScalar(block int) {
	p := w.pos + 1
	explicit, keep := 0, false
	w.header = blockHeader{}
	for p < len(w.text) && (w.text[p] == '+' || w.text[p] == '-' || w.text[p] >= '1' && w.text[p] <= '9') {
		switch c := w.text[p]; c {
		case '+':
			keep = true
			w.header.chomp = '+'
		case '-':
			w.header.chomp = '-'
		default:
			explicit = int(c - '0')
		}
		p++
	}
	end := p
	w.pos = p
	for w.at(0) == ' ' || w.at(0) == '\t' {
		if w.at(0) == '\t' {
			w.tabs()
			continue
		}
		w.pos++
	}
	if w.at(0) == '#' {
		start := w.pos
		if start == p {
			w.doc.fatal(Syntax, source.Span{Start: p, End: p + 1}, "\"#\" right behind | or >: write a space before the comment")
		}
		for w.pos < len(w.text) && breakLen(w.text, w.pos) == 0 {
			w.pos++
		}
		w.doc.Comments = append(w.doc.Comments, source.Span{Start: start, End: w.pos})
		end = w.pos
	}
	p = w.pos
	if p < len(w.text) {
		p += breakLen(w.text, p)
	}
	parent := -1
	if block >= 0 {
		parent = w.column(block)
	}
	w.pos = w.blockLines(p, end, max(parent, 0), max(parent+1, 1), explicit, keep)
}

// column is how many code points stand before p in its line.
func (w *walker) column(p int) int {
	n := 0
	for i := w.lineStart(p); i < p; i++ {
		if w.text[i]&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

// blockLines returns the end of the lines of a block scalar, which begin at p; end is the end of its header.
func (w *walker) blockLines(p, end, parent, least, explicit int, keep bool) int {
	indent := parent + explicit
	if explicit == 0 {
		indent = w.detectIndent(p, least)
	}
	w.header.content, w.header.indent = p, indent
	for p < len(w.text) {
		q := p
		for q < len(w.text) && w.text[q] == ' ' && q-p < indent {
			q++
		}
		if q >= len(w.text) {
			if keep {
				end = q
			}
			break
		}
		b := breakLen(w.text, q)
		if b == 0 && q-p < indent {
			break
		}
		if b == 0 {
			for q < len(w.text) && breakLen(w.text, q) == 0 {
				q++
			}
			end = q
			if q < len(w.text) {
				b = breakLen(w.text, q)
			}
		} else if keep {
			end = q
		}
		p = q + b
	}
	return end
}

// detectIndent is the indentation that PyYAML takes for a block scalar without an explicit one: that of the
// first line with text, or of a longer blank line before it.
func (w *walker) detectIndent(p, least int) int {
	indent := least
	for p < len(w.text) {
		q := p
		for q < len(w.text) && w.text[q] == ' ' {
			q++
		}
		indent = max(indent, q-p)
		if q >= len(w.text) {
			break
		}
		b := breakLen(w.text, q)
		if b == 0 {
			break
		}
		p = q + b
	}
	return indent
}
