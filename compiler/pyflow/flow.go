package pyflow

import (
	"strings"
	"sync"

	"github.com/prefectc/prefectc/compiler/source"
)

// Status is what a name turns out to be.
type Status int

// The answers of Lookup.
const (
	NotFound Status = iota // the module does not bind the name
	NotAFlow               // it is something else, surely
	IsFlow
	Unknown // the text does not decide: imported, computed, wrapped by a decorator we cannot see
)

// MethodKind tells how a flow sits in a class.
type MethodKind int

// A flow's place.
const (
	PlainFunction MethodKind = iota
	InstanceMethod
	ClassMethod
	StaticMethod
)

// Fact is a text that may be absent, and if present may be computed in ways we cannot follow.
type Fact struct {
	Text    string
	Present bool
	Known   bool // Text (or its absence) is what Prefect will see
	Span    source.Span
}

// Flow is a function that Prefect would load as a flow.
type Flow struct {
	Function    *Function
	Qualname    string // the name it was looked up by
	Name        Fact
	Description Fact
	Version     Fact // absent: Prefect takes the MD5 of the file
	Async       bool
	Method      MethodKind
	Params      []Param     // without the self or cls that Python fills in
	Decorator   source.Span // of @flow(…) or of the call that makes the flow
	Opaque      string      // why the signature may differ from the def line, "" if it cannot

	m     *Module
	types sync.Map // *paramType by name, see typeOf
}

// Lookup finds what module attribute an entrypoint's function part names: "f" or "Class.method". With Unknown a flow
// is returned if there is one below a decorator that we cannot see through.
func (m *Module) Lookup(qualname string) (*Flow, Status) {
	fl, status := m.lookup(strings.Split(qualname, "."), m.endOfModule())
	if fl != nil {
		fl.Qualname = qualname
	}
	if status == NotFound && (len(m.Problems) > 0 || m.dynamic || len(m.stars) > 0) {
		status = Unknown
	}
	if status == NotAFlow && len(m.Problems) > 0 {
		status = Unknown
	}
	return fl, status
}

// ImportOf is the import statement that binds a name at the end of the module: a flow may be re-exported by it.
func (m *Module) ImportOf(name string) *Import {
	found := visible(m.scope.names[name], len(m.text))
	if len(found) == 1 && found[0].kind == bindImport {
		return found[0].imp
	}
	return nil
}

func (m *Module) lookup(path []string, p place) (*Flow, Status) {
	s := m.scope
	if p.class != nil {
		s = p.class.scope
	}
	found := visible(s.names[path[0]], p.at)
	if len(found) == 0 {
		if p.class != nil && (!m.flowless(p.class) || len(p.class.Decorators) > 0) {
			return nil, Unknown
		}
		return nil, NotFound
	}
	if len(path) > 1 {
		if len(found) == 1 && found[0].kind == bindClass {
			return m.lookup(path[1:], place{at: len(m.text) + 1, class: found[0].class})
		}
		return nil, Unknown
	}
	fl, status := m.flowOf(found[0], p)
	for _, b := range found[1:] {
		if _, other := m.flowOf(b, p); other != status || status != NotAFlow {
			return nil, Unknown
		}
	}
	return fl, status
}

// flowless holds for a class whose bases are known to have no flows in them.
func (m *Module) flowless(c *Class) bool {
	for _, r := range c.bases {
		base := m.resolve(m.parse(r), m.endOfModule())
		module, _, _ := strings.Cut(base.dotted, ".")
		if base.kind != entityExternal || module != "enum" && module != "builtins" && module != "abc" && module != "typing" && module != "pydantic" {
			return false
		}
	}
	return len(c.bases) == len(c.Bases)
}

func (m *Module) flowOf(b binding, p place) (*Flow, Status) {
	switch b.kind {
	case bindFunction:
		return m.decorated(b.fn)
	case bindClass:
		return nil, NotAFlow
	case bindAssign:
		e := m.parse(b.assign.value)
		return m.flowValue(e, place{at: e.span.Start, class: p.class, hops: p.hops + 1})
	case bindImport:
		if stdlib(b.imp.Module) {
			return nil, NotAFlow
		}
	}
	return nil, Unknown
}

// flowValue tells whether an expression's value is a flow.
func (m *Module) flowValue(e *expr, p place) (*Flow, Status) {
	if p.hops > maxAliases {
		return nil, Unknown
	}
	if _, ok := m.literal(e); ok {
		return nil, NotAFlow
	}
	switch e.kind {
	case exprList, exprTuple, exprDict, exprSet, exprNumber, exprString, exprEllipsis:
		return nil, NotAFlow
	case exprName:
		found := visible(m.scope.names[e.text], p.at)
		if len(found) == 1 {
			return m.flowOf(found[0], place{hops: p.hops + 1, at: p.at})
		}
	case exprAttr:
		if ent := m.resolve(e, p); ent.kind == entityFunction {
			return m.decorated(ent.fn)
		}
	case exprCall:
		return m.flowCall(e, p)
	}
	return nil, Unknown
}

// flowCall reads flow(f, …), flow(…)(f) and f.with_options(…).
func (m *Module) flowCall(e *expr, p place) (*Flow, Status) {
	callee := e.args[0]
	if callee.kind == exprAttr && callee.text == "with_options" {
		fl, status := m.flowValue(callee.args[0], place{at: p.at, class: p.class, hops: p.hops + 1})
		if fl == nil {
			return nil, Unknown
		}
		m.withOptions(fl, e.args[1:], p)
		fl.Decorator = e.span
		return fl, status
	}
	options, ok := m.flowMaker(callee, p)
	if !ok {
		return nil, Unknown
	}
	args := e.args[1:]
	if len(args) == 0 || args[0].kind == exprKeyword || args[0].kind == exprStar {
		return nil, NotAFlow // a decorator
	}
	ent := m.resolve(args[0], p)
	if ent.kind != entityFunction {
		return nil, Unknown
	}
	fl := m.newFlow(ent.fn)
	if len(ent.fn.Decorators) > 0 {
		fl.Opaque = "the function is wrapped by other decorators"
	}
	fl.Decorator = e.span
	m.withOptions(fl, append(options, args[1:]...), p)
	return fl, IsFlow
}

// flowMaker tells whether an expression is prefect.flow or a version of it with options already filled in:
// flow(name=…), functools.partial(flow, …), or a name for one.
func (m *Module) flowMaker(e *expr, p place) (options []*expr, ok bool) {
	if p.hops > maxAliases {
		return nil, false
	}
	if e.kind == exprCall {
		inner, rest := e.args[0], e.args[1:]
		if ent := m.resolve(inner, p); ent.dotted == "functools.partial" && len(rest) > 0 {
			inner, rest = rest[0], rest[1:]
		}
		options, ok = m.flowMaker(inner, place{at: p.at, class: p.class, hops: p.hops + 1})
		if !ok || len(rest) > 0 && rest[0].kind != exprKeyword && rest[0].kind != exprStar {
			return nil, false
		}
		return append(options, rest...), true
	}
	ent := m.resolve(e, p)
	switch ent.kind {
	case entityExternal:
		return nil, ent.dotted == "prefect.flow" || ent.dotted == "prefect.Flow"
	case entityExpr:
		if ent.expr.kind == exprCall {
			return m.flowMaker(ent.expr, place{at: ent.expr.span.Start, hops: p.hops + 1})
		}
	}
	return nil, false
}

// newFlow is a function as a flow without options.
func (m *Module) newFlow(fn *Function) *Flow {
	fl := &Flow{Function: fn, Qualname: fn.Qualname, Async: fn.Async, m: m}
	fl.Name = Fact{Text: strings.ReplaceAll(fn.Name.Text, "_", "-"), Present: true, Known: true, Span: fn.Name.Span}
	fl.Description = Fact{Known: true}
	if fn.Docstring.Present {
		fl.Description = Fact{Text: cleandoc(fn.Docstring.Text), Present: true, Known: fn.Docstring.Known}
	} else if fn.Class != nil && len(fn.Class.Bases) > 0 {
		fl.Description.Known = false // inherited from a method of that name, if there is one
	}
	fl.Version = Fact{Known: true}
	if fn.broken {
		fl.Opaque = "the def line is not complete"
	}
	if fn.Class != nil {
		fl.Method = InstanceMethod
	}
	fl.setParams()
	return fl
}

func (fl *Flow) setParams() {
	fl.Params = fl.Function.Params
	if (fl.Method == InstanceMethod || fl.Method == ClassMethod) && len(fl.Params) > 0 && fl.Params[0].Kind <= Positional {
		fl.Params = fl.Params[1:]
	}
}

// withOptions applies keyword arguments of flow(…) or with_options(…); empty ones change nothing, as in Prefect.
func (m *Module) withOptions(fl *Flow, options []*expr, p place) {
	for _, o := range options {
		switch {
		case o.kind == exprStar:
			fl.Name.Known, fl.Description.Known, fl.Version.Known = false, false, false
		case o.kind != exprKeyword:
		case o.text == "name":
			m.option(&fl.Name, o.args[0], p)
		case o.text == "description":
			m.option(&fl.Description, o.args[0], p)
		case o.text == "version":
			m.option(&fl.Version, o.args[0], p)
		}
	}
}

func (m *Module) option(f *Fact, e *expr, p place) {
	v, ok := m.constant(e, place{at: e.span.Start, class: p.class})
	switch v := v.(type) {
	case nil:
		if ok {
			return
		}
	case string:
		if v != "" {
			*f = Fact{Text: v, Present: true, Known: true, Span: e.span}
		}
		return
	}
	*f = Fact{Present: true, Span: e.span}
}
