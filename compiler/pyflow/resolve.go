package pyflow

import "strings"

type entityKind uint8

const (
	entityUnknown  entityKind = iota
	entityUnbound             // no such name
	entityExternal            // something imported or built in: dotted
	entityFunction            // fn
	entityClass               // class
	entityExpr                // the value of an assignment: expr, evaluated at at
)

// entity is what a name or attribute path stands for.
type entity struct {
	kind   entityKind
	dotted string // "typing.Optional", "builtins.int"; relative imports keep their leading dots
	fn     *Function
	class  *Class
	assign *Assignment
	expr   *expr
}

// maxAliases bounds chains of x = y.
const maxAliases = 20

// place is where a name is used: only bindings before at count, classes are looked through from the inside.
type place struct {
	at    int
	class *Class
	hops  int
}

// endOfModule is a place that sees every binding.
func (m *Module) endOfModule() place { return place{at: len(m.text) + 1} }

// visible lists the bindings that a name may have at a place: the last one that surely ran and those after it that
// may have. Handlers of except clauses count only when nothing else binds the name.
func visible(all []binding, at int) []binding {
	var out, handlers []binding
	for i := len(all) - 1; i >= 0; i-- {
		b := all[i]
		if b.at > at || b.cond == never {
			continue
		}
		if b.cond == fallback {
			handlers = append(handlers, b)
			continue
		}
		out = append(out, b)
		if b.cond == always {
			break
		}
	}
	if len(out) == 0 {
		return handlers
	}
	return out
}

// resolveName finds what a name means at a place.
func (m *Module) resolveName(name string, p place) entity {
	if p.class != nil {
		if found := visible(p.class.scope.names[name], p.at); len(found) > 0 {
			return m.one(found, p)
		}
	}
	found := visible(m.scope.names[name], p.at)
	for _, s := range m.stars {
		if s.at <= p.at && (len(found) == 0 || s.at > found[0].at) {
			return m.starEntity(s.module, name, found, p)
		}
	}
	if len(found) > 0 {
		return m.one(found, p)
	}
	if isBuiltin(name) {
		return entity{kind: entityExternal, dotted: "builtins." + name}
	}
	if m.dynamic {
		return entity{}
	}
	return entity{kind: entityUnbound}
}

// starEntity is a name that a star import may have bound. Only Prefect's own exports are known.
func (m *Module) starEntity(module, name string, found []binding, p place) entity {
	if len(found) > 0 {
		if e := m.one(found, p); strings.HasPrefix(e.dotted, "prefect.") {
			return e // imported by name: nobody means to replace that
		}
	}
	if module == "prefect" && (name == "flow" || name == "task") {
		return entity{kind: entityExternal, dotted: "prefect." + name}
	}
	if module == "prefect" && len(found) == 0 && isBuiltin(name) {
		return entity{kind: entityExternal, dotted: "builtins." + name}
	}
	return entity{}
}

// one is the meaning that all bindings share.
func (m *Module) one(found []binding, p place) entity {
	first := m.entityOf(found[0], p)
	for _, b := range found[1:] {
		e := m.entityOf(b, p)
		if e.kind != entityExternal || first.kind != entityExternal || e.dotted != first.dotted {
			return entity{}
		}
	}
	return first
}

func (m *Module) entityOf(b binding, p place) entity {
	switch b.kind {
	case bindFunction:
		return entity{kind: entityFunction, fn: b.fn}
	case bindClass:
		return entity{kind: entityClass, class: b.class}
	case bindImport:
		dotted := b.imp.Module
		if b.imp.Attr != "" {
			dotted = joinDotted(dotted, b.imp.Attr)
		}
		return entity{kind: entityExternal, dotted: canonical(dotted)}
	case bindAssign:
		if p.hops >= maxAliases {
			return entity{}
		}
		e := m.parse(b.assign.value)
		if e.kind == exprName || e.kind == exprAttr {
			if _, constant := m.literal(e); !constant {
				next := place{at: e.span.Start, class: p.class, hops: p.hops + 1}
				return m.resolve(e, next)
			}
		}
		return entity{kind: entityExpr, assign: b.assign, expr: e}
	}
	return entity{}
}

func joinDotted(module, attr string) string {
	if strings.HasSuffix(module, ".") {
		return module + attr
	}
	return module + "." + attr
}

// resolve finds what a name or attribute path means; anything else is unknown.
func (m *Module) resolve(e *expr, p place) entity {
	switch e.kind {
	case exprName:
		return m.resolveName(e.text, p)
	case exprAttr:
		base := m.resolve(e.args[0], p)
		switch base.kind {
		case entityExternal:
			return entity{kind: entityExternal, dotted: canonical(joinDotted(base.dotted, e.text))}
		case entityClass:
			if found := visible(base.class.scope.names[e.text], len(m.text)); len(found) > 0 && p.hops < maxAliases {
				return m.one(found, place{at: len(m.text), class: base.class, hops: p.hops + 1})
			}
		}
	}
	return entity{}
}

// canonical gives things with several homes one name.
func canonical(dotted string) string {
	if rest, ok := strings.CutPrefix(dotted, "typing_extensions."); ok {
		return "typing." + rest
	}
	switch dotted {
	case "prefect.flows.flow", "prefect.main.flow":
		return "prefect.flow"
	case "prefect.flows.Flow", "prefect.main.Flow":
		return "prefect.Flow"
	case "prefect.tasks.task", "prefect.main.task":
		return "prefect.task"
	}
	return dotted
}

// constant reads an expression whose value the text shows: a literal, a name bound to one, strings joined by +.
func (m *Module) constant(e *expr, p place) (v any, ok bool) {
	if v, ok := m.literal(e); ok {
		return v, true
	}
	switch e.kind {
	case exprName, exprAttr:
		if p.hops >= maxAliases {
			return nil, false
		}
		ent := m.resolve(e, p)
		if ent.kind != entityExpr {
			return nil, false
		}
		return m.constant(ent.expr, place{at: ent.expr.span.Start, hops: p.hops + 1})
	case exprBinary:
		if e.text != "+" {
			return nil, false
		}
		a, okA := m.constant(e.args[0], p)
		b, okB := m.constant(e.args[1], p)
		left, isText := a.(string)
		right, areTexts := b.(string)
		if okA && okB && isText && areTexts {
			return left + right, true
		}
	}
	return nil, false
}

// Constant is the value of a module-level name bound once to a literal.
func (m *Module) Constant(name string) (v any, ok bool) {
	found := visible(m.scope.names[name], len(m.text))
	if len(found) != 1 || found[0].kind != bindAssign {
		return nil, false
	}
	e := m.parse(found[0].assign.value)
	return m.constant(e, place{at: e.span.Start})
}

// isBuiltin names the built-ins that matter in annotations, decorators and defaults.
func isBuiltin(name string) bool {
	switch name {
	case "int", "str", "float", "bool", "bytes", "bytearray", "complex", "object", "type", "list", "dict", "set", "frozenset",
		"tuple", "None", "range", "slice", "property", "staticmethod", "classmethod", "print", "len", "open", "isinstance",
		"super", "Exception", "ValueError", "TypeError", "RuntimeError", "callable", "iter", "map", "filter", "zip",
		"enumerate", "sorted", "reversed", "sum", "min", "max", "abs", "any", "all", "repr", "hash", "id", "memoryview":
		return true
	}
	return false
}
