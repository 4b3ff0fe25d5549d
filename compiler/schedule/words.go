package schedule

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Words says in one English phrase when a schedule fires, "" where there is no short one.
func (it *Item) Words() string {
	switch it.Kind {
	case KindCron:
		return it.Cron.Words()
	case KindInterval:
		return IntervalWords(it.Interval.Seconds)
	}
	return RRuleWords(it.RRule.Text())
}

// IntervalWords says how often an interval of so many seconds fires: "every 10 minutes".
func IntervalWords(seconds float64) string { return "every " + durationWords(seconds) }

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
			parts = append(parts, counted(n, u.name))
			left %= u.size
		}
	}
	text := strings.Join(parts, " ")
	if one, ok := strings.CutPrefix(text, "1 "); ok && len(parts) == 1 {
		return one
	}
	return text
}

func counted(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

var ( //nolint:gochecknoglobals // constant tables
	unitNames = map[string]string{"YEARLY": "year", "MONTHLY": "month", "WEEKLY": "week", "DAILY": "day", "HOURLY": "hour",
		"MINUTELY": "minute", "SECONDLY": "second"}
	dayNames = map[string]string{"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
		"SU": "Sunday"}
)

// RRuleWords puts the simple recurrence rules into words: how often, on which weekdays, at which time, how many times. It is empty for
// all others, rather than half right.
func RRuleWords(text string) string {
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
	unit, known := unitNames[parts["FREQ"]]
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
			if dayNames[d] == "" {
				return ""
			}
			names = append(names, dayNames[d])
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
