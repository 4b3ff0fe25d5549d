package model

import (
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// Misfit is a violation of the schema at its place in the file.
type Misfit struct {
	schema.Violation
	Place      string        // deployments[0].work_pool.nam
	Key        *yamldoc.Node // the last key of the path, nil when it ends in an index or is empty
	Value      *yamldoc.Node // what is there, behind aliases; for Missing the mapping that lacks it
	Parent     *yamldoc.Node // the mapping or list that holds it
	Deployment *Deployment   // nil for the file's own parts
}

// Span is what to underline: the key where the key is wrong, else the value; for something missing the first key of the
// mapping that lacks it.
func (m *Misfit) Span() source.Span {
	switch m.Kind {
	case schema.UnknownField, schema.TooNew, schema.TooOld, schema.KeyNotText, schema.Exclusive:
		if m.Key != nil {
			return m.Key.Span
		}
	case schema.Missing, schema.NotOneKey:
		if m.Value != nil && m.Value.Kind == yamldoc.Mapping && len(m.Value.Pairs) > 0 {
			return m.Value.Pairs[0].Key.Span
		}
	}
	if m.Value != nil && (m.Value.Span.Len() > 0 || m.Key == nil) {
		return m.Value.Span
	}
	if m.Key != nil {
		return m.Key.Span
	}
	return source.Span{}
}

// Shape compares the file with the schema, or the part of it that f is: see [File.Part].
func (f *File) Shape(lang *schema.Language) []Misfit {
	root := f.Doc.Root.Deref()
	if root == nil || root.Kind != yamldoc.Mapping {
		return nil
	}
	var out []Misfit
	add := func(found []schema.Violation, d *Deployment) {
		for _, v := range found {
			m := place(root, v)
			m.Deployment = d
			out = append(out, m)
		}
	}
	if f.LooksAtShared() {
		add(lang.CheckShared(f.Generation, Data(root)), nil)
	}
	for _, d := range f.Deployments {
		add(lang.CheckDeployment(f.Generation, Data(d.Node), d.Index, d.Index < confirmed), d)
	}
	return out
}

// confirmed is how many deployments of a file, the first ones, are shown to CUE too if something is found in them.
const confirmed = 16

// place walks a violation's path down the tree.
func place(root *yamldoc.Node, v schema.Violation) Misfit {
	m := Misfit{Violation: v, Place: pathText(v.Path), Value: root}
	for i, step := range v.Path {
		m.Parent, m.Key = m.Value, nil
		switch {
		case m.Parent == nil:
		case step.IsIndex:
			m.Value = item(m.Parent, step.Index)
		case i == len(v.Path)-1 && v.At >= 0 && v.At < len(m.Parent.Entries()):
			e := m.Parent.Entries()[v.At]
			m.Key, m.Value = e.Key, e.Value.Deref()
		default:
			e, _ := m.Parent.Get(step.Key)
			m.Key, m.Value = e.Key, e.Value.Deref()
		}
	}
	return m
}

func item(n *yamldoc.Node, i int) *yamldoc.Node {
	if i < len(n.Items) {
		return n.Items[i].Deref()
	}
	return nil
}

func pathText(path []schema.Step) string {
	var b strings.Builder
	for _, s := range path {
		if s.IsIndex {
			b.WriteString("[" + strconv.Itoa(s.Index) + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(pathKey(s.Key))
	}
	return b.String()
}
