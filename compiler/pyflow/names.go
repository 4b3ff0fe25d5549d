package pyflow

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
)

// Names lists what an entrypoint could mean: flows first, then other functions, in source order.
func (m *Module) Names() []string {
	var flows, others []string
	visit := func(s *scope, class *Class, prefix string) {
		for _, name := range s.order {
			path := append(splitPath(prefix), name)
			switch _, status := m.lookup(path, m.endOfModule()); {
			case status == IsFlow:
				flows = append(flows, prefix+name)
			case bindsFunction(s.names[name]):
				others = append(others, prefix+name)
			}
		}
	}
	visit(m.scope, nil, "")
	for _, c := range m.Classes {
		if !c.local {
			visit(c.scope, c, c.Qualname+".")
		}
	}
	return append(flows, others...)
}

func splitPath(prefix string) []string {
	if prefix == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(prefix, "."), ".")
}

func bindsFunction(bindings []binding) bool {
	return bindings[len(bindings)-1].kind == bindFunction
}

// findCalls keeps the call sites whose name is a flow.
func (m *Module) findCalls(sites []callSite) {
	isFlow := map[string]bool{}
	for _, site := range sites {
		name := m.tok(site.at)
		known, seen := isFlow[name]
		if !seen {
			_, status := m.lookup([]string{name}, m.endOfModule())
			known = status == IsFlow
			isFlow[name] = known
		}
		method := ""
		if site.end > site.at+1 {
			method = m.tok(site.end - 1)
		}
		if known && (method == "" || method == "serve" || method == "deploy") {
			span := source.Span{Start: m.tokens[site.at].start, End: m.tokens[site.end-1].end}
			m.Calls = append(m.Calls, Call{name, method, span})
		}
	}
}
