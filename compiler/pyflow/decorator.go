package pyflow

import "strings"

// decorated tells what the decorators make of a def.
func (m *Module) decorated(fn *Function) (*Flow, Status) {
	var fl *Flow
	unseen, outside := "", false
	method := PlainFunction
	if fn.Class != nil {
		method = InstanceMethod
	}
	for i := len(fn.Decorators) - 1; i >= 0; i-- {
		d := &fn.Decorators[i]
		e := m.parse(d.expr)
		p := place{at: d.Span.Start, class: fn.Class}
		if options, ok := m.flowMaker(e, p); ok && fl == nil {
			fl = m.newFlow(fn)
			fl.Decorator = d.Span
			m.withOptions(fl, options, p)
			continue
		}
		switch m.decoratorName(e, p) {
		case "builtins.staticmethod":
			method = StaticMethod
		case "builtins.classmethod":
			method = ClassMethod
		case "plain":
			if fl != nil {
				return nil, NotAFlow
			}
			if unseen == "" && i > 0 {
				unseen = d.Text.Text
			}
		default:
			unseen, outside = d.Text.Text, fl != nil
		}
	}
	if fl == nil {
		if unseen != "" && !m.onlyPlain(fn) {
			return nil, Unknown
		}
		return nil, NotAFlow
	}
	if unseen != "" {
		fl.Opaque = "decorator @" + firstLine(unseen) + " may change the signature"
	}
	fl.Method = method
	fl.setParams()
	if outside {
		return fl, Unknown // what the outer decorator returns may be no flow
	}
	return fl, IsFlow
}

// decoratorName is the dotted name of a decorator that can be seen through, "plain" for one that surely makes no
// flow, "" otherwise.
func (m *Module) decoratorName(e *expr, p place) string {
	if e.kind == exprCall {
		e = e.args[0]
	}
	ent := m.resolve(e, p)
	if ent.kind != entityExternal {
		if e.kind == exprAttr && (e.text == "setter" || e.text == "getter" || e.text == "deleter") {
			return "plain"
		}
		return ""
	}
	switch {
	case ent.dotted == "builtins.staticmethod", ent.dotted == "builtins.classmethod":
		return ent.dotted
	case ent.dotted == "prefect.task", ent.dotted == "prefect.materialize", stdlib(ent.dotted):
		return "plain"
	}
	return ""
}

func (m *Module) onlyPlain(fn *Function) bool {
	for i := range fn.Decorators {
		d := &fn.Decorators[i]
		if m.decoratorName(m.parse(d.expr), place{at: d.Span.Start, class: fn.Class}) == "" {
			return false
		}
	}
	return true
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return strings.TrimRight(line, "\r")
}

// stdlib names modules that never hold flows.
func stdlib(module string) bool {
	root, _, _ := strings.Cut(module, ".")
	switch root {
	case "builtins", "typing", "typing_extensions", "functools", "contextlib", "abc", "atexit", "dataclasses", "enum", "asyncio", "os", "sys",
		"re", "json", "time", "datetime", "math", "pathlib", "logging", "collections", "itertools", "subprocess", "shutil", "uuid",
		"random", "tempfile", "warnings", "decimal", "unittest", "traceback", "inspect", "string", "csv", "io", "copy":
		return true
	}
	return false
}
