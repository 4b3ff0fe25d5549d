package lsp

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// scheduleItems are the mappings under "schedule" and "schedules" of a deployment, behind aliases.
func scheduleItems(d *model.Deployment) []*yamldoc.Node {
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

// timingOf reads a schedule item as the deploy would; nil when that needs a template or fails.
func timingOf(item *yamldoc.Node, g schema.Generation, now time.Time) *schedule.Item {
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

const dateLayout = "Mon 2006-01-02 15:04 MST"

// dateText writes an instant for people, in its own zone, seconds only where there are any.
func dateText(t time.Time) string {
	if t.Second() != 0 {
		return t.Format("Mon 2006-01-02 15:04:05 MST")
	}
	return t.Format(dateLayout)
}

// describeTiming says in words when a schedule fires, and its next dates.
func describeTiming(p *prose, item *yamldoc.Node, g schema.Generation, now time.Time) {
	it := timingOf(item, g, now)
	if it == nil {
		return
	}
	if words := timingWords(it, item); words != "" {
		p.add(paragraph, words)
	}
	dates, err := it.Next(now, 5)
	for i := range dates {
		if i == 0 {
			p.add(paragraph, "Next runs, in "+it.Location.String()+":")
		}
		p.add(bullet, dateText(dates[i].In(it.Location)))
	}
	switch {
	case errors.Is(err, schedule.ErrNoDates) && len(dates) == 0:
		p.add(paragraph, "There are no more dates: it never runs again.")
	case errors.Is(err, schedule.ErrRandom):
		p.add(paragraph, "The dates are drawn at random.")
	}
	if it.AnchorIsNow && len(dates) > 0 {
		p.add(paragraph, "Without an anchor_date it counts from the moment of the deploy; these dates are those of a deploy now.")
	}
	if e, ok := item.Get("active"); ok && e.Value.Deref() != nil && e.Value.Deref().Scalar == false {
		p.add(paragraph, "It is not active.")
	}
}

// timingWords is a phrase for a schedule, "" where there is no short one.
func timingWords(it *schedule.Item, item *yamldoc.Node) string {
	switch it.Kind {
	case schedule.KindCron:
		return it.Cron.Words()
	case schedule.KindInterval:
		return "every " + durationWords(it.Interval.Seconds)
	}
	if e, ok := item.Get(schedule.KindRRule); ok {
		return rruleWords(e.Value.Deref().Text)
	}
	return ""
}

// durationWords writes seconds as people say them.
func durationWords(seconds float64) string {
	if seconds != math.Trunc(seconds) || seconds > 1e12 {
		return strconv.FormatFloat(seconds, 'f', -1, 64) + " seconds"
	}
	var parts []string
	left := int64(seconds)
	for _, u := range []struct {
		size int64
		name string
	}{{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}} {
		if n := left / u.size; n > 0 {
			parts = append(parts, count(int(n), u.name))
			left %= u.size
		}
	}
	text := strings.Join(parts, " ")
	if one, ok := strings.CutPrefix(text, "1 "); ok && len(parts) == 1 {
		return one
	}
	return text
}

var (
	frequencies = map[string]string{"YEARLY": "year", "MONTHLY": "month", "WEEKLY": "week", "DAILY": "day", "HOURLY": "hour",
		"MINUTELY": "minute", "SECONDLY": "second"}
	weekdays = map[string]string{"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
		"SU": "Sunday"}
)

// rruleWords puts the simple recurrence rules into words: how often, on which weekdays, at which time, how many times. It is empty for
// all others, rather than half right.
func rruleWords(text string) string {
	text = strings.TrimPrefix(strings.TrimSpace(text), "RRULE:")
	if strings.ContainsAny(text, "\n:{") {
		return ""
	}
	parts := map[string]string{}
	for p := range strings.SplitSeq(text, ";") {
		key, v, ok := strings.Cut(p, "=")
		if !ok && p != "" {
			return ""
		}
		parts[strings.ToUpper(key)] = strings.ToUpper(v)
	}
	unit, known := frequencies[parts["FREQ"]]
	if !known {
		return ""
	}
	words := "every " + unit
	var hour, minute string
	for key, v := range parts {
		n, err := strconv.Atoi(v)
		switch key {
		case "FREQ", "WKST", "COUNT", "BYDAY", "":
		case "INTERVAL":
			if err != nil || n < 1 {
				return ""
			}
			if n > 1 {
				words = fmt.Sprintf("every %d %ss", n, unit)
			}
		case "BYHOUR":
			hour = v
		case "BYMINUTE":
			minute = v
		default:
			return ""
		}
		if (key == "BYHOUR" || key == "BYMINUTE" || key == "COUNT") && err != nil {
			return ""
		}
	}
	if days := parts["BYDAY"]; days != "" {
		var names []string
		for d := range strings.SplitSeq(days, ",") {
			if weekdays[d] == "" {
				return ""
			}
			names = append(names, weekdays[d])
		}
		words += " on " + strings.Join(names, ", ")
	}
	switch {
	case hour != "" && minute != "":
		words += fmt.Sprintf(" at %02s:%02s", hour, minute)
	case hour != "" || minute != "":
		return ""
	}
	if n := parts["COUNT"]; n != "" {
		words += ", " + n + " times"
	}
	return words
}
