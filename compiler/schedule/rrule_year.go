package schedule

import (
	"slices"
	"time"
)

// yearView holds what the filters of a rule need to know about one year. A day is an index from 0; weeks that cross the end of the year go on
// for up to six days, which count as days of the next January.
type yearView struct {
	year, length, next int // lengths of this and the next year
	first              time.Time
	weekday            int    // of 1 January, Monday 0
	weeks              []bool // BYWEEKNO, nil without
	easter             []bool // BYEASTER, nil without
	nth                []bool // numbered weekdays, nil without
	nthMonth           time.Month
}

func yearLength(year int) int {
	if leap(year) {
		return 366
	}
	return 365
}

func (c *compiled) view(year int) *yearView {
	v := &yearView{year: year, length: yearLength(year), next: yearLength(year + 1), first: midnight(year, 1, 1)}
	v.weekday = mondayFirst(v.first)
	if len(c.byweekno) > 0 {
		v.weeks = c.weekMask(v)
	}
	if len(c.byeaster) > 0 {
		v.easter = make([]bool, v.length+7)
		sunday := easter(year).YearDay() - 1
		for _, offset := range c.byeaster {
			i := sunday + offset
			if i < 0 {
				i += len(v.easter) // as a negative index counts in Python
			}
			if i >= 0 && i < len(v.easter) {
				v.easter[i] = true
			}
		}
	}
	return v
}

// monthStarts are the day indexes of the first of each month of a common year, and the year's end.
var monthStarts = [...]int{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

// index is the day index of a date of the year.
func (v *yearView) index(month time.Month, day int) int {
	i := monthStarts[month-1] + day - 1
	if month > time.February {
		i += v.length - 365
	}
	return i
}

// date is the month and day of a day index.
func (v *yearView) date(i int) (time.Month, int) {
	if i >= v.length {
		return time.January, i - v.length + 1
	}
	month := time.Month(i/32 + 1)
	for month < time.December && i >= v.index(month+1, 1) {
		month++
	}
	return month, i - v.index(month, 1) + 1
}

// dayOfWeek is the weekday of a day index.
func (v *yearView) dayOfWeek(i int) int { return (v.weekday + i) % 7 }

// weekMask marks the days of the weeks in BYWEEKNO: week 1 is the first with at least four days in the year, weeks begin on WKST.
func (c *compiled) weekMask(v *yearView) []bool {
	mask := make([]bool, v.length+7)
	firstStart := (7 - v.weekday + c.wkst) % 7 // the first day that begins a week
	weekOne, days := firstStart, v.length-firstStart
	if firstStart >= 4 {
		weekOne, days = 0, v.length+((v.weekday-c.wkst)%7+7)%7
	}
	count := days/7 + days%7/4
	mark := func(i int) {
		for range 7 {
			if i >= 0 && i < len(mask) {
				mask[i] = true
			}
			i++
			if v.dayOfWeek(i) == c.wkst {
				return
			}
		}
	}
	begin := func(n int) int {
		i := weekOne + (n-1)*7
		if n > 1 && weekOne != firstStart {
			i -= 7 - firstStart
		}
		return i
	}
	for _, n := range c.byweekno {
		if n < 0 {
			n += count + 1
		}
		if n > 0 && n <= count {
			mark(begin(n))
		}
	}
	if slices.Contains(c.byweekno, 1) { // the first week of the next year may begin in this one
		if i := begin(count + 1); i < v.length {
			mark(i)
		}
	}
	if weekOne > 0 && slices.Contains(c.byweekno, c.lastWeekBefore(v, weekOne)) {
		for i := range weekOne {
			mask[i] = true
		}
	}
	return mask
}

// lastWeekBefore is the number of the week that the days before week 1 belong to, or -1 if the rule asks for the last week by that name.
func (c *compiled) lastWeekBefore(v *yearView, weekOne int) int {
	if slices.Contains(c.byweekno, -1) {
		return -1
	}
	before := mondayFirst(midnight(v.year-1, 1, 1))
	if (7-before+c.wkst)%7 >= 4 {
		length := yearLength(v.year - 1)
		return 52 + (length+((before-c.wkst)%7+7)%7)%7/4
	}
	return 52 + (v.length-weekOne)%7/4
}

// easter is the Western Easter Sunday (anonymous Gregorian algorithm).
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e, f := b/4, b%4, (b+8)/25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return midnight(year, time.Month(n/31), n%31+1)
}

// markNth marks the numbered weekdays of the year, of its BYMONTH months, or of one month.
func (c *compiled) markNth(v *yearView, month time.Month) {
	if len(c.nthDays) == 0 || v.nth != nil && (c.freq == yearly || v.nthMonth == month) {
		return
	}
	v.nth, v.nthMonth = make([]bool, v.length), month
	span := func(first, last int) {
		for _, d := range c.nthDays {
			var i int
			if d.n < 0 {
				i = last + (d.n+1)*7
				i -= (((v.weekday+i)%7-d.weekday)%7 + 14) % 7
			} else {
				i = first + (d.n-1)*7
				i += ((d.weekday-v.dayOfWeek(i))%7 + 7) % 7
			}
			if i >= first && i <= last {
				v.nth[i] = true
			}
		}
	}
	monthSpan := func(m time.Month) {
		first := v.index(m, 1)
		span(first, first+daysIn(v.year, m)-1)
	}
	switch {
	case c.freq == monthly:
		monthSpan(month)
	case c.bymonth != nil:
		for _, m := range c.bymonth {
			if m >= 1 && m <= 12 {
				monthSpan(time.Month(m))
			}
		}
	default:
		span(0, v.length-1)
	}
}

// matches applies the filters to a day index.
func (c *compiled) matches(v *yearView, i int) bool {
	month, day := v.date(i)
	if c.bymonth != nil && !slices.Contains(c.bymonth, int(month)) ||
		v.weeks != nil && !v.weeks[i] ||
		c.weekdays != nil && !slices.Contains(c.weekdays, v.dayOfWeek(i)) ||
		v.nth != nil && (i >= len(v.nth) || !v.nth[i]) ||
		v.easter != nil && !v.easter[i] {
		return false
	}
	if c.filtersMonthday {
		fromEnd := day - daysIn(v.year, month) - 1 // days of the next year are all in January
		if !slices.Contains(c.bymonthday, day) && !slices.Contains(c.bymonthday, fromEnd) {
			return false
		}
	}
	if c.byyearday == nil {
		return true
	}
	if i < v.length {
		return slices.Contains(c.byyearday, i+1) || slices.Contains(c.byyearday, i-v.length)
	}
	return slices.Contains(c.byyearday, i+1-v.length) || slices.Contains(c.byyearday, i-v.length-v.next)
}
