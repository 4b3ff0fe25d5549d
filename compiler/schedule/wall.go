package schedule

import "time"

// wallIn reads an instant's date and clock in a zone as a wall time.
func wallIn(t time.Time, loc *time.Location) time.Time {
	t = t.In(loc)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// offsetAt is the zone's seconds east of UTC at an instant.
func offsetAt(t time.Time, loc *time.Location) time.Duration {
	_, seconds := t.In(loc).Zone()
	return time.Duration(seconds) * time.Second
}

// gapRule is what a wall time means that a forward change of the clock skips.
type gapRule int

const (
	gapForward  gapRule = iota // by as much later as the clock jumps: pendulum 2
	gapBackward                // by as much earlier: pendulum 3, which keeps the zone's name and loses the fold
)

// instant turns a wall time into an instant. An hour that comes twice means its second coming if later is true.
func instant(wall time.Time, loc *time.Location, gap gapRule, later bool) time.Time {
	before := offsetAt(wall.Add(-24*time.Hour), loc)
	after := offsetAt(wall.Add(24*time.Hour), loc)
	first, second := wall.Add(-before), wall.Add(-after)
	firstFits, secondFits := offsetAt(first, loc) == before, offsetAt(second, loc) == after
	switch {
	case firstFits && secondFits:
		if later == second.After(first) {
			return second
		}
		return first
	case firstFits:
		return first
	case secondFits:
		return second
	case before == after: // a zone that changed and changed back within two days
		return wall.Add(-offsetAt(wall.Add(-before), loc))
	case gap == gapForward:
		return wall.Add(-min(before, after))
	default:
		return wall.Add(-max(before, after))
	}
}

// pendulumInstant resolves a wall time as the pendulum of the generation does when a date is made from its parts.
func pendulumInstant(wall time.Time, loc *time.Location, gen int) time.Time {
	if gen == 2 {
		return instant(wall, loc, gapForward, true)
	}
	return instant(wall, loc, gapBackward, false)
}

func leap(year int) bool { return year%400 == 0 || year%4 == 0 && year%100 != 0 }

func daysIn(year int, month time.Month) int {
	switch month {
	case time.February:
		if leap(year) {
			return 29
		}
		return 28
	case time.April, time.June, time.September, time.November:
		return 30
	}
	return 31
}
