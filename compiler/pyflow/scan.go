package pyflow

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
)

// block is an indented body that is open while its lines are read.
type block struct {
	col   int32 // column of the header
	word  string
	cond  condition
	fn    *Function
	class *Class
	scope *scope // names bound here; nil inside functions
	begun bool   // a statement was seen, so a string is no docstring any more
}

// callSite is NAME( or NAME.method( in code that runs on import.
type callSite struct {
	at, end int // token indexes of the name and of the bracket
}

type scanner struct {
	m       *Module
	blocks  []block
	closed  block // the block closed last at the column of the line being read
	pending []Decorator
	calls   []callSite
}

func (s *scanner) run() {
	s.blocks = []block{{col: -1, scope: s.m.scope}}
	tokens := s.m.tokens
	for i := 0; i < len(tokens); {
		j := i
		for j < len(tokens) && tokens[j].kind != tokNewline {
			j++
		}
		if j > i {
			s.line(i, j)
		}
		i = j + 1
	}
}

func (s *scanner) top() *block { return &s.blocks[len(s.blocks)-1] }

// line reads one logical line.
func (s *scanner) line(i, j int) {
	col := s.m.tokens[i].col
	s.closed = block{}
	for len(s.blocks) > 1 && s.top().col >= col {
		if s.top().col == col {
			s.closed = *s.top()
		}
		s.blocks = s.blocks[:len(s.blocks)-1]
	}
	s.statements(i, j, col)
}

// statements reads what stands on one logical line: simple statements between semicolons, or a compound statement
// with or without its body.
func (s *scanner) statements(i, j int, col int32) {
	for i < j {
		if next, opened := s.compound(i, j, col); opened {
			i = next
			continue
		}
		end := s.find(i, j, ";")
		s.simple(i, end)
		i = end + 1
	}
}

// find is the index of the operator at bracket depth 0 in [i, j), or j. A colon inside a lambda is not one.
func (s *scanner) find(i, j int, op string) int {
	depth, lambdas := 0, 0
	for k := i; k < j; k++ {
		t := s.m.tokens[k]
		switch t.kind {
		case tokName:
			if depth == 0 && s.m.tok(k) == "lambda" {
				lambdas++
			}
		case tokOp:
			text := s.m.tok(k)
			switch text {
			case "(", "[", "{":
				depth++
				continue
			case ")", "]", "}":
				depth = max(0, depth-1)
				continue
			}
			if depth > 0 {
				continue
			}
			if text == ":" && lambdas > 0 {
				lambdas--
				continue
			}
			if text == op && lambdas == 0 {
				return k
			}
		}
	}
	return j
}

// compound reads the header of a compound statement and opens its block; next is where its body starts on the line.
func (s *scanner) compound(i, j int, col int32) (next int, opened bool) {
	if s.m.tokens[i].kind == tokOp {
		if s.m.tok(i) != "@" {
			return i, false
		}
		s.decorator(i+1, j)
		return j, true
	}
	if s.m.tokens[i].kind != tokName {
		return i, false
	}
	start, async := i, false
	if s.m.tok(i) == "async" && i+1 < j {
		async = true
		i++
	}
	switch word := s.m.tok(i); word {
	case "def":
		return s.def(start, i, j, col, async), true
	case "class":
		return s.classDef(i, j, col), true
	case "if", "elif", "else", "try", "except", "finally", "for", "while", "with":
		return s.open(i, j, col, word), true
	case "match", "case":
		if colon := s.find(i, j, ":"); colon < j && colon > i+1 && s.find(i, colon, "=") == colon {
			if t := s.m.tok(i + 1); t != "." && t != "," {
				return s.open(i, j, col, word), true
			}
		}
	}
	return start, false
}

// open reads the header of a block that is neither def nor class.
func (s *scanner) open(i, j int, col int32, word string) int {
	colon := s.find(i, j, ":")
	outer := s.top()
	outer.begun = true
	b := block{col: col, word: word, scope: outer.scope, fn: outer.fn, class: outer.class, begun: true}
	b.cond = max(outer.cond, s.condition(i, colon, word))
	if outer.scope != nil {
		s.headerNames(i, colon, word, b.cond)
		s.findCallSites(i, colon)
	}
	if outer.class != nil && outer.fn == nil {
		outer.class.plain = false
	}
	s.blocks = append(s.blocks, b)
	return colon + 1
}

func (s *scanner) condition(i, colon int, word string) condition {
	switch word {
	case "if":
		if s.isGuard(i+1, colon) {
			return never
		}
		return maybe
	case "elif", "for", "while", "case":
		return maybe
	case "else":
		switch s.closed.word {
		case "if":
			if s.closed.cond == never {
				return always
			}
		case "try", "except":
			return always
		}
		return maybe
	case "except":
		return fallback
	}
	return always
}

// isGuard recognises the two conditions that are false while Prefect imports a file.
func (s *scanner) isGuard(i, j int) bool {
	for j-i > 2 && s.m.tok(i) == "(" && s.m.tok(j-1) == ")" {
		i, j = i+1, j-1
	}
	switch j - i {
	case 1:
		return s.m.tok(i) == "TYPE_CHECKING"
	case 3:
		if s.m.tok(i+1) == "." {
			return s.m.tok(i+2) == "TYPE_CHECKING"
		}
		if s.m.tok(i+1) != "==" {
			return false
		}
		a, b := s.m.tok(i), s.m.tok(i+2)
		if b == "__name__" {
			a, b = b, a
		}
		return a == "__name__" && (b == `"__main__"` || b == `'__main__'`)
	}
	return false
}

// headerNames binds the names that for, with, except and case targets and := bind.
func (s *scanner) headerNames(i, colon int, word string, cond condition) {
	switch word {
	case "for":
		for k := i + 1; k < colon && s.m.tok(k) != "in"; k++ {
			s.bindOther(k, cond)
		}
	case "case":
		for k := i + 1; k < colon; k++ {
			s.bindOther(k, cond)
		}
	case "with", "except":
		after := false
		for k := i + 1; k < colon; k++ {
			switch s.m.tok(k) {
			case "as":
				after = true
			case ",":
				after = false
			default:
				if after {
					s.bindOther(k, cond)
				}
			}
		}
	}
	s.walrus(i, colon, cond)
}

func (s *scanner) walrus(i, j int, cond condition) {
	for k := i; k+1 < j; k++ {
		if s.m.tokens[k+1].kind == tokOp && s.m.tok(k+1) == ":=" {
			s.bindOther(k, cond)
		}
	}
}

func (s *scanner) bindOther(k int, cond condition) {
	if s.m.tokens[k].kind == tokName {
		s.top().scope.bind(s.m.tok(k), binding{kind: bindOther, at: s.m.tokens[k].end, cond: cond})
	}
}

func (s *scanner) decorator(i, j int) {
	s.top().begun = true
	r := tokenRange{i, j}
	s.pending = append(s.pending, Decorator{s.m.textOf(r), r})
	if s.top().scope != nil {
		s.walrus(i, j, s.top().cond)
	}
}

func (s *scanner) takeDecorators() []Decorator {
	d := s.pending
	s.pending = nil
	return d
}

// maxBlocks is how deep names are followed; CPython refuses more than 100 levels of indentation.
const maxBlocks = 100

// qualname is the name as Python's __qualname__ has it inside the open blocks.
func (s *scanner) qualname(name string) string {
	if len(s.blocks) > maxBlocks {
		return name
	}
	for k := len(s.blocks) - 1; k >= 0; k-- {
		switch b := &s.blocks[k]; b.word {
		case "def":
			return b.fn.Qualname + ".<locals>." + name
		case "class":
			return b.class.Qualname + "." + name
		}
	}
	return name
}

// findCallSites notes calls of plain names in code that runs on import; Scan keeps those of flows.
func (s *scanner) findCallSites(i, j int) {
	b := s.top()
	if b.cond == never || b.class != nil || b.fn != nil {
		return
	}
	for k := i; k+1 < j; k++ {
		if s.m.tokens[k].kind == tokName && s.m.tok(k) == "lambda" {
			return
		}
		if s.m.tokens[k].kind != tokName || s.m.tokens[k+1].kind != tokOp || k > 0 && s.m.tok(k-1) == "." {
			continue
		}
		switch s.m.tok(k + 1) {
		case "(":
			s.calls = append(s.calls, callSite{k, k + 1})
		case ".":
			if k+3 < j && s.m.tok(k+3) == "(" {
				s.calls = append(s.calls, callSite{k, k + 3})
			}
		}
	}
}

func (s *scanner) span(i, j int) source.Span {
	return source.Span{Start: s.m.tokens[i].start, End: s.m.tokens[j].end}
}

// docstring reads a statement that consists of string literals only.
func (s *scanner) docstring(i, j int) (Docstring, bool) {
	for k := i; k < j; k++ {
		if s.m.tokens[k].kind != tokString {
			return Docstring{}, false
		}
		if p := stringPrefix(s.m.tok(k)); strings.ContainsAny(p, "bft") {
			return Docstring{}, false
		}
	}
	text, ok := s.m.stringValue(tokenRange{i, j})
	return Docstring{Text: text, Present: true, Known: ok}, true
}
