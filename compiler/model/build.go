package model

import (
	"strconv"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// New builds the model of a document for one generation of Prefect. Unless a generation is forced (0 means not), it is
// the file's own: see [Guess].
func New(doc *yamldoc.Document, forced schema.Generation) *File {
	f := &File{Doc: doc, Source: doc.File, Generation: forced, actions: map[Section]*Action{}}
	root := doc.Root.Deref()
	if root != nil && root.Kind == yamldoc.Mapping {
		f.Fields = fields(root, "")
	}
	if f.Generation == 0 {
		f.Generation = Guess(f)
	}
	for _, s := range Actions {
		if field := f.Field(string(s)); field.Key != nil && field.Node() != nil {
			f.actions[s] = f.newAction(s, field, nil)
		}
	}
	f.addDeployments()
	collectReferences(f)
	return f
}

func fields(m *yamldoc.Node, prefix string) []Field {
	entries := m.Entries()
	out := make([]Field, 0, len(entries))
	for _, e := range entries {
		out = append(out, Field{Entry: e, Path: prefix + e.Key.KeyText()})
	}
	return out
}

func (f *File) addDeployments() {
	list := f.Field("deployments").Node()
	if list == nil || list.Kind != yamldoc.Sequence {
		return
	}
	for i, item := range list.Items {
		if d := f.newDeployment(i, item); d != nil {
			f.Deployments = append(f.Deployments, d)
		}
	}
}

// newDeployment reads one item of the list; nil when it is no mapping.
func (f *File) newDeployment(index int, item *yamldoc.Node) *Deployment {
	n := item.Deref()
	if n == nil || n.Kind != yamldoc.Mapping {
		return nil
	}
	d := &Deployment{File: f, Index: index, Node: n, Path: deploymentPath(index)}
	d.Fields = fields(n, d.Path+".")
	for _, s := range Actions {
		if field := d.Field(string(s)); field.Key != nil && field.Node() != nil {
			if d.actions == nil {
				d.actions = map[Section]*Action{}
			}
			d.actions[s] = f.newAction(s, field, d)
		}
	}
	return d
}

func deploymentPath(index int) string { return "deployments[" + strconv.Itoa(index) + "]" }

// newAction reads a list of steps; a single mapping counts as a list of one, as Prefect 3 takes it.
func (f *File) newAction(s Section, field Field, owner *Deployment) *Action {
	a := &Action{Section: s, Owner: owner, Field: field, Value: field.Node(), file: f}
	switch a.Value.Kind {
	case yamldoc.Sequence:
		for i, item := range a.Value.Items {
			if n := item.Deref(); n != nil && n.Kind == yamldoc.Mapping && len(n.Entries()) > 0 {
				a.Steps = append(a.Steps, newStep(a, i, n, field.Path+"["+strconv.Itoa(i)+"]"))
			}
		}
	case yamldoc.Mapping:
		if len(a.Value.Entries()) > 0 {
			a.Steps = append(a.Steps, newStep(a, 0, a.Value, field.Path))
		}
	}
	return a
}

func newStep(a *Action, index int, n *yamldoc.Node, path string) *Step {
	s := &Step{Action: a, Index: index, Path: path, Node: n, Keys: n.Entries()}
	last := s.Keys[len(s.Keys)-1] // with several keys Prefect takes the last for the step
	if len(s.Keys) > 1 {
		last = likelyStep(s.Keys)
	}
	s.Key, s.Body = last.Key, last.Value.Deref()
	arguments := s.Body.Entries()
	if len(s.Keys) > 1 && len(arguments) == 0 { // the arguments lost their indentation: still see what was meant
		for _, e := range s.Keys {
			if e.Key != s.Key {
				arguments = append(arguments, e)
			}
		}
	}
	for _, e := range arguments {
		switch e.Key.KeyText() {
		case "id":
			if id := e.Value.Deref(); id != nil && id.Kind != yamldoc.Null && len(id.Items)+len(id.Pairs) == 0 {
				s.ID, s.IDNode = value.Str(id.Scalar), id
			}
		case "requires":
			s.Requires = e.Value.Deref()
		default:
			s.Args = append(s.Args, e)
		}
	}
	return s
}

// likelyStep picks, among the keys of a step that lost its indentation, the one that looks like an import path.
func likelyStep(keys []yamldoc.Entry) yamldoc.Entry {
	for _, k := range keys {
		for _, c := range k.Key.Text {
			if c == '.' {
				return k
			}
		}
	}
	return keys[0]
}

// Guess reads the generation off the file. The text of prefect-version is a weak hint, often years behind: 2 only if it says
// so and nothing in the file needs 3.
func Guess(f *File) schema.Generation {
	version, _ := f.Field("prefect-version").Text()
	if len(version) == 0 || version[0] != '2' || (len(version) > 1 && version[1] != '.') {
		return schema.Prefect3
	}
	list := f.Field("deployments").Node()
	if list == nil {
		return schema.Prefect2
	}
	for _, item := range list.Items {
		for _, key := range []string{"concurrency_limit", "sla", "version_type"} {
			if _, has := item.Get(key); has {
				return schema.Prefect3
			}
		}
	}
	return schema.Prefect2
}
