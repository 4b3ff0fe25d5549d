package policy

import (
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/format"

	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// part is one field of a compiled deployment, and where it comes from.
type part struct {
	name string
	key  *yamldoc.Node // nil when the file does not have the field
	node *yamldoc.Node // nil likewise
	one  bool          // the node is a mapping that stands for a list of one

	action bool // build, push or pull
	path   string
}

// compiled is a deployment as policies see it.
type compiled struct {
	*model.Deployment
	parts  []part
	fields map[string]bool
	flow   *entrypoint.Result // nil when it is not looked at
	given  *value.Map         // what stands in the place of the file's fields, nil for nothing
}

// compile puts together what Prefect would see: see #Compiled in the schema.
func (c *Config) compile(d *model.Deployment, flow *entrypoint.Result, given *value.Map) *compiled {
	out := &compiled{Deployment: d, fields: c.fields, flow: flow, given: given}
	for _, f := range d.Fields {
		if f.Key.Kind != yamldoc.String || !f.Set() || !c.fields[f.Key.Text] {
			continue
		}
		switch name := f.Key.Text; name {
		case "build", "push", "pull", "flow":
		case "schedules":
			if d.Field("schedule").Key == nil {
				out.parts = append(out.parts, part{name: name, key: f.Key, node: f.Node(), path: f.Path})
			}
		default:
			out.parts = append(out.parts, part{name: name, key: f.Key, node: f.Node(), path: f.Path})
		}
	}
	if old := d.Field("schedule"); old.Set() && old.Node().Kind == yamldoc.Mapping && len(old.Node().Entries()) > 0 {
		out.parts = append(out.parts, part{name: "schedules", key: old.Key, node: old.Node(), one: true, path: old.Path})
	} else if list := d.Field("schedules"); old.Key != nil && list.Set() {
		// The empty old key does not hide the list.
		out.parts = append(out.parts, part{name: "schedules", key: list.Key, node: list.Node(), path: list.Path})
	}
	for _, s := range model.Actions {
		if a := d.Effective(s); a != nil {
			out.parts = append(out.parts, part{
				name: string(s), key: a.Field.Key, node: a.Value, one: a.Value.Kind == yamldoc.Mapping, action: true, path: a.Field.Path,
			})
		}
	}
	return out
}

// place finds what a path of a compiled deployment is in the file: the value there, else what surrounds the missing part.
func (d *compiled) place(path []string) (span source.Span, dataPath string) {
	dataPath = d.Path
	if len(path) == 0 {
		return d.nameSpan(), dataPath
	}
	for _, p := range d.parts {
		if p.name != path[0] {
			continue
		}
		if d.given != nil && !p.action && d.changed(p) {
			return d.nameSpan(), dataPath // the file says something else there
		}
		dataPath = p.path
		rest := path[1:]
		if p.one && len(rest) > 0 {
			rest = rest[1:]
		}
		return walk(p.key, p.node, rest, dataPath)
	}
	if path[0] == "flow" {
		if e := d.Field("entrypoint"); e.Key != nil {
			return e.Span(), e.Path
		}
	}
	return d.nameSpan(), dataPath
}

func isAction(name string) bool {
	return slices.Contains(model.Actions[:], model.Section(name))
}

// changed reports whether what was given differs from what the file has.
func (d *compiled) changed(p part) bool {
	v, _ := d.given.Get(p.name)
	w := &writer{left: 2 * maxValues}
	file := w.node(p.node, 1)
	switch {
	case p.name == "work_pool" && p.node.Kind == yamldoc.Mapping:
		file = w.pool(p.node)
	case p.one:
		file = ast.NewList(w.node(p.node, 2))
	}
	return text(file) != text(w.given(p.name, v))
}

func text(x ast.Expr) string {
	b, err := format.Node(x)
	if err != nil {
		return ""
	}
	return string(b)
}

// walk goes down the tree; where the path ends in nothing, the key of what was reached stands for it.
func walk(key, n *yamldoc.Node, path []string, at string) (source.Span, string) {
	for _, p := range path {
		n = n.Deref()
		next, nextKey, nextAt := child(n, p, at)
		if next == nil {
			if key != nil {
				return key.Span, at
			}
			return n.Span, at
		}
		key, n, at = nextKey, next, nextAt
	}
	n = n.Deref()
	if key != nil && (n == nil || n.Span.Len() == 0 || n.Style == yamldoc.Block) {
		return key.Span, at
	}
	return n.Span, at
}

func child(n *yamldoc.Node, step, at string) (v, key *yamldoc.Node, path string) {
	if n == nil {
		return nil, nil, at
	}
	switch n.Kind {
	case yamldoc.Sequence:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Items) && n.Items[i].Deref() != nil {
			item := n.Items[i].Deref()
			if item.Kind == yamldoc.Mapping && len(item.Pairs) > 0 && item.Style == yamldoc.Block {
				key = item.Pairs[0].Key // what a block mapping is shown by
			}
			return item, key, at + "[" + step + "]"
		}
	case yamldoc.Mapping:
		for _, e := range n.Entries() {
			if valid(e.Key.KeyText()) == step && e.Value.Deref() != nil {
				return e.Value, e.Key, at + "." + quoteKey(step)
			}
		}
	}
	return nil, nil, at
}

func quoteKey(key string) string {
	if strings.ContainsAny(key, ".[ ") {
		return `"` + key + `"`
	}
	return key
}

// nameSpan is what stands for the whole deployment: its name, else its first key.
func (d *compiled) nameSpan() source.Span {
	if f := d.Field("name"); f.Set() {
		return f.Span()
	}
	if len(d.Node.Pairs) > 0 {
		return d.Node.Pairs[0].Key.Span
	}
	return d.Node.Span
}
