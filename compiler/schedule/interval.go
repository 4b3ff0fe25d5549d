package schedule

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

// maxIntervalSeconds is the largest duration of Python's timedelta.
const maxIntervalSeconds = 999999999 * 86400

// ParseInterval reads the interval of a schedule item in seconds, to the microsecond. Prefect 3 also takes the duration texts of
// pydantic ("PT10M", "0:10:00", "1 day"). Zero and negative intervals are refused; the text of the error does not repeat the value's key.
func ParseInterval(v value.Value, gen int) (float64, error) {
	seconds, err := intervalSeconds(v, gen)
	if err != nil {
		return 0, err
	}
	if seconds <= 0 {
		return 0, fmt.Errorf("interval %s is not positive, expected a number of seconds greater than 0", value.Repr(v))
	}
	return seconds, nil
}

func intervalSeconds(v value.Value, gen int) (float64, error) {
	switch v := v.(type) {
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case int64:
		return boundedSeconds(float64(v), v, gen)
	case *big.Int:
		return 0, fmt.Errorf("interval %s is too long, expected at most 999999999 days", v)
	case float64:
		return boundedSeconds(v, v, gen)
	case string:
		if gen == 2 {
			return 0, fmt.Errorf("interval %q is text, expected a number of seconds", v)
		}
		d, err := parseDuration(v)
		if err != nil {
			return 0, fmt.Errorf("invalid interval %q: %w, expected seconds as a number, an ISO 8601 duration such as \"PT10M\" or a clock such as \"0:10:00\"", v, err)
		}
		return d, nil
	}
	return 0, fmt.Errorf("interval is a %s, expected a number of seconds", value.TypeName(v))
}

// boundedSeconds rounds to microseconds: Python's timedelta to even, pydantic's away from zero.
func boundedSeconds(s float64, shown value.Value, gen int) (float64, error) {
	if math.IsNaN(s) || math.Abs(s) > maxIntervalSeconds {
		return 0, fmt.Errorf("interval %s is too long, expected at most 999999999 days", value.Repr(shown))
	}
	whole := math.Trunc(s)
	micros := math.RoundToEven((s - whole) * 1e6)
	if gen == 3 {
		micros = math.Round((s - whole) * 1e6)
	}
	return whole + micros/1e6, nil
}

// Interval is an interval schedule.
type Interval struct {
	Seconds  float64   // greater than 0
	Anchor   time.Time // an instant
	Location *time.Location
	Gen      int
}

// step is the interval as Python's timedelta splits it.
func (s Interval) step() (days int64, rest time.Duration) {
	whole := math.Floor(s.Seconds)
	days = int64(whole) / 86400
	rest = time.Duration(int64(whole)%86400) * time.Second
	return days, rest + time.Duration(math.RoundToEven((s.Seconds-whole)*1e6))*time.Microsecond
}

// Next is what Prefect's IntervalSchedule.get_dates(n, start=from) answers. Intervals shorter than a day count in real
// time, longer ones in wall time. Prefect compares dates of one zone by their wall time, so the second coming of an hour is
// left out when the clock goes back.
func (s Interval) Next(from time.Time, n int) ([]time.Time, error) {
	loc := s.Location
	if loc == nil {
		loc = time.UTC
	}
	if days, rest := s.step(); days == 0 && rest <= 0 || math.IsNaN(s.Seconds) || s.Seconds > maxIntervalSeconds+86400 {
		return nil, errors.New("the interval is not positive or too long")
	}
	start, anchor := from.Truncate(time.Microsecond).In(loc), s.Anchor.Truncate(time.Microsecond).In(loc)
	startWall := wallIn(start, loc)
	apart := float64(start.Unix()-anchor.Unix()) + float64(start.Nanosecond()-anchor.Nanosecond())/1e9
	steps := math.Trunc(apart / s.Seconds)
	next, err := addMicros(anchor, s.Seconds*steps)
	if err != nil {
		return nil, err
	}
	for wallIn(next, loc).Before(startWall) {
		moved := s.add(next, loc)
		if !moved.After(next) {
			return nil, ErrNoDates
		}
		next = moved
	}
	var dates []time.Time
	seen := map[int64]bool{}
	for count := 0; ; count++ {
		if next.Year() > 9999 {
			return dates, ErrNoDates
		}
		if wall := wallIn(next, loc).UnixMicro(); !seen[wall] {
			seen[wall] = true
			dates = append(dates, next)
		}
		if len(dates) >= n || count > maxCandidates {
			break
		}
		next = s.add(next, loc)
	}
	slices.SortStableFunc(dates, func(a, b time.Time) int { return wallIn(a, loc).Compare(wallIn(b, loc)) })
	return dates, nil
}

// addMicros adds seconds, rounded to microseconds, which may be far more than a time.Duration holds.
func addMicros(t time.Time, seconds float64) (time.Time, error) {
	whole := math.Floor(seconds)
	if math.Abs(whole) > 400e9 {
		return t, ErrNoDates
	}
	micros := math.RoundToEven((seconds - whole) * 1e6)
	sum := time.Unix(t.Unix()+int64(whole), int64(t.Nanosecond())+int64(micros)*1000).In(t.Location())
	if sum.Year() > 9999 || sum.Year() < 1 {
		return t, ErrNoDates
	}
	return sum, nil
}

// add is one interval further: whole days move the wall clock, less than a day is real time.
func (s Interval) add(t time.Time, loc *time.Location) time.Time {
	days, rest := s.step()
	if days == 0 {
		return t.Add(rest)
	}
	if days > 4e6 {
		return time.Date(10000, 1, 1, 0, 0, 0, 0, loc)
	}
	return instant(wallIn(t, loc).AddDate(0, 0, int(days)).Add(rest), loc, gapForward, true).In(loc)
}
