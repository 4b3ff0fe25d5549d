package plan

import (
	"slices"
	"strconv"

	"github.com/prefectc/prefectc/compiler/value"
)

// TriggerChanges are the changes that a difference of automations makes, under the names that triggers have in a file: triggers[0].expect.
func (r *Registration) TriggerChanges(diff AutomationDiff) []Change {
	var d differ
	removed := slices.Clone(diff.Remove)
	for _, a := range diff.Create {
		path := triggersPath + "[" + strconv.Itoa(slices.Index(r.Automations, a)) + "]"
		at := slices.IndexFunc(removed, func(old *value.Map) bool { return field(old, "name") == field(a, "name") })
		if at < 0 {
			d.add(Change{Path: path, New: r.said(a), NewSet: true})
			continue
		}
		d.said(path, triggerFields(removed[at]), triggerFields(a))
		removed = slices.Delete(removed, at, at+1)
	}
	for _, a := range removed {
		d.add(Change{Path: triggersPath, Old: field(a, "name"), OldSet: true})
	}
	return d.found
}

// said compares what the file says with what the server holds, which may say more.
func (d *differ) said(path string, have, want value.Value) {
	if contains(have, want) {
		return
	}
	switch w := want.(type) {
	case *value.Map:
		if h, ok := have.(*value.Map); ok {
			for _, p := range w.Pairs {
				d.said(path+"."+value.KeyText(p.Key), field(h, value.KeyText(p.Key)), p.Value)
			}
			return
		}
	case []value.Value:
		if h, ok := have.([]value.Value); ok && len(h) == len(w) {
			for i := range w {
				d.said(path+"["+strconv.Itoa(i)+"]", h[i], w[i])
			}
			return
		}
	}
	d.add(Change{Path: path, Old: have, OldSet: have != nil, New: want, NewSet: true})
}

// triggerFields are an automation's parts as a file has them in a trigger.
func triggerFields(automation *value.Map) *value.Map {
	out := value.NewMap("name", field(automation, "name"), "description", field(automation, "description"), "enabled", field(automation, "enabled"))
	for _, p := range sub(automation, "trigger").Pairs {
		out.Set(p.Key, p.Value)
	}
	actions, _ := field(automation, "actions").([]value.Value)
	if len(actions) > 0 {
		action, _ := actions[0].(*value.Map)
		for _, key := range []string{"parameters", "job_variables", "schedule_after"} {
			out.Set(key, field(action, key))
		}
	}
	return out
}

// said is an automation as a file would say it: without what goes without saying.
func (r *Registration) said(a *value.Map) *value.Map {
	plain := triggerFields(automation(value.NewMap("type", field(sub(a, "trigger"), "type")), "", r.Generation))
	out := &value.Map{}
	for _, p := range triggerFields(a).Pairs {
		if usual, _ := plain.Get(p.Key); !value.Equal(usual, p.Value) {
			out.Set(p.Key, p.Value)
		}
	}
	return out
}

// triggerList are all triggers as a file has them.
func (r *Registration) triggerList() value.Value {
	list := make([]value.Value, len(r.Automations))
	for i, a := range r.Automations {
		list[i] = triggerFields(a)
	}
	return list
}
