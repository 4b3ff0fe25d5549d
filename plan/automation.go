package plan

import (
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// Ownership says which of a live deployment's automations are its own. No server tells: it names those that act on the deployment,
// which people make by hand too, and deletes those that the deployment owns, without saying which.
type Ownership struct {
	Known bool     // IDs are all that applies have made; not after a loss of memory, a stop, or another deployer
	IDs   []string // those of the last apply
}

// Ownership is what is known when the last apply left automations of these ids. It is nothing when one of them is gone: then
// somebody else has deployed since.
func (l *Live) ownership(ids []string) Ownership {
	for _, id := range ids {
		if !slices.ContainsFunc(l.Automations, func(a *value.Map) bool { return text(a, "id") == id }) {
			return Ownership{}
		}
	}
	return Ownership{Known: true, IDs: ids}
}

// Own notes which automations the last apply left.
func (l *Live) Own(ids []string) { l.Ownership = l.ownership(ids) }

// AutomationDiff is what makes the automations of a deployment those of its triggers.
type AutomationDiff struct {
	Create []*value.Map // as triggers say, without a deployment
	Remove []*value.Map // live ones
	Kept   []*value.Map // live ones that are as a trigger says
	Sure   bool         // Remove are the deployment's own; else it may own some of them only
}

// Changes reports whether there is anything to do.
func (d AutomationDiff) Changes() bool { return len(d.Create)+len(d.Remove) > 0 }

// DiffAutomations compares triggers with live automations by content, so that an unchanged one keeps its id.
func (r *Registration) DiffAutomations(l *Live) AutomationDiff {
	diff := AutomationDiff{Sure: l.Ownership.Known}
	if r.keepTriggers {
		diff.Kept = l.Automations
		return diff
	}
	used := make([]bool, len(l.Automations))
	own := func(a *value.Map) bool { return slices.Contains(l.Ownership.IDs, text(a, "id")) }
	for _, a := range r.Automations {
		want, found := WithDeployment(a, l.ID), -1
		for i, have := range l.Automations {
			if !used[i] && SameAutomation(want, have) && (found < 0 || own(have)) {
				if found = i; own(have) {
					break
				}
			}
		}
		if found < 0 {
			diff.Create = append(diff.Create, a)
			continue
		}
		used[found] = true
		diff.Kept = append(diff.Kept, l.Automations[found])
	}
	for i, have := range l.Automations {
		if !used[i] && (!l.Ownership.Known || own(have) || r.named(have)) {
			diff.Remove = append(diff.Remove, have)
		}
	}
	return diff
}

// named holds for an automation with a name that Prefect makes for a trigger without one.
func (r *Registration) named(automation *value.Map) bool {
	return strings.HasPrefix(text(automation, "name"), value.Str(r.Name)+"__automation_")
}

// SameAutomation compares what is sent with what the server holds, which may say more.
func SameAutomation(want, have *value.Map) bool {
	for _, p := range want.Pairs {
		if p.Key == "owner_resource" {
			continue
		}
		v, _ := have.Get(p.Key)
		if !contains(v, p.Value) {
			return false
		}
	}
	return true
}

// contains reports whether have says everything that want says.
func contains(have, want value.Value) bool {
	switch w := want.(type) {
	case *value.Map:
		h, ok := have.(*value.Map)
		if !ok {
			return w.Len() == 0 && nothing(have)
		}
		for _, p := range w.Pairs {
			v, _ := h.Get(p.Key)
			if !contains(v, p.Value) {
				return false
			}
		}
		return true
	case []value.Value:
		h, ok := have.([]value.Value)
		if !ok || len(h) != len(w) {
			return len(w) == 0 && nothing(have)
		}
		if sameTexts(h, w) {
			return true
		}
		for i := range w {
			if !contains(h[i], w[i]) {
				return false
			}
		}
		return true
	}
	return value.Equal(have, want) || nothing(have) && nothing(want)
}

// sameTexts compares lists of text as sets: the server returns event names in any order.
func sameTexts(a, b []value.Value) bool {
	count := map[string]int{}
	for i := range a {
		x, okX := a[i].(string)
		y, okY := b[i].(string)
		if !okX || !okY {
			return false
		}
		count[x]++
		count[y]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}
