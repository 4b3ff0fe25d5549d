package model

import (
	"strconv"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// Reference is one placeholder in the file, at one use: in a part shared through aliases it appears once per use.
type Reference struct {
	template.Placeholder
	Node       *yamldoc.Node // the string it is written in
	Span       source.Span   // braces included
	NameSpan   source.Span
	Whole      bool // the string is nothing else
	InList     bool // the string is an item of a list
	Path       string
	Section    Section
	Field      string      // key of the deployment's field, or the step argument's name
	Step       *Step       // the step in whose arguments it stands, or nil
	Deployment *Deployment // nil in the file's own actions
	Index      int         // position among the references of its string
}

// neverTemplated are keys of a step that Prefect never templates.
var neverTemplated = map[string]bool{"id": true, "requires": true}

// walker visits the strings below a node. Its budget bounds the work in files that alias without end.
type walker struct {
	file   *File
	lang   *schema.Language // nil if it cannot be read
	ref    Reference        // what all references found have in common
	path   []byte
	budget int
	found  []*Reference
}

const maxVisited = 2_000_000

func collectReferences(f *File) {
	w := newWalker(f)
	for _, s := range Actions {
		w.action(f.actions[s], nil)
	}
	f.references = w.found
	for _, d := range f.Deployments {
		w.deployment(d)
	}
	f.visited = maxVisited - w.budget
	f.joinReferences()
}

func (f *File) joinReferences() {
	n := len(f.references)
	for _, d := range f.Deployments {
		n += len(d.references)
	}
	f.References = append(make([]*Reference, 0, n), f.references...)
	for _, d := range f.Deployments {
		f.References = append(f.References, d.references...)
	}
}

func newWalker(f *File) *walker {
	lang, err := schema.Shared()
	if err != nil {
		lang = nil
	}
	return &walker{file: f, lang: lang, budget: maxVisited}
}

func (w *walker) deployment(d *Deployment) {
	w.found = nil
	for _, field := range d.Fields {
		switch key := field.Key.KeyText(); {
		case key == string(Build), key == string(Push), key == string(Pull):
		case w.lang != nil && !w.lang.Effective("Deployment", key, w.file.Generation):
			// Prefect drops the key, whatever it holds
		default:
			w.ref = Reference{Section: Setting, Field: key, Deployment: d}
			w.path = append(w.path[:0], field.Path...)
			w.node(field.Value, false)
		}
	}
	for _, s := range Actions {
		w.action(d.actions[s], d)
	}
	d.references = w.found
}

func (w *walker) action(a *Action, owner *Deployment) {
	if a == nil {
		return
	}
	for _, s := range a.Steps {
		for _, e := range s.Body.Entries() {
			name := e.Key.KeyText()
			if neverTemplated[name] {
				continue
			}
			w.ref = Reference{Section: a.Section, Field: name, Step: s, Deployment: owner}
			w.path = append(append(append(append(w.path[:0], s.Path...), '.'), pathKey(s.Function())...), '.')
			w.path = append(w.path, name...)
			w.node(e.Value, false)
		}
	}
}

// pathKey writes a mapping key in a data path: keys with dots are quoted.
func pathKey(key string) string {
	for _, c := range key {
		if c == '.' || c == '[' || c == ' ' {
			return `"` + key + `"`
		}
	}
	return key
}

func (w *walker) node(n *yamldoc.Node, inList bool) {
	if n = n.Deref(); n == nil || w.budget <= 0 {
		return
	}
	w.budget--
	switch n.Kind {
	case yamldoc.String:
		w.text(n, inList)
	case yamldoc.Sequence:
		if w.entered(n) {
			return
		}
		for i, item := range n.Items {
			mark := len(w.path)
			w.path = append(strconv.AppendInt(append(w.path, '['), int64(i), 10), ']')
			w.node(item, true)
			w.path = w.path[:mark]
		}
	case yamldoc.Mapping:
		if w.entered(n) {
			return
		}
		for _, e := range n.Entries() {
			mark := len(w.path)
			w.path = append(append(w.path, '.'), pathKey(e.Key.KeyText())...)
			w.node(e.Value, false)
			w.path = w.path[:mark]
		}
	}
}

// entered bounds the depth: a recursive alias would never end.
func (w *walker) entered(*yamldoc.Node) bool { return len(w.path) > 1<<14 }

func (w *walker) text(n *yamldoc.Node, inList bool) {
	found := template.Find(n.Text)
	if len(found) == 0 {
		return
	}
	spans := Spans(w.file.Source, n, found)
	for i, ph := range found {
		r := w.ref
		r.Placeholder, r.Node, r.Index = ph, n, i
		r.Span, r.NameSpan = spans[i].Whole, spans[i].Name
		r.Whole = ph.Start == 0 && ph.End == len(n.Text)
		r.InList, r.Path = inList, string(w.path)
		w.found = append(w.found, &r)
	}
}

// PlaceholderSpan is where a placeholder is written in the file.
type PlaceholderSpan struct{ Whole, Name source.Span }

// Spans maps the placeholders found in a scalar's text to the bytes they are written with. YAML may fold and escape text, so
// the source is scanned for itself; should that find another number, each gets the whole scalar.
func Spans(f *source.File, n *yamldoc.Node, found []template.Placeholder) []PlaceholderSpan {
	out := make([]PlaceholderSpan, len(found))
	raw := template.Find(f.Slice(n.Span))
	for i := range found {
		if len(raw) != len(found) {
			out[i] = PlaceholderSpan{n.Span, n.Span}
			continue
		}
		base := n.Span.Start
		out[i] = PlaceholderSpan{
			Whole: source.Span{Start: base + raw[i].Start, End: base + raw[i].End},
			Name:  source.Span{Start: base + raw[i].NameStart, End: base + raw[i].NameEnd()},
		}
	}
	return out
}
