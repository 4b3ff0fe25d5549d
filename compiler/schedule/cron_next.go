package schedule

import (
	"errors"
	"slices"
	"time"
)

// maxCandidates is how many dates Prefect looks at for one request (MAX_ITERATIONS in its schedules).
const maxCandidates = 1000

// maxYears is how far croniter searches for the next date.
const maxYears = 50

// ErrNoDates says that a schedule has no more dates. Prefect's scheduler then fails for the whole schedule.
var ErrNoDates = errors.New("the schedule has no more dates")

// ErrRandom says that the dates of a schedule are drawn at random and cannot be told.
var ErrRandom = errors.New("the schedule has random parts, its dates cannot be told")

// Next is what Prefect's CronSchedule.get_dates(n, start=from) answers: the first n dates at or after from, sorted, in loc. Around
// changes of the clock it makes Prefect's choices, among them that a time the clock skips moves by as much as the clock does, forward in
// Prefect 2 and back in Prefect 3, and that of an hour that comes twice only one coming counts: the second in Prefect 2, the first in 3.
// With dayOr a date must match the day of the month or the weekday, without it both.
//
// When the dates run out, those found come with ErrNoDates.
func (c *Cron) Next(from time.Time, n int, loc *time.Location, dayOr bool) ([]time.Time, error) {
	if c.random {
		return nil, ErrRandom
	}
	if loc == nil {
		loc = time.UTC
	}
	// croniter answers with dates after its start, so Prefect starts one second early; a fraction of a second is rounded up.
	start := from.Add(-time.Second)
	if start.Nanosecond()/1000 > 0 {
		start = start.Add(time.Second)
	}
	wall := wallIn(start, loc)
	var dates []time.Time
	seen := map[int64]bool{}
	var err error
	for count := 0; ; count++ {
		var next time.Time
		if next, err = c.nextWall(wall, dayOr); err != nil {
			break
		}
		wall = next
		date := pendulumInstant(next, loc, c.gen).In(loc)
		if !seen[date.UnixMicro()] {
			seen[date.UnixMicro()] = true
			dates = append(dates, date)
		}
		if len(dates) >= n || count > maxCandidates {
			break
		}
	}
	slices.SortFunc(dates, time.Time.Compare)
	return dates, err
}

// nextWall finds the first matching wall time after now.
func (c *Cron) nextWall(now time.Time, dayOr bool) (time.Time, error) {
	day, weekday := c.fields[Day], c.fields[Weekday]
	if !dayOr || day.star || weekday.star {
		return c.search(now, day, weekday)
	}
	everyDay := cronField{star: true}
	a, err := c.search(now, day, everyDay)
	if err != nil {
		return a, err
	}
	b, err := c.search(now, everyDay, weekday)
	if err != nil {
		return b, err
	}
	if a.Before(b) {
		return a, nil
	}
	return b, nil
}

// search moves forward from now, largest field first, until every field fits.
func (c *Cron) search(now time.Time, day, weekday cronField) (time.Time, error) {
	d := now.Truncate(time.Second).Add(time.Second)
	if !c.HasSeconds() {
		d = now.Truncate(time.Minute).Add(time.Minute)
	}
	steps := []func(time.Time) (time.Time, bool){
		c.stepYear, c.stepMonth,
		func(d time.Time) (time.Time, bool) { return c.stepDay(d, day) },
		func(d time.Time) (time.Time, bool) { return c.stepWeekday(d, weekday) },
		c.stepHour, c.stepMinute, c.stepSecond,
	}
	last := d.Year() + maxYears
search:
	for d.Year() <= last {
		for _, step := range steps {
			moved, changed := step(d)
			if moved.IsZero() {
				break search
			}
			if changed {
				d = moved
				continue search
			}
		}
		return d, nil
	}
	return time.Time{}, ErrNoDates
}

// distance is how far ahead of x the next allowed value is; past the end it wraps by the size of the field.
func (c *Cron) distance(x int, field cronField, size int) int {
	for _, v := range field.values {
		if v == lastDay {
			v = size
		} else if c.gen == 2 && v > size {
			continue
		}
		if v >= x {
			return v - x
		}
	}
	first := field.values[0]
	if first == lastDay {
		first = size
	}
	return first - x + size
}

// midnight is the start of a date that may overflow its month.
func midnight(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// stepYear answers the zero time when the years have run out.
func (c *Cron) stepYear(d time.Time) (time.Time, bool) {
	if len(c.fields) <= int(Year) || c.fields[Year].star {
		return d, false
	}
	for _, year := range c.fields[Year].values {
		if year == d.Year() {
			return d, false
		}
		if year > d.Year() {
			return midnight(year, 1, 1), true
		}
	}
	return time.Time{}, false
}

func (c *Cron) stepMonth(d time.Time) (time.Time, bool) {
	if c.fields[Month].star {
		return d, false
	}
	n := c.distance(int(d.Month()), c.fields[Month], 12)
	return midnight(d.Year(), d.Month()+time.Month(n), 1), n != 0
}

func (c *Cron) stepDay(d time.Time, field cronField) (time.Time, bool) {
	size := daysIn(d.Year(), d.Month())
	if c.nearest > 0 {
		target := nearestWeekday(d.Year(), d.Month(), c.nearest)
		if d.Day() > target {
			target = size + 1
		}
		return midnight(d.Year(), d.Month(), target), target != d.Day()
	}
	if field.star || slices.Contains(field.values, lastDay) && d.Day() == size {
		return d, false
	}
	n := c.distance(d.Day(), field, size)
	return midnight(d.Year(), d.Month(), d.Day()+n), n != 0
}

// nearestWeekday is the Monday to Friday nearest to a day without leaving the month.
func nearestWeekday(year int, month time.Month, day int) int {
	size := daysIn(year, month)
	day = min(day, size)
	switch midnight(year, month, day).Weekday() {
	case time.Saturday:
		if day > 1 {
			return day - 1
		}
		return day + 2
	case time.Sunday:
		if day < size {
			return day + 1
		}
		return day - 2
	}
	return day
}

func (c *Cron) stepWeekday(d time.Time, field cronField) (time.Time, bool) {
	if len(c.nths) > 0 {
		return c.stepNth(d)
	}
	if field.star {
		return d, false
	}
	n := c.distance(int(d.Weekday()), field, 7)
	return midnight(d.Year(), d.Month(), d.Day()+n), n != 0
}

// stepNth moves to the next "mon#2" or "L5" of the month, or to the next month.
func (c *Cron) stepNth(d time.Time) (time.Time, bool) {
	size := daysIn(d.Year(), d.Month())
	first := int(midnight(d.Year(), d.Month(), 1).Weekday())
	target := size + 1
	for _, n := range c.nths {
		day := 1 + (n.weekday-first+7)%7
		if n.n == lastNth {
			day += (size - day) / 7 * 7
		} else {
			day += (n.n - 1) * 7
		}
		if day <= size && day >= d.Day() {
			target = min(target, day)
		}
	}
	return midnight(d.Year(), d.Month(), target), target != d.Day()
}

func (c *Cron) stepHour(d time.Time) (time.Time, bool) {
	if c.fields[Hour].star {
		return d, false
	}
	n := c.distance(d.Hour(), c.fields[Hour], 24)
	return d.Truncate(time.Hour).Add(time.Duration(n) * time.Hour), n != 0
}

func (c *Cron) stepMinute(d time.Time) (time.Time, bool) {
	if c.fields[Minute].star {
		return d, false
	}
	n := c.distance(d.Minute(), c.fields[Minute], 60)
	return d.Truncate(time.Minute).Add(time.Duration(n) * time.Minute), n != 0
}

func (c *Cron) stepSecond(d time.Time) (time.Time, bool) {
	if !c.HasSeconds() || c.fields[Second].star {
		return d, false
	}
	n := c.distance(d.Second(), c.fields[Second], 60)
	return d.Add(time.Duration(n) * time.Second), n != 0
}
