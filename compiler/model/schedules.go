package model

import (
	"time"

	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// Schedules lists the schedule items of the deployment as they are written, in either form; what is no mapping is left out.
func (d *Deployment) Schedules() []*yamldoc.Node {
	var out []*yamldoc.Node
	for _, key := range []string{"schedule", "schedules"} {
		f := d.Field(key)
		if !f.Set() {
			continue
		}
		items := []*yamldoc.Node{f.Node()}
		if f.Node().Kind == yamldoc.Sequence {
			items = f.Node().Items
		}
		for _, item := range items {
			if item = item.Deref(); item != nil && item.Kind == yamldoc.Mapping {
				out = append(out, item)
			}
		}
	}
	return out
}

// Timing reads a schedule item as a deploy at that time would; nil when that needs a template or fails.
func Timing(item *yamldoc.Node, g schema.Generation, now time.Time) *schedule.Item {
	v, err := item.Python()
	m, ok := v.(*value.Map)
	if err != nil || !ok {
		return nil
	}
	for _, p := range m.Pairs {
		if text, ok := p.Value.(string); ok && template.Has(text) {
			return nil
		}
	}
	out, err := schedule.Normalize(m, int(g), now)
	if err != nil {
		return nil
	}
	return out
}

// Inactive says that a schedule item is written as not active.
func Inactive(item *yamldoc.Node) bool {
	e, ok := item.Get("active")
	return ok && e.Value.Deref() != nil && e.Value.Deref().Scalar == false
}
