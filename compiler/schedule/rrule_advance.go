package schedule

import (
	"errors"
	"slices"
	"time"
)

const lastYear = 9999 // of Python's datetime

var (
	errBackwards = errors.New("INTERVAL is negative, the rule runs out of the calendar")
	errNever     = errors.New("INTERVAL never reaches the hours, minutes or seconds of the rule")
)

// advance moves to the next period.
func (it *iterator) advance() {
	c, fixDay := it.c, false
	interval := int(c.interval)
	switch c.freq {
	case yearly:
		it.year += interval
		it.inCalendar()
		return
	case monthly:
		months := it.year*12 + it.month - 1 + interval
		it.year, it.month = floorDiv(months, 12), floorMod(months, 12)+1
		it.inCalendar()
		return
	case weekly:
		back := it.weekday - c.wkst
		if c.wkst > it.weekday {
			back += 7
		}
		it.day += interval*7 - back
		it.weekday, fixDay = c.wkst, true
	case daily:
		it.day += interval
		fixDay = true
	case hourly:
		fixDay = it.nextHour(interval)
	case minutely:
		fixDay = it.nextMinute(interval)
	default:
		fixDay = it.nextSecond(interval)
	}
	if it.done {
		return
	}
	if fixDay {
		it.fixDay()
	}
	if !it.done && c.freq >= hourly {
		it.setTimes()
	}
}

// inCalendar ends the rule behind the year 9999, with an error before year 1, and renews the view of the year.
func (it *iterator) inCalendar() {
	switch {
	case it.year > lastYear:
		it.done = true
	case it.year < 1:
		it.done, it.err = true, errBackwards
	case it.view.year != it.year:
		it.view = it.c.view(it.year)
	}
}

// fixDay carries days beyond the end of the month over.
func (it *iterator) fixDay() {
	if it.day >= 1 && it.day <= daysIn(it.year, time.Month(it.month)) {
		return
	}
	if it.day < 1 || it.day > 4_000_000 {
		it.done = true
		if it.day < 1 {
			it.err = errBackwards
		}
		return
	}
	date := midnight(it.year, time.Month(it.month), it.day)
	it.year, it.month, it.day = date.Year(), int(date.Month()), date.Day()
	it.inCalendar()
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func floorMod(a, b int) int { return a - floorDiv(a, b)*b }

func (it *iterator) never() bool {
	it.done, it.err = true, errNever
	return false
}

// nextOf steps a unit until the list allows it; carries counts how often it wrapped.
func nextOf(value, interval, base int, list []int) (carries, next int, ok bool) {
	if len(list) == 0 {
		return floorDiv(value+interval, base), floorMod(value+interval, base), true
	}
	for range base {
		value += interval
		carries += floorDiv(value, base)
		value = floorMod(value, base)
		if slices.Contains(list, value) {
			return carries, value, true
		}
	}
	return 0, 0, false
}

func (it *iterator) nextHour(interval int) (fixDay bool) {
	if it.filtered { // nothing more today: jump to the last step of the day
		it.hour += floorDiv(23-it.hour, interval) * interval
	}
	days, hour, ok := nextOf(it.hour, interval, 24, it.c.byhour)
	if !ok {
		return it.never()
	}
	it.hour = hour
	it.day += days
	return days != 0
}

func (it *iterator) nextMinute(interval int) (fixDay bool) {
	if it.filtered {
		it.minute += floorDiv(1439-(it.hour*60+it.minute), interval) * interval
	}
	const day = 24 * 60
	for range day / gcd(int64(interval), day) {
		*it.budget--
		hours, minute, ok := nextOf(it.minute, interval, 60, it.c.byminute)
		if !ok {
			return it.never()
		}
		it.minute = minute
		days := floorDiv(it.hour+hours, 24)
		it.hour = floorMod(it.hour+hours, 24)
		if days != 0 {
			it.day += days
			fixDay = true
		}
		if !outside(it.c.byhour, it.hour) {
			return fixDay
		}
	}
	return it.never()
}

func (it *iterator) nextSecond(interval int) (fixDay bool) {
	if it.filtered {
		it.second += floorDiv(86399-(it.hour*3600+it.minute*60+it.second), interval) * interval
	}
	const day = 24 * 3600
	for range day / gcd(int64(interval), day) {
		*it.budget--
		minutes, second, ok := nextOf(it.second, interval, 60, it.c.bysecond)
		if !ok {
			return it.never()
		}
		it.second = second
		hours := floorDiv(it.minute+minutes, 60)
		it.minute = floorMod(it.minute+minutes, 60)
		if hours != 0 {
			days := floorDiv(it.hour+hours, 24)
			it.hour = floorMod(it.hour+hours, 24)
			if days != 0 {
				it.day += days
				fixDay = true
			}
		}
		if !outside(it.c.byhour, it.hour) && !outside(it.c.byminute, it.minute) && !outside(it.c.bysecond, it.second) {
			return fixDay
		}
	}
	return it.never()
}
