package schedule

import (
	"slices"
	"time"
)

// source is a stream of wall times in order.
type source struct {
	next func() (time.Time, bool)
	head time.Time
	ok   bool
}

func newSource(next func() (time.Time, bool)) *source {
	s := &source{next: next}
	s.head, s.ok = next()
	return s
}

func (s *source) pop() { s.head, s.ok = s.next() }

func listSource(dates []stamp) *source {
	walls := make([]time.Time, len(dates))
	for i, d := range dates {
		walls[i] = d.wall
	}
	slices.SortFunc(walls, time.Time.Compare)
	return newSource(func() (time.Time, bool) {
		if len(walls) == 0 {
			return time.Time{}, false
		}
		t := walls[0]
		walls = walls[1:]
		return t, true
	})
}

// earliest is the source with the smallest head, or nil.
func earliest(sources []*source) *source {
	var best *source
	for _, s := range sources {
		if s.ok && (best == nil || s.head.Before(best.head)) {
			best = s
		}
	}
	return best
}

// Next is what Prefect's RRuleSchedule.get_dates(n, start=from) answers: the first n dates at or after from, in loc. When the rule ends
// earlier, what it has is returned without an error; Prefect's own failures ([RRule.Problem]) and rules that never fire are errors.
func (r *RRule) Next(from time.Time, n int, loc *time.Location) ([]time.Time, error) {
	if loc == nil {
		loc = time.UTC
	}
	from = from.Truncate(time.Microsecond)
	merged, err := r.walk(wallIn(from, loc).Add(-48 * time.Hour))
	if err != nil {
		return nil, err
	}
	var dates []time.Time
	seen := map[int64]bool{}
	for count := 0; ; {
		wall, ok, err := merged()
		if err != nil || !ok {
			return dates, err
		}
		date := dateutilInstant(wall, loc).In(loc)
		if date.Before(from) {
			continue
		}
		if shown := wallIn(date, loc).UnixMicro(); !seen[shown] {
			seen[shown] = true
			dates = append(dates, date)
		}
		if len(dates) >= n || count > maxCandidates {
			slices.SortStableFunc(dates, func(a, b time.Time) int { return wallIn(a, loc).Compare(wallIn(b, loc)) })
			return dates, nil
		}
		count++
	}
}

// endOfTransitions is where the zone data that dateutil reads ends: it knows 32 bit times only.
var endOfTransitions = time.Date(2038, 1, 1, 0, 0, 0, 0, time.UTC)

// dateutilInstant is dateutil's reading of a wall time: skipped hours move back, of repeated ones the first counts, and from 2038 on it is
// always standard time.
func dateutilInstant(wall time.Time, loc *time.Location) time.Time {
	if wall.Before(endOfTransitions) {
		return instant(wall, loc, gapBackward, false)
	}
	standard := endOfTransitions
	if standard.In(loc).IsDST() {
		standard = standard.AddDate(0, 6, 0)
	}
	return wall.Add(-offsetAt(standard, loc))
}

// walk merges all parts into one stream of wall times; dates long before skipTo may be left out.
func (r *RRule) walk(skipTo time.Time) (func() (time.Time, bool, error), error) {
	if !r.startStamp().known {
		return nil, errUnknownStamp
	}
	for _, list := range [][]stamp{r.rdates, r.exdates} {
		if slices.ContainsFunc(list, func(s stamp) bool { return !s.known }) {
			return nil, errUnknownStamp
		}
	}
	budget := maxSearch
	var iterators []*iterator
	compile := func(parts []*recurrence) ([]*source, error) {
		var out []*source
		for _, part := range parts {
			if part.until != nil && !part.until.known {
				return nil, errUnknownStamp
			}
			c, err := part.compile(r.startStamp())
			if err != nil {
				return nil, err
			}
			it := c.iterate(skipTo, &budget)
			iterators = append(iterators, it)
			out = append(out, newSource(it.next))
		}
		return out, nil
	}
	in, err := compile(r.rules)
	if err != nil {
		return nil, err
	}
	ex, err := compile(r.exrules)
	if err != nil {
		return nil, err
	}
	in, ex = append(in, listSource(r.rdates)), append(ex, listSource(r.exdates))
	var last time.Time
	started := false
	return func() (time.Time, bool, error) {
		for {
			s := earliest(in)
			for _, it := range iterators {
				if it.err != nil {
					return time.Time{}, false, it.err
				}
			}
			if s == nil {
				return time.Time{}, false, nil
			}
			wall := s.head
			s.pop()
			if r.set && started && wall.Equal(last) {
				continue
			}
			last, started = wall, true
			e := earliest(ex)
			for e != nil && e.head.Before(wall) {
				e.pop()
				e = earliest(ex)
			}
			if e == nil || !e.head.Equal(wall) {
				return wall, true, nil
			}
		}
	}, nil
}
