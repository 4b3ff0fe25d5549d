package schedule

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Words says in one English phrase when the expression fires, in the schedule's own zone: "every 10 minutes", "at 02:00 on Monday
// through Friday". It describes the default, where a day of the month or a weekday is enough.
func (c *Cron) Words() string {
	parts := []string{c.clockWords()}
	if days := c.dayWords(); days != "" {
		parts = append(parts, days)
	} else if strings.HasPrefix(parts[0], "at ") && c.fields[Month].star {
		parts = append(parts, "every day")
	}
	if m := c.fields[Month]; !m.star {
		parts = append(parts, "in "+listWords(m.values, func(v int) string { return time.Month(v).String() }))
	}
	if len(c.fields) > int(Year) && !c.fields[Year].star {
		parts = append(parts, "in "+listWords(c.fields[Year].values, plain))
	}
	text := strings.Join(parts, " ")
	if c.random {
		text += ", at random"
	}
	return text
}

func plain(v int) string { return fmt.Sprint(v) }

// clockWords describes hour, minute and second.
func (c *Cron) clockWords() string {
	minute, hour := c.fields[Minute], c.fields[Hour]
	second := cronField{values: []int{0}}
	if c.HasSeconds() {
		second = c.fields[Second]
	}
	onTheMinute := !second.star && len(second.values) == 1 && second.values[0] == 0
	if !onTheMinute {
		if len(second.values) == 1 && !second.star && fixed(minute) && fixed(hour) {
			return "at " + c.times(second.values[0])
		}
		text := unitWords(second, "second", 60)
		if !minute.star {
			text += " of " + minuteWords(minute)
		}
		if !hour.star {
			text += " " + hourSpan(hour)
		}
		return text
	}
	switch {
	case fixed(minute) && len(minute.values) == 1 && minute.values[0] == 0 && stepOf(hour.values, 24) > 1:
		return fmt.Sprintf("every %d hours", stepOf(hour.values, 24))
	case fixed(minute) && fixed(hour) && len(minute.values)*len(hour.values) <= 6:
		return "at " + c.times(-1)
	case hour.star && fixed(minute) && len(minute.values) == 1:
		if minute.values[0] == 0 {
			return "every hour"
		}
		return fmt.Sprintf("every hour at minute %d", minute.values[0])
	case hour.star:
		return unitWords(minute, "minute", 60)
	}
	return unitWords(minute, "minute", 60) + " " + hourSpan(hour)
}

func fixed(f cronField) bool { return !f.star }

func minuteWords(f cronField) string {
	if len(f.values) == 1 {
		return fmt.Sprintf("minute %d", f.values[0])
	}
	return "minutes " + listWords(f.values, plain)
}

// times lists the clock times of fixed hours and minutes.
func (c *Cron) times(second int) string {
	var out []string
	for _, h := range c.fields[Hour].values {
		for _, m := range c.fields[Minute].values {
			t := fmt.Sprintf("%02d:%02d", h, m)
			if second >= 0 {
				t += fmt.Sprintf(":%02d", second)
			}
			out = append(out, t)
		}
	}
	if len(out) > 24 {
		return fmt.Sprintf("%d times", len(out))
	}
	return join(out)
}

// unitWords says "every minute", "every 5 minutes" or "at minutes 1, 2 and 7".
func unitWords(f cronField, unit string, size int) string {
	if f.star {
		return "every " + unit
	}
	if step := stepOf(f.values, size); step > 1 {
		return fmt.Sprintf("every %d %ss", step, unit)
	}
	if len(f.values) == 1 {
		return fmt.Sprintf("at %s %d", unit, f.values[0])
	}
	return fmt.Sprintf("at %ss %s", unit, listWords(f.values, plain))
}

// stepOf is the distance between evenly spread values that start at 0 and fill the unit, or 0.
func stepOf(values []int, size int) int {
	if len(values) < 2 || values[0] != 0 || size%len(values) != 0 {
		return 0
	}
	step := size / len(values)
	for i, v := range values {
		if v != i*step {
			return 0
		}
	}
	return step
}

func hourSpan(f cronField) string {
	if step := stepOf(f.values, 24); step > 1 {
		return fmt.Sprintf("of every %s hour", ordinal(step))
	}
	if n := len(f.values); n > 1 && f.values[n-1]-f.values[0] == n-1 {
		return fmt.Sprintf("from %02d:00 to %02d:59", f.values[0], f.values[n-1])
	}
	return "during " + listWords(f.values, func(v int) string { return fmt.Sprintf("%02d:00-%02d:59", v, v) })
}

// dayWords describes the days of the month and of the week.
func (c *Cron) dayWords() string {
	var month, week string
	switch day := c.fields[Day]; {
	case c.nearest > 0:
		month = fmt.Sprintf("on the weekday nearest to day %d", c.nearest)
	case !day.star:
		month = "on " + c.dayOfMonthWords(day.values)
	}
	switch weekday := c.fields[Weekday]; {
	case len(c.nths) > 0:
		var out []string
		for _, n := range c.nths {
			rank := "last"
			if n.n != lastNth {
				rank = ordinal(n.n)
			}
			out = append(out, rank+" "+time.Weekday(n.weekday).String())
		}
		slices.Sort(out)
		week = "on the " + join(out) + " of the month"
	case !weekday.star:
		week = "on " + weekdayWords(weekday.values)
	}
	switch {
	case month != "" && week != "" && len(c.nths) == 0:
		return month + " or " + week
	case month != "" && week != "":
		return week + " if it is " + strings.TrimPrefix(month, "on ")
	}
	return month + week
}

// weekdayWords starts the week on Monday: a range of Saturday to Sunday reads as people say it.
func weekdayWords(values []int) string {
	shifted := make([]int, len(values))
	for i, v := range values {
		shifted[i] = (v + 6) % 7
	}
	slices.Sort(shifted)
	return listWords(shifted, func(v int) string { return time.Weekday((v + 1) % 7).String() })
}

func (c *Cron) dayOfMonthWords(values []int) string {
	last := slices.Contains(values, lastDay)
	numbers := slices.DeleteFunc(slices.Clone(values), func(v int) bool { return v == lastDay })
	var out []string
	if len(numbers) == 1 {
		out = append(out, fmt.Sprintf("day %d", numbers[0]))
	} else if len(numbers) > 1 {
		out = append(out, "days "+listWords(numbers, plain))
	}
	if last {
		out = append(out, "the last day")
	}
	return join(out) + " of the month"
}

// listWords writes sorted values, runs of three or more as "a through b".
func listWords(values []int, name func(int) string) string {
	var out []string
	for i := 0; i < len(values); {
		j := i
		for j+1 < len(values) && values[j+1] == values[j]+1 {
			j++
		}
		if j-i >= 2 {
			out = append(out, name(values[i])+" through "+name(values[j]))
			i = j + 1
			continue
		}
		out = append(out, name(values[i]))
		i++
	}
	return join(out)
}

func join(items []string) string {
	if n := len(items); n > 1 {
		return strings.Join(items[:n-1], ", ") + " and " + items[n-1]
	}
	return strings.Join(items, "")
}

func ordinal(n int) string {
	switch n {
	case 1:
		return "1st"
	case 2:
		return "2nd"
	case 3:
		return "3rd"
	}
	return fmt.Sprintf("%dth", n)
}
