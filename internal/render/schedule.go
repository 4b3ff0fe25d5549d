package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
)

// scheduleText says when a registered schedule fires: cron "0 2 * * *" Europe/Berlin, every 10 minutes. The anchor date of an
// interval is shown on request: one that nobody wrote is the moment of the plan.
func scheduleText(item value.Value, anchor bool) string {
	m, ok := item.(*value.Map)
	if !ok {
		return flat(item)
	}
	inner, nested := mapAt(m, "schedule")
	if !nested {
		inner = m // still holds a template, as it is written
	}
	var text string
	switch {
	case has(inner, "cron"):
		text = "cron " + flat(at(inner, "cron"))
	case has(inner, "interval"):
		text = "every " + interval(at(inner, "interval"))
	case has(inner, "rrule"):
		text = "rrule " + flat(at(inner, "rrule"))
	default:
		return flat(item)
	}
	if zone, ok := at(inner, "timezone").(string); ok && zone != "" && (zone != "UTC" || !has(inner, "interval")) {
		text += " " + printable(zone)
	}
	if anchor && at(inner, "anchor_date") != nil {
		text += " from " + value.Str(at(inner, "anchor_date"))
	}
	if at(inner, "day_or") == false {
		text += ", on days that match both fields"
	}
	return text + scheduleExtras(m)
}

func scheduleExtras(m *value.Map) string {
	var b strings.Builder
	if at(m, "active") == false {
		b.WriteString(", paused")
	}
	if slug, ok := at(m, "slug").(string); ok && slug != "" {
		b.WriteString(", slug " + printable(slug))
	}
	if p := at(m, "parameters"); value.Truthy(p) {
		b.WriteString(", with " + flat(p))
	}
	if n := at(m, "max_scheduled_runs"); n != nil {
		b.WriteString(", at most " + flat(n) + " runs ahead")
	}
	return b.String()
}

// interval writes a number of seconds as people say it.
func interval(v value.Value) string {
	var seconds float64
	switch v := v.(type) {
	case int64:
		seconds = float64(v)
	case float64:
		seconds = v
	default:
		return flat(v)
	}
	for _, unit := range []struct {
		seconds float64
		word    string
	}{{7 * 86400, "week"}, {86400, "day"}, {3600, "hour"}, {60, "minute"}} {
		n := seconds / unit.seconds
		switch {
		case n == 1:
			return unit.word
		case n > 1 && n == math.Trunc(n):
			return fmt.Sprintf("%.0f %ss", n, unit.word)
		}
	}
	if seconds == 1 {
		return "second"
	}
	return strconv.FormatFloat(seconds, 'f', -1, 64) + " seconds"
}

// writesAnchor reports whether the file or the command line gives an anchor date to schedule i.
func writesAnchor(d *plan.Deployment, i int) bool {
	if d.Config == nil {
		return false
	}
	list, _ := at(d.Config, "schedules").([]value.Value)
	if i < len(list) {
		m, _ := list[i].(*value.Map)
		return at(m, "anchor_date") != nil
	}
	m, _ := mapAt(d.Config, "schedule")
	return at(m, "anchor_date") != nil
}

func at(m *value.Map, key string) value.Value {
	if m == nil {
		return nil
	}
	v, _ := m.Get(key)
	return v
}

func has(m *value.Map, key string) bool { return at(m, key) != nil }

func mapAt(m *value.Map, key string) (*value.Map, bool) {
	inner, ok := at(m, key).(*value.Map)
	return inner, ok
}
