package plan

import (
	"errors"
	"fmt"
	"time"

	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// Schedule is one schedule as it is registered.
type Schedule struct {
	Item    *schedule.Item // nil while it still holds a template
	Written *value.Map     // as it is written
}

// addSchedules builds the schedules. Prefect 3 puts step outputs in first, Prefect 2 does not.
func (r *Registration) addSchedules(config *value.Map, e Evaluation) error {
	written, _ := config.Get("schedules")
	if e.Generation == schema.Prefect3 {
		pass := template.Pass{Values: e.Outputs, Env: e.Env, Keep: e.Partial, KeepItems: e.Partial}
		applied, _, err := pass.Apply(written)
		if err != nil {
			return fmt.Errorf("schedules: %w", err)
		}
		written = applied
	}
	list, _ := written.([]value.Value)
	final := !e.Partial || e.Generation == schema.Prefect2 && e.Variables != nil // nothing more is put into it
	for i, v := range list {
		path := fmt.Sprintf("schedules[%d]", i)
		item, ok := v.(*value.Map)
		if !ok {
			return &FieldError{path, &schedule.ItemError{Err: fmt.Errorf("a schedule is a mapping, not %s", value.TypeName(v))}}
		}
		s := Schedule{Written: item}
		if final || !Unresolved(item) {
			normal, err := schedule.Normalize(item, int(e.Generation), e.Now)
			if err != nil {
				return scheduleError(path, err)
			}
			s.Item = normal
		}
		r.Schedules = append(r.Schedules, s)
	}
	return nil
}

// scheduleError names the field of the schedule that is wrong.
func scheduleError(path string, err error) error {
	var item *schedule.ItemError
	if errors.As(err, &item) && item.Field != "" {
		path += "." + item.Field
	}
	return &FieldError{path, err}
}

func (r *Registration) createSchedules() []value.Value {
	if r.keepSchedules {
		return bareSchedules(r.keptSchedules)
	}
	out := make([]value.Value, len(r.Schedules))
	for i, s := range r.Schedules {
		if s.Item == nil {
			out[i] = s.Written
		} else {
			out[i] = s.Item.Create
		}
	}
	return out
}

func (r *Registration) updateSchedules() []value.Value {
	out := make([]value.Value, len(r.Schedules))
	for i, s := range r.Schedules {
		if s.Item == nil {
			out[i] = s.Written
		} else {
			out[i] = s.Item.Update
		}
	}
	return out
}

// diffSchedules compares schedules as sets. An interval without an anchor date of its own keeps the one it has.
func (r *Registration) diffSchedules(c *differ, live *value.Map) {
	if r.keepSchedules {
		return
	}
	have, _ := field(live, "schedules").([]value.Value)
	used := make([]bool, len(have))
	same := len(have) == len(r.Schedules)
next:
	for _, s := range r.Schedules {
		for i, h := range have {
			if m, ok := h.(*value.Map); ok && !used[i] && s.matches(m) {
				used[i] = true
				continue next
			}
		}
		same = false
	}
	if !same {
		c.add(Change{Path: "schedules", Old: bareSchedules(have), OldSet: true, New: r.updateSchedules(), NewSet: true})
	}
}

// matches compares a schedule with a live one: what the server adds by itself does not count.
func (s Schedule) matches(live *value.Map) bool {
	if s.Item == nil {
		return false
	}
	want := value.Clone(s.Item.Create).(*value.Map)
	inner, ok := field(want, "schedule").(*value.Map)
	if !ok {
		return false
	}
	liveInner := sub(live, "schedule")
	if liveInner == nil {
		return false
	}
	if s.Item.AnchorIsNow {
		inner.Delete("anchor_date")
	}
	for _, p := range inner.Pairs {
		v, _ := liveInner.Get(p.Key)
		if !sameScheduleValue(p.Key, v, p.Value) {
			return false
		}
	}
	for _, key := range []string{"active", "slug", "parameters", "max_scheduled_runs"} {
		v, has := want.Get(key)
		if key == "active" && !s.writesActive() {
			continue // a schedule that was paused by hand stays paused
		}
		if has && !contains(field(live, key), v) {
			return false
		}
	}
	return true
}

func (s Schedule) writesActive() bool { return field(s.Written, "active") != nil }

// KeepPaused leaves schedules paused that are paused on the server, when the file does not say whether they are active.
func (r *Registration) KeepPaused(live *value.Map) {
	r.paused = nil
	have, _ := field(live, "schedules").([]value.Value)
	used := make([]bool, len(have))
next:
	for i, s := range r.Schedules {
		for j, h := range have {
			m, ok := h.(*value.Map)
			if !ok || used[j] || !s.matches(m) {
				continue
			}
			used[j] = true
			if active, _ := m.Get("active"); active == false && !s.writesActive() {
				r.Schedules[i].Item = s.Item.Paused()
				r.paused = append(r.paused, i+1)
			}
			continue next
		}
	}
}

func sameScheduleValue(key, live, want value.Value) bool {
	if key == "anchor_date" {
		return sameInstant(live, want)
	}
	if key == "timezone" && want == nil {
		return live == nil || live == "UTC"
	}
	return value.Equal(live, want)
}

// sameInstant compares times that may be written in different zones.
func sameInstant(a, b value.Value) bool {
	x, errX := time.Parse(time.RFC3339Nano, value.Str(a))
	y, errY := time.Parse(time.RFC3339Nano, value.Str(b))
	return errX == nil && errY == nil && x.Equal(y)
}

// bareSchedules are live schedules without ids and times.
func bareSchedules(list []value.Value) []value.Value {
	out := make([]value.Value, 0, len(list))
	for _, v := range list {
		m, ok := v.(*value.Map)
		if !ok {
			continue
		}
		bare := &value.Map{}
		for _, key := range []string{"schedule", "active", "slug", "parameters"} {
			if s, has := m.Get(key); has && !nothing(s) {
				bare.Set(key, s)
			}
		}
		out = append(out, bare)
	}
	return out
}
