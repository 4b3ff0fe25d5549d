package lsp

import (
	"slices"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/value"
)

// shape is a JSON schema at one place of the data, for what the language leaves free: a flow's parameters, a pool's job variables.
type shape struct {
	root  *value.Map
	nodes []*value.Map // the alternatives there are, with references followed
}

const maxRefs = 32 // references and alternatives followed at one place

// shapeOf is a whole schema.
func shapeOf(root *value.Map) shape {
	s := shape{root: root}
	s.add(root, maxRefs)
	return s
}

// add takes in a node and what it refers to.
func (s *shape) add(n *value.Map, left int) {
	if n == nil || left == 0 || slices.Contains(s.nodes, n) {
		return
	}
	s.nodes = append(s.nodes, n)
	if ref, ok := get[string](n, "$ref"); ok {
		target := s.root
		for name := range strings.SplitSeq(strings.TrimPrefix(strings.TrimPrefix(ref, "#"), "/"), "/") {
			target, _ = get[*value.Map](target, name)
		}
		s.add(target, left-1)
	}
	for _, key := range []string{"anyOf", "oneOf", "allOf"} {
		list, _ := get[[]value.Value](n, key)
		for _, x := range list {
			inner, _ := x.(*value.Map)
			s.add(inner, left-1)
		}
	}
}

func get[T any](m *value.Map, key string) (T, bool) {
	var none T
	if m == nil {
		return none, false
	}
	v, _ := m.Get(key)
	out, ok := v.(T)
	return out, ok
}

// inside is the schema of a key's value or of an item.
func (s shape) inside(e step) shape {
	out := shape{root: s.root}
	for _, n := range s.nodes {
		if e.isItem() {
			items, _ := get[*value.Map](n, "items")
			out.add(items, maxRefs)
			continue
		}
		properties, _ := get[*value.Map](n, "properties")
		one, ok := get[*value.Map](properties, e.key)
		if !ok {
			one, _ = get[*value.Map](n, "additionalProperties")
		}
		out.add(one, maxRefs)
	}
	return out
}

// freeShape is the schema at the cursor when it is in a place that the language leaves free; ok tells that it is.
func (c *completer) freeShape() (s shape, ok bool) {
	path := c.at.path
	d := c.deployment()
	switch {
	case len(path) > 2 && path[0].key == "deployments" && path[2].key == "parameters":
		s, path = c.parameters(d), path[3:]
	case len(path) > 3 && path[0].key == "deployments" && path[2].key == "work_pool" && path[3].key == "job_variables":
		s, path = c.jobVariables(d), path[4:]
	default:
		return shape{}, false
	}
	for _, e := range path {
		s = s.inside(e)
	}
	return s, true
}

// freeKeys proposes the keys that a schema knows; it reports whether the cursor is where one says what may stand there.
func (c *completer) freeKeys() bool {
	s, ok := c.freeShape()
	for _, n := range s.nodes {
		properties, _ := get[*value.Map](n, "properties")
		if properties == nil {
			continue
		}
		required, _ := get[[]value.Value](n, "required")
		for _, p := range properties.Pairs {
			name, _ := p.Key.(string)
			field, _ := p.Value.(*value.Map)
			if name == "" || slices.Contains(c.at.siblings, name) || slices.ContainsFunc(c.out, func(i completionItem) bool { return i.label == name }) {
				continue
			}
			c.freeKey(s, name, field, slices.Contains(required, value.Value(name)))
		}
	}
	return ok
}

func (c *completer) freeKey(s shape, name string, field *value.Map, required bool) {
	var doc prose
	if text, ok := get[string](field, "description"); ok {
		doc.add(paragraph, text)
	}
	inner := shape{root: s.root}
	inner.add(field, maxRefs)
	detail := inner.types()
	if v, ok := inner.given("default"); ok && v != nil {
		detail += " = " + value.Repr(v)
	}
	if required {
		detail += ", required"
	}
	text := scalar(name, "") + ": "
	if c.at.colon {
		text = scalar(name, "")
	}
	c.add(completionItem{label: name, text: text, detail: clip(strings.TrimLeft(detail, ", ")), doc: doc, kind: protocol.CompletionItemKindVariable})
}

// types are the words of JSON Schema for what may stand there.
func (s shape) types() string {
	var words []string
	for _, n := range s.nodes {
		if t, ok := get[string](n, "type"); ok && !slices.Contains(words, t) {
			words = append(words, t)
		}
	}
	return strings.Join(words, " or ")
}

func (s shape) given(key string) (value.Value, bool) {
	for _, n := range s.nodes {
		if v, ok := n.Get(key); ok {
			return v, true
		}
	}
	return nil, false
}

// freeValues proposes the values that a schema lists; it reports whether the cursor is where one says what may stand there.
func (c *completer) freeValues() bool {
	s, ok := c.freeShape()
	standard, has := s.given("default")
	propose := func(v value.Value) {
		switch v.(type) {
		case *value.Map, []value.Value:
			return
		}
		detail := ""
		if has && value.Equal(v, standard) {
			detail = "default"
		}
		i := completionItem{label: value.Str(v), detail: detail, kind: protocol.CompletionItemKindEnumMember}
		switch v := v.(type) {
		case string:
			c.value(i, v)
		case nil:
			i.label = "null"
			c.literal(i, "null")
		case bool:
			i.label = map[bool]string{true: "true", false: "false"}[v]
			c.literal(i, i.label)
		default:
			c.literal(i, value.Str(v))
		}
	}
	listed := false
	for _, n := range s.nodes {
		list, _ := get[[]value.Value](n, "enum")
		if one, ok := n.Get("const"); ok {
			list = append(slices.Clone(list), one)
		}
		if t, _ := get[string](n, "type"); t == "boolean" && list == nil {
			list = []value.Value{true, false}
		}
		listed = listed || list != nil
		for _, v := range list {
			propose(v)
		}
	}
	if has && !listed {
		propose(standard)
	}
	return ok
}
