package pyflow

import "github.com/prefectc/prefectc/compiler/source"

type exprKind uint8

const (
	exprOpaque   exprKind = iota // anything else: lambdas, comparisons, comprehensions, …
	exprName                     // text
	exprAttr                     // args[0] . text
	exprCall                     // args[0] ( args[1:] )
	exprSub                      // args[0] [ args[1] ]
	exprNumber                   // text
	exprString                   // tokens
	exprTuple                    // args
	exprList                     // args
	exprSet                      // args
	exprDict                     // args: key, value, key, value, …; opaque keys stand for ** entries
	exprUnary                    // text args[0]
	exprBinary                   // args[0] text args[1]
	exprEllipsis                 //
	exprKeyword                  // text = args[0], in calls only
	exprStar                     // * or ** args[0], in calls and displays only
)

// expr is a Python expression as far as we need to understand one.
type expr struct {
	kind   exprKind
	text   string
	args   []*expr
	tokens tokenRange
	span   source.Span
}

// maxExprDepth bounds recursion; deeper expressions are opaque.
const maxExprDepth = 100

// parser reads one expression from a range of tokens.
type parser struct {
	m      *Module
	i, end int
	depth  int
	bad    bool
}

// parse reads a whole range as one expression; what it cannot read is opaque.
func (m *Module) parse(r tokenRange) *expr {
	if r.empty() {
		return &expr{}
	}
	p := &parser{m: m, i: r.from, end: r.to}
	e := p.tuple("")
	if p.bad || p.i != p.end {
		return &expr{tokens: r, span: m.textOf(r).Span}
	}
	return e
}

func (p *parser) peek() string {
	if p.i < p.end {
		return p.m.tok(p.i)
	}
	return ""
}

func (p *parser) peekOp(op string) bool {
	return p.i < p.end && p.m.tokens[p.i].kind == tokOp && p.m.tok(p.i) == op
}

func (p *parser) done(e *expr, from int) *expr {
	e.tokens = tokenRange{from, p.i}
	e.span = p.m.textOf(e.tokens).Span
	return e
}

func (p *parser) fail(from int) *expr {
	p.bad = true
	p.i = p.end
	return p.done(&expr{}, from)
}

// tuple reads expressions between commas up to the closing bracket, one without a comma as itself.
func (p *parser) tuple(close string) *expr {
	from := p.i
	first := p.element()
	if !p.peekOp(",") {
		return first
	}
	t := &expr{kind: exprTuple, args: []*expr{first}}
	for p.peekOp(",") {
		p.i++
		if p.i >= p.end || close != "" && p.peekOp(close) {
			break
		}
		t.args = append(t.args, p.element())
	}
	return p.done(t, from)
}

// element reads an item of a display, which may be starred.
func (p *parser) element() *expr {
	if p.peekOp("*") {
		from := p.i
		p.i++
		return p.done(&expr{kind: exprStar, text: "*", args: []*expr{p.binary(0)}}, from)
	}
	return p.binary(0)
}

// precedence is the level of a binary operator that we read, 0 for any other.
func precedence(op string) int {
	switch op {
	case "|":
		return 1
	case "^":
		return 2
	case "&":
		return 3
	case "<<", ">>":
		return 4
	case "+", "-":
		return 5
	case "*", "/", "//", "%", "@":
		return 6
	}
	return 0
}

func (p *parser) binary(above int) *expr {
	if p.depth++; p.depth > maxExprDepth {
		return p.fail(p.i)
	}
	defer func() { p.depth-- }()
	from := p.i
	left := p.unary()
	for p.i < p.end && p.m.tokens[p.i].kind == tokOp {
		op := p.m.tok(p.i)
		level := precedence(op)
		if level <= above {
			break
		}
		p.i++
		right := p.binary(level)
		left = p.done(&expr{kind: exprBinary, text: op, args: []*expr{left, right}}, from)
	}
	return left
}

func (p *parser) unary() *expr {
	from := p.i
	if p.i < p.end && p.m.tokens[p.i].kind == tokOp {
		switch op := p.m.tok(p.i); op {
		case "-", "+", "~":
			if p.depth++; p.depth > maxExprDepth {
				return p.fail(from)
			}
			p.i++
			arg := p.unary()
			p.depth--
			return p.done(&expr{kind: exprUnary, text: op, args: []*expr{arg}}, from)
		}
	}
	return p.postfix()
}

func (p *parser) postfix() *expr {
	from := p.i
	e := p.atom()
	for p.i < p.end && !p.bad && p.m.tokens[p.i].kind == tokOp {
		switch p.m.tok(p.i) {
		case ".":
			if p.i+1 >= p.end || p.m.tokens[p.i+1].kind != tokName {
				return p.fail(from)
			}
			name := p.m.tok(p.i + 1)
			p.i += 2
			e = p.done(&expr{kind: exprAttr, text: name, args: []*expr{e}}, from)
		case "(":
			p.i++
			call := &expr{kind: exprCall, args: []*expr{e}}
			p.arguments(call)
			e = p.done(call, from)
		case "[":
			p.i++
			index := p.tuple("]")
			if !p.peekOp("]") {
				return p.fail(from)
			}
			p.i++
			e = p.done(&expr{kind: exprSub, args: []*expr{e, index}}, from)
		default:
			return e
		}
	}
	return e
}

// arguments reads the arguments of a call up to and with the closing bracket. One that we do not understand is
// opaque without spoiling the others.
func (p *parser) arguments(call *expr) {
	for p.i < p.end && !p.peekOp(")") {
		from := p.i
		to := p.argumentEnd()
		call.args = append(call.args, p.argument(from, to))
		p.i = to
		if !p.peekOp(",") {
			break
		}
		p.i++
	}
	if !p.peekOp(")") {
		p.fail(p.i)
		return
	}
	p.i++
}

// argumentEnd is where the argument at i ends: at a comma or bracket of its own level.
func (p *parser) argumentEnd() int {
	depth, lambdas := 0, 0
	for k := p.i; k < p.end; k++ {
		if p.m.tokens[k].kind == tokName && depth == 0 && p.m.tok(k) == "lambda" {
			lambdas++
		}
		if p.m.tokens[k].kind != tokOp {
			continue
		}
		switch p.m.tok(k) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			if depth == 0 {
				return k
			}
			depth--
		case ":":
			if depth == 0 && lambdas > 0 {
				lambdas--
			}
		case ",":
			if depth == 0 && lambdas == 0 {
				return k
			}
		}
	}
	return p.end
}

func (p *parser) argument(from, to int) *expr {
	r := tokenRange{from, to}
	e := &expr{tokens: r, span: p.m.textOf(r).Span}
	if r.empty() {
		return e
	}
	sub := &parser{m: p.m, i: from, end: to, depth: p.depth + 1}
	if sub.depth > maxExprDepth {
		return e
	}
	switch op := sub.peek(); {
	case op == "*" || op == "**":
		sub.i++
		e.kind, e.text = exprStar, op
	case to-from > 2 && p.m.tokens[from].kind == tokName && p.m.tok(from+1) == "=":
		sub.i += 2
		e.kind, e.text = exprKeyword, op
	}
	value := sub.binary(0)
	if sub.bad || sub.i != to {
		value = &expr{tokens: tokenRange{sub.i, to}, span: e.span}
	}
	if e.kind == exprOpaque {
		return value
	}
	e.args = []*expr{value}
	return e
}

func (p *parser) atom() *expr {
	from := p.i
	if p.i >= p.end {
		return p.fail(from)
	}
	t, text := p.m.tokens[p.i], p.m.tok(p.i)
	switch t.kind {
	case tokName:
		if isKeyword(text) {
			return p.fail(from)
		}
		p.i++
		return p.done(&expr{kind: exprName, text: text}, from)
	case tokNumber:
		p.i++
		return p.done(&expr{kind: exprNumber, text: text}, from)
	case tokString:
		for p.i < p.end && p.m.tokens[p.i].kind == tokString {
			p.i++
		}
		return p.done(&expr{kind: exprString}, from)
	}
	p.i++
	switch text {
	case "...":
		return p.done(&expr{kind: exprEllipsis}, from)
	case "(", "[", "{":
		return p.display(text, from)
	}
	return p.fail(from)
}

// isKeyword tells words that start or join expressions which we do not read. None, True and False are names to us.
func isKeyword(word string) bool {
	switch word {
	case "lambda", "not", "await", "yield", "if", "else", "for", "in", "is", "and", "or", "async", "from", "import", "as":
		return true
	}
	return false
}

// display reads (…), […] and {…} behind the opening bracket.
func (p *parser) display(open string, from int) *expr {
	close := string(closer(open[0]))
	kind := map[string]exprKind{"(": exprTuple, "[": exprList, "{": exprSet}[open]
	e := &expr{kind: kind}
	if open == "{" && p.peekOp("}") {
		e.kind = exprDict
	}
	commas := 0
	for !p.bad && p.i < p.end && !p.peekOp(close) {
		if open == "{" && p.entry(e) {
			e.kind = exprDict
		} else if e.kind == exprDict {
			return p.fail(from)
		}
		if open != "{" {
			e.args = append(e.args, p.element())
		}
		if !p.peekOp(",") {
			break
		}
		commas++
		p.i++
	}
	if p.bad || !p.peekOp(close) {
		return p.fail(from)
	}
	p.i++
	if open == "(" && commas == 0 && len(e.args) == 1 && e.args[0].kind != exprStar {
		inner := *e.args[0]
		return p.done(&inner, from)
	}
	return p.done(e, from)
}

// entry reads one item of a set or dict display and reports whether it is a dict's.
func (p *parser) entry(e *expr) bool {
	if p.peekOp("**") {
		from := p.i
		p.i++
		value := p.binary(0)
		e.args = append(e.args, p.done(&expr{}, from), value)
		return true
	}
	key := p.element()
	e.args = append(e.args, key)
	if !p.peekOp(":") {
		return false
	}
	p.i++
	e.args = append(e.args, p.binary(0))
	return true
}
