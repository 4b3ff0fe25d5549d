package plan

import (
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// Diff lists what registering r would change in a live deployment.
func (r *Registration) Diff(live *value.Map) []Change {
	var c differ
	for _, p := range r.compared(live) {
		c.field(p.path, p.live, p.desired)
	}
	if r.ParameterSchema == nil {
		c.add(Change{Path: schemaPath, Old: field(live, schemaPath), OldSet: true, NewSet: true, New: Hole{"parameter schema of the flow"}})
	}
	r.diffSchedules(&c, live)
	return c.found
}

func (r *Registration) jobVariablesKey() string {
	if r.Generation == schema.Prefect2 {
		return "infra_overrides"
	}
	return "job_variables"
}

// liveDescription takes the text "None", which Prefect 3 stores for a missing docstring, for no description.
func (r *Registration) liveDescription(live *value.Map) value.Value {
	d := field(live, "description")
	if r.Generation == schema.Prefect3 && d == "None" && r.Description == nil {
		return nil
	}
	return d
}

// liveQueue takes the pool's default queue for none.
func (r *Registration) liveQueue(live *value.Map) value.Value {
	q := field(live, "work_queue_name")
	if r.WorkQueue == nil && q == "default" {
		return nil
	}
	return q
}

func liveConcurrency(live *value.Map) value.Value {
	if global := sub(live, "global_concurrency_limit"); global != nil {
		return field(global, "limit")
	}
	return field(live, "concurrency_limit")
}

func field(m *value.Map, key string) value.Value {
	v, _ := m.Get(key)
	return v
}

// differ collects changes.
type differ struct{ found []Change }

func (d *differ) add(c Change) { d.found = append(d.found, c) }

// field compares one registered field; an empty mapping or list and null are the same nothing.
func (d *differ) field(path string, old, desired value.Value) {
	if nothing(old) && nothing(desired) {
		return
	}
	d.compare(path, old, true, desired, true)
}

func nothing(v value.Value) bool {
	switch v := v.(type) {
	case nil:
		return true
	case *value.Map:
		return v.Len() == 0
	case []value.Value:
		return len(v) == 0
	}
	return false
}

func (d *differ) compare(path string, old value.Value, oldSet bool, desired value.Value, desiredSet bool) {
	if oldSet && desiredSet {
		if value.Equal(old, desired) {
			return
		}
		if o, ok := old.(*value.Map); ok {
			if n, ok := desired.(*value.Map); ok {
				d.maps(path, o, n)
				return
			}
		}
		if o, ok := old.([]value.Value); ok {
			if n, ok := desired.([]value.Value); ok && len(o) == len(n) {
				for i := range o {
					d.compare(path+"["+strconv.Itoa(i)+"]", o[i], true, n[i], true)
				}
				return
			}
		}
	}
	d.add(Change{Path: path, Old: old, OldSet: oldSet, New: desired, NewSet: desiredSet})
}

func (d *differ) maps(path string, old, desired *value.Map) {
	for _, p := range desired.Pairs {
		o, has := old.Get(p.Key)
		if !has { // a key that JSON made text of
			o, has = old.Get(value.KeyText(p.Key))
		}
		d.compare(path+"."+value.KeyText(p.Key), o, has, p.Value, true)
	}
	for _, p := range old.Pairs {
		if !hasKey(desired, p.Key) {
			d.compare(path+"."+value.KeyText(p.Key), p.Value, true, nil, false)
		}
	}
}

func hasKey(m *value.Map, key value.Value) bool {
	if _, has := m.Get(key); has {
		return true
	}
	for _, p := range m.Pairs {
		if value.KeyText(p.Key) == value.KeyText(key) {
			return true
		}
	}
	return false
}

// Unresolved reports whether a value still holds a placeholder that a plan cannot fill.
func Unresolved(v value.Value) bool {
	switch v := v.(type) {
	case string:
		return template.Has(v)
	case *value.Map:
		for _, p := range v.Pairs {
			if Unresolved(p.Value) {
				return true
			}
		}
	case []value.Value:
		for _, item := range v {
			if Unresolved(item) {
				return true
			}
		}
	}
	return false
}

// Source finds where the value of a registered field is written, e.g. of parameters.number.
func (d *Deployment) Source(path string) (source.Span, bool) {
	if d.Model == nil {
		return source.Span{}, false
	}
	head := path[:strings.IndexAny(path+".", ".[")]
	f := d.registeredField(head)
	if f.Key == nil {
		return source.Span{}, false
	}
	n, rest := f.Node(), path[len(head):]
	if n != nil && n.Kind == yamldoc.Mapping && strings.HasPrefix(rest, "[") { // "schedule" holds the one item itself
		rest = rest[strings.IndexByte(rest+"]", ']')+1:]
	}
	if n = inside(n, rest); n == nil {
		return f.Key.Span, true
	}
	return n.Span, true
}

// inside is the part of a node that a path names, or as much of the path as there is. Keys may hold dots.
func inside(n *yamldoc.Node, path string) *yamldoc.Node {
	for n != nil && path != "" {
		next, used := (*yamldoc.Node)(nil), 0
		switch n.Kind {
		case yamldoc.Sequence:
			end := strings.IndexByte(path, ']')
			if i, err := strconv.Atoi(strings.TrimPrefix(path[:max(end, 0)], "[")); err == nil && i < len(n.Items) {
				next, used = n.Items[i].Deref(), end+1
			}
		case yamldoc.Mapping:
			for _, e := range n.Entries() {
				key := "." + e.Key.KeyText()
				after, ok := strings.CutPrefix(path, key)
				if ok && len(key) > used && (after == "" || after[0] == '.' || after[0] == '[') {
					next, used = e.Value.Deref(), len(key)
				}
			}
		}
		if next == nil {
			return n
		}
		n, path = next, path[used:]
	}
	return n
}

// registeredField finds the field of the file that becomes a registered one.
func (d *Deployment) registeredField(name string) model.Field {
	switch name {
	case "job_variables", "infra_overrides":
		return d.Model.WorkPool("job_variables")
	case "work_pool_name":
		return d.Model.WorkPool("name")
	case "work_queue_name":
		return d.Model.WorkPool("work_queue_name")
	case "pull_steps":
		if a := d.Model.Effective(model.Pull); a != nil {
			return a.Field
		}
		return model.Field{}
	case "schedules":
		if f := d.Model.Field("schedules"); f.Key != nil {
			return f
		}
		return d.Model.Field("schedule")
	}
	return d.Model.Field(name)
}
