package schedule

import (
	"errors"
	"slices"
	"time"
)

// ErrTooFar says that a rule's next date is too far away, or that it has none: the search was given up.
var ErrTooFar = errors.New("no date found within reach")

// maxSearch bounds the steps of one search; a rule that never fires costs at most this.
const maxSearch = 2_000_000

// iterator walks the dates of one rule in wall time.
type iterator struct {
	c                    *compiled
	year, month, day     int
	hour, minute, second int
	weekday              int
	view                 *yearView
	counted              int64 // dates so far, for COUNT
	queue                []time.Time
	done                 bool
	budget               *int
	err                  error
	filtered             bool // the last period had a day that a filter took out
	times                []int
}

// iterate starts at the rule's start, or, where nothing is lost, a whole number of periods later but not after skipTo.
func (c *compiled) iterate(skipTo time.Time, budget *int) *iterator {
	it := &iterator{c: c, budget: budget}
	at := c.start
	if c.count == nil && c.interval > 0 {
		at = c.skip(skipTo)
	}
	it.year, it.month, it.day = at.Year(), int(at.Month()), at.Day()
	it.hour, it.minute, it.second = at.Hour(), at.Minute(), at.Second()
	it.weekday = mondayFirst(at)
	if c.interval == 0 {
		it.done, it.err = true, errors.New("INTERVAL=0 never moves on")
		return it
	}
	it.view = c.view(it.year)
	if c.freq < hourly {
		it.times = c.times
	} else if !outside(c.byhour, it.hour) && (c.freq < minutely || !outside(c.byminute, it.minute)) && (c.freq < secondly || !outside(c.bysecond, it.second)) {
		it.setTimes()
	}
	return it
}

func outside(list []int, v int) bool { return len(list) > 0 && !slices.Contains(list, v) }

// skip moves the start ahead by whole periods, leaving one to spare.
func (c *compiled) skip(to time.Time) time.Time {
	unit := map[frequency]int64{weekly: 7 * 86400, daily: 86400, hourly: 3600, minutely: 60, secondly: 1}[c.freq]
	if unit == 0 {
		return c.start
	}
	period := unit * c.interval
	n := (to.Unix()-c.start.Unix())/period - 2
	if n <= 0 {
		return c.start
	}
	return time.Unix(c.start.Unix()+n*period, 0).UTC()
}

// setTimes fills in the times of day within the current hour, minute or second.
func (it *iterator) setTimes() {
	c := it.c
	hours, minutes, seconds := []int{it.hour}, c.byminute, c.bysecond
	if c.freq >= minutely {
		minutes = []int{it.minute}
	}
	if c.freq >= secondly {
		seconds = []int{it.second}
	}
	if it.times, it.err = clockTimes(hours, minutes, seconds); it.err != nil {
		it.done = true
	}
}

// next gives the next date, or false when there is none.
func (it *iterator) next() (time.Time, bool) {
	for len(it.queue) == 0 {
		if it.done {
			return time.Time{}, false
		}
		if *it.budget--; *it.budget < 0 {
			it.done, it.err = true, ErrTooFar
			return time.Time{}, false
		}
		it.period()
	}
	t := it.queue[0]
	it.queue = it.queue[1:]
	return t, true
}

// period queues the dates of the current period and moves on.
func (it *iterator) period() {
	c := it.c
	if len(c.nthDays) > 0 {
		c.markNth(it.view, time.Month(it.month))
	}
	first, last := it.days()
	*it.budget -= last - first
	var days []int
	it.filtered = false
	for i := first; i < last; i++ {
		if c.matches(it.view, i) {
			days = append(days, i)
		} else {
			it.filtered = true
		}
	}
	if len(c.bysetpos) > 0 && len(it.times) > 0 {
		it.pick(days)
	} else {
		it.all(days)
	}
	if !it.done {
		it.advance()
	}
}

// days is the range of day indexes of the current period.
func (it *iterator) days() (first, last int) {
	month := time.Month(it.month)
	switch it.c.freq {
	case yearly:
		return 0, it.view.length
	case monthly:
		first = it.view.index(month, 1)
		return first, first + daysIn(it.year, month)
	}
	first = it.view.index(month, it.day)
	last = first + 1
	if it.c.freq == weekly {
		for last < first+7 && it.view.dayOfWeek(last) != it.c.wkst {
			last++
		}
	}
	return first, last
}

func (it *iterator) at(day, seconds int) time.Time {
	return it.view.first.AddDate(0, 0, day).Add(time.Duration(seconds) * time.Second)
}

func (it *iterator) all(days []int) {
	for _, day := range days {
		for _, t := range it.times {
			if !it.emit(it.at(day, t)) {
				return
			}
		}
	}
}

// pick takes the dates at the positions of BYSETPOS.
func (it *iterator) pick(days []int) {
	var list []time.Time
	for _, pos := range it.c.bysetpos {
		if pos > 0 {
			pos--
		}
		day, t := pos/len(it.times), pos%len(it.times)
		if t < 0 {
			day, t = day-1, t+len(it.times)
		}
		if day < 0 {
			day += len(days)
		}
		if day < 0 || day >= len(days) {
			continue
		}
		if date := it.at(days[day], it.times[t]); !slices.ContainsFunc(list, date.Equal) {
			list = append(list, date)
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	for _, date := range list {
		if !it.emit(date) {
			return
		}
	}
}

// emit queues a date; it says false at the end of the rule.
func (it *iterator) emit(date time.Time) bool {
	c := it.c
	if c.until != nil && date.After(c.until.wall) {
		it.done = true
		return false
	}
	if date.Before(c.start) {
		return true
	}
	if it.counted++; c.count != nil && it.counted > *c.count {
		it.done = true
		return false
	}
	it.queue = append(it.queue, date)
	return true
}
