package model

import (
	"slices"
	"strconv"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// Section says where in the file something is written.
type Section string

// The three actions, and everything else a deployment says.
const (
	Build   Section = "build"
	Push    Section = "push"
	Pull    Section = "pull"
	Setting Section = "deployment"
)

// Actions are the sections that hold steps, in the order in which they run.
var Actions = [...]Section{Build, Push, Pull}

// File is one prefect.yaml.
type File struct {
	Doc         *yamldoc.Document
	Source      *source.File
	Generation  schema.Generation
	Fields      []Field // effective top-level entries
	Deployments []*Deployment
	References  []*Reference // of the file's actions and all deployments; ignored keys and definitions not included

	actions    map[Section]*Action
	references []*Reference // of the file's actions
	visited    int          // nodes that were looked at for references

	partOf *File // see Part
	shared bool  // the part that deployments share
}

// Field is one effective "key: value" of the file or of a deployment.
type Field struct {
	yamldoc.Entry
	Path string // deployments[0].version
}

// Node is the node that holds the field's data, behind any alias; nil for an unknown alias.
func (f Field) Node() *yamldoc.Node { return f.Value.Deref() }

// Set reports whether the field is there with a value other than null.
func (f Field) Set() bool {
	n := f.Node()
	return f.Key != nil && n != nil && n.Kind != yamldoc.Null && n.Kind != yamldoc.Invalid
}

// Text is the field's value if it is a string.
func (f Field) Text() (string, bool) {
	if n := f.Node(); f.Key != nil && n != nil && n.Kind == yamldoc.String {
		return n.Text, true
	}
	return "", false
}

// Span is where the value is written: the data itself, not the alias that stands for it.
func (f Field) Span() source.Span {
	if n := f.Node(); n != nil {
		return n.Span
	}
	return f.Key.Span
}

// Deployment is one entry of "deployments".
type Deployment struct {
	File   *File
	Index  int
	Node   *yamldoc.Node // the mapping; never nil
	Path   string        // deployments[0]
	Fields []Field

	actions    map[Section]*Action // own actions, by the keys that are there
	references []*Reference        // in its fields and own actions
}

// Field finds an effective entry; the zero Field if the key is not there.
func (d *Deployment) Field(key string) Field { return find(d.Fields, key) }

// Field finds an effective top-level entry; the zero Field if the key is not there.
func (f *File) Field(key string) Field { return find(f.Fields, key) }

func find(fields []Field, key string) Field {
	for i := range fields {
		if k := fields[i].Key; k.Text == key && k.Kind == yamldoc.String {
			return fields[i]
		}
	}
	return Field{}
}

// Name is the deployment's name as written, "" when there is none or it is no text.
func (d *Deployment) Name() string {
	name, _ := d.Field("name").Text()
	return name
}

// Label names the deployment for people: its name, else its place in the list.
func (d *Deployment) Label() string {
	if name := d.Name(); name != "" {
		return name
	}
	return "#" + strconv.Itoa(d.Index+1)
}

// Entrypoint is the entrypoint as written, "" when there is none or it is no text.
func (d *Deployment) Entrypoint() string {
	text, _ := d.Field("entrypoint").Text()
	return text
}

// WorkPool finds an entry of the work_pool mapping.
func (d *Deployment) WorkPool(key string) Field {
	pool := d.Field("work_pool")
	if !pool.Set() {
		return Field{}
	}
	return child(pool, key)
}

func child(parent Field, key string) Field {
	e, ok := parent.Node().Get(key)
	if !ok {
		return Field{}
	}
	return Field{Entry: e, Path: parent.Path + "." + key}
}

// Own is the deployment's own action, nil when the key is absent.
func (d *Deployment) Own(s Section) *Action { return d.actions[s] }

// Action is the file's action, nil when the key is absent.
func (f *File) Action(s Section) *Action { return f.actions[s] }

// Effective is the action a deployment uses: its own, else the file's. It is nil when there is none, for pull also when
// Prefect makes a default one; [Deployment.PullDisabled] tells these two apart.
//
// An own build that is null or empty means none. An own push or pull that is null or empty falls back to the file's, with
// one exception: "pull: []" means none in Prefect 3. Measured with 2.20.26 and 3.8.8.
func (d *Deployment) Effective(s Section) *Action {
	own, file := d.actions[s], d.File.actions[s]
	switch {
	case own != nil && len(own.Steps) > 0:
		return own
	case own != nil && s == Build, s == Pull && d.PullDisabled():
		return nil
	}
	return file.withSteps()
}

// PullDisabled reports whether the deployment asks for no pull steps at all, as only Prefect 3 lets it: "pull: []".
func (d *Deployment) PullDisabled() bool {
	if own := d.actions[Pull]; own != nil {
		return d.File.Generation == schema.Prefect3 && own.emptyList()
	}
	return d.File.PullDisabled(d.File.Generation)
}

// Action is one "build", "push" or "pull" with its steps.
type Action struct {
	Section Section
	Owner   *Deployment // nil for the file's
	Field   Field
	Value   *yamldoc.Node // behind aliases; never nil
	Steps   []*Step

	file *File
}

func (a *Action) withSteps() *Action {
	if a == nil || len(a.Steps) == 0 {
		return nil
	}
	return a
}

// Step is one step of an action.
type Step struct {
	Action *Action
	Index  int
	Path   string          // build[0] or deployments[2].build[0]
	Node   *yamldoc.Node   // the mapping around it
	Keys   []yamldoc.Entry // all its keys; a proper step has one
	Key    *yamldoc.Node   // the import path; nil when there is no key
	Body   *yamldoc.Node   // the arguments, behind aliases; nil when there is no key
	Args   []yamldoc.Entry // without id and requires

	ID       string // "" without one; other scalars as Python's str would write them
	IDNode   *yamldoc.Node
	Requires *yamldoc.Node // nil without one
}

// Function is the step's import path, "" when it has none.
func (s *Step) Function() string {
	if s.Key == nil {
		return ""
	}
	return s.Key.Text
}

// Arg finds an argument.
func (s *Step) Arg(name string) (yamldoc.Entry, bool) {
	for _, a := range s.Args {
		if a.Key.Kind == yamldoc.String && a.Key.Text == name {
			return a, true
		}
	}
	return yamldoc.Entry{}, false
}

// Deployment is the owner of the step's action, nil for the file's.
func (s *Step) Deployment() *Deployment { return s.Action.Owner }

// File is the file the action is written in.
func (a *Action) File() *File { return a.file }

// FileAction is the file's action with steps, nil without one; f may be nil.
func (f *File) FileAction(s Section) *Action {
	if f == nil {
		return nil
	}
	return f.actions[s].withSteps()
}

// PullDisabled reports whether the file itself asks for no pull steps: "pull: []" in Prefect 3. f may be nil.
func (f *File) PullDisabled(g schema.Generation) bool {
	return f != nil && g == schema.Prefect3 && f.actions[Pull].emptyList()
}

func (a *Action) emptyList() bool {
	return a != nil && a.Value.Kind == yamldoc.Sequence && len(a.Value.Items) == 0
}

// Restrict is the file with some of its deployments only, for looking at what concerns those.
func (f *File) Restrict(keep []*Deployment) *File {
	view := *f
	view.Deployments, view.References = keep, slices.Clone(f.references)
	for _, d := range keep {
		view.References = append(view.References, d.references...)
	}
	return &view
}
