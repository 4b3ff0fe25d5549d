package pyflow

import (
	"github.com/prefectc/prefectc/compiler/source"
)

// Module is what one Python file binds at its top level. It is immutable once Scan has returned.
type Module struct {
	File        *source.File
	Docstring   string
	Functions   []*Function // every def in source order, methods and nested functions included
	Classes     []*Class    // every class in source order
	Imports     []*Import
	Assignments []*Assignment // of one name, at module level
	Calls       []Call        // of flows, run while the module is imported
	Problems    []Problem

	text    string
	tokens  []token
	scope   *scope
	future  bool // from __future__ import annotations
	stars   []star
	dynamic bool // binds names in ways that cannot be read: globals(), exec, module __getattr__
}

// ParamKind is how a parameter takes its argument.
type ParamKind int

// The kinds in the order in which Python allows them.
const (
	PositionalOnly ParamKind = iota
	Positional               // or by keyword
	VarPositional            // *args
	KeywordOnly
	VarKeyword // **kwargs
)

// Text is a piece of the source; a part that is absent is empty at a zero span.
type Text struct {
	Text string
	Span source.Span
}

// Present reports whether the part is there.
func (t Text) Present() bool { return t.Span.End > 0 }

// Param is one parameter as the def line has it.
type Param struct {
	Name       Text
	Kind       ParamKind
	Annotation Text
	Default    Text

	annotation, defaultAt tokenRange
}

// Decorator is the expression behind an @.
type Decorator struct {
	Text // without the @
	expr tokenRange
}

// Function is one def.
type Function struct {
	Name       Text
	Qualname   string // as Python's __qualname__: "Class.method", "outer.<locals>.inner"
	Header     source.Span
	Async      bool
	Decorators []Decorator
	Params     []Param
	Returns    Text
	Docstring  Docstring
	Class      *Class // the class whose body holds the def, or nil
	Generic    bool   // has its own type parameters (PEP 695)

	cond   condition
	local  bool // defined inside a function
	broken bool // the header could not be read to its end

	returns tokenRange
}

// Docstring is the text of a docstring as written, escapes read.
type Docstring struct {
	Text    string
	Present bool
	Known   bool // false if the literal could not be decoded
}

// Class is one class statement.
type Class struct {
	Name       Text
	Qualname   string
	Header     source.Span
	Decorators []Decorator
	Bases      []Text // positional arguments and keywords alike, as written
	Fields     []Field
	Docstring  Docstring

	bases []tokenRange
	scope *scope
	outer *Class
	cond  condition
	local bool
	plain bool // holds only fields, docstring, methods and pass
}

// Field is an assignment or annotation in a class body.
type Field struct {
	Name       Text
	Annotation Text
	Value      Text

	annotation, value tokenRange
	cond              condition
}

// Import is one name bound by an import statement.
type Import struct {
	Name   Text
	Module string // with leading dots if relative
	Attr   string // "" for "import module"
	Whole  bool   // "import a.b" binds a: Module is then "a"
}

// Assignment is NAME = expression at module level.
type Assignment struct {
	Name  Text
	Value Text

	value tokenRange
	cond  condition
}

// Call is a flow called, served or deployed by module-level code outside an if __name__ == "__main__" block.
type Call struct {
	Name   string // of the flow, as written
	Method string // "" for a plain call, else serve, deploy, …
	Span   source.Span
}

// star is from module import *.
type star struct {
	module string
	at     int
}

// condition tells whether a statement runs when the module is imported.
type condition uint8

const (
	always   condition = iota
	maybe              // under an if, a loop or a match
	fallback           // in an except clause
	never              // under if __name__ == "__main__" or if TYPE_CHECKING
)

// tokenRange is a half-open range of indexes into Module.tokens.
type tokenRange struct{ from, to int }

func (r tokenRange) empty() bool { return r.to <= r.from }

type bindingKind uint8

const (
	bindFunction bindingKind = iota
	bindClass
	bindImport
	bindAssign
	bindOther // loop targets, with … as, unpacking, del: the value is not readable
)

type binding struct {
	kind   bindingKind
	at     int // offset from which on the name is bound
	cond   condition
	fn     *Function
	class  *Class
	imp    *Import
	assign *Assignment
}

// scope is the names of a module or class body, each with its bindings in source order.
type scope struct {
	names map[string][]binding
	order []string
}

func newScope() *scope { return &scope{names: map[string][]binding{}} }

func (s *scope) bind(name string, b binding) {
	if _, seen := s.names[name]; !seen {
		s.order = append(s.order, name)
	}
	s.names[name] = append(s.names[name], b)
}

// Scan reads a file. It never fails: what is not Python becomes a problem.
func Scan(f *source.File) *Module {
	m := &Module{File: f, text: string(f.Text), scope: newScope()}
	m.tokens, m.Problems = tokenize(f.Text)
	s := &scanner{m: m}
	s.run()
	m.findCalls(s.calls)
	return m
}

// textOf is the source between the first and the last token of a range.
func (m *Module) textOf(r tokenRange) Text {
	if r.empty() {
		return Text{}
	}
	span := source.Span{Start: m.tokens[r.from].start, End: m.tokens[r.to-1].end}
	return Text{m.text[span.Start:span.End], span}
}

func (m *Module) tok(i int) string { return m.text[m.tokens[i].start:m.tokens[i].end] }
