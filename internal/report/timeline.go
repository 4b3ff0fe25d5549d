package report

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/schedule"
)

// Days is how far the timeline looks.
const Days = 7

// maxRuns bounds what is counted of one schedule: twice a run a minute. What runs more often is cut there, and said so.
const maxRuns = 2 * Days * 24 * 60

// A lane is the runs of one work pool.
type lane struct {
	Pool   string
	Runs   int
	Hours  [Days * 24]int     // runs that start in each hour
	Shared [Days * 24]int     // the most that start in the same minute of each hour, 0 where none does
	minute map[int64][]string // names of deployments by minute
	Clash  []clash            // minutes with several runs, those with most first
}

// A clash is a group of deployments of a pool whose runs start in the same minute.
type clash struct {
	First time.Time
	Times int // how many minutes
	Names []string
}

// timeline counts runs from a whole hour on.
type timeline struct {
	from  time.Time
	lanes map[string]*lane
	cut   []string // deployments with a schedule that was not counted to the end
	vague []string // deployments with a schedule whose dates cannot be told
}

func (t *timeline) lane(pool string) *lane {
	l := t.lanes[pool]
	if l == nil {
		l = &lane{Pool: pool, minute: map[int64][]string{}}
		t.lanes[pool] = l
	}
	return l
}

// add counts the runs of one schedule of a deployment.
func (t *timeline) add(pool, name string, it *schedule.Item) {
	dates, err := upcoming(it, t.from, t.from.Add(Days*24*time.Hour))
	if err != nil && len(dates) == 0 {
		t.vague = append(t.vague, name)
		return
	}
	if len(dates) == maxRuns {
		t.cut = append(t.cut, name)
	}
	if len(dates) == 0 {
		return
	}
	l := t.lane(pool)
	for _, at := range dates {
		l.Runs++
		l.Hours[int(at.Sub(t.from)/time.Hour)]++
		minute := at.Unix() / 60
		l.minute[minute] = append(l.minute[minute], name)
	}
}

// portion is how many dates are asked for at once: Prefect's own schedules give no more than a thousand.
const portion = 1000

// upcoming gives the dates of a schedule in a span of time, at most maxRuns.
func upcoming(it *schedule.Item, from, end time.Time) ([]time.Time, error) {
	var all []time.Time
	for len(all) < maxRuns {
		dates, err := it.Next(from, portion)
		for _, at := range dates {
			if !at.Before(end) || len(all) == maxRuns {
				return all, nil
			}
			all = append(all, at)
		}
		if errors.Is(err, schedule.ErrNoDates) {
			return all, nil
		}
		if err != nil || len(dates) == 0 {
			return all, err
		}
		from = dates[len(dates)-1].Add(time.Microsecond)
	}
	return all, nil
}

// finish finds the minutes in which several runs start.
func (t *timeline) finish() []*lane {
	var lanes []*lane
	for _, l := range t.lanes {
		groups := map[string]*clash{}
		for minute, names := range l.minute {
			if len(names) < 2 {
				continue
			}
			at := time.Unix(minute*60, 0).In(t.from.Location())
			hour := int(at.Sub(t.from) / time.Hour)
			l.Shared[hour] = max(l.Shared[hour], len(names))
			slices.Sort(names)
			key := strings.Join(names, "\x00")
			c := groups[key]
			if c == nil {
				c = &clash{First: at, Names: names}
				groups[key] = c
			}
			c.Times++
			if at.Before(c.First) {
				c.First = at
			}
		}
		for _, c := range groups {
			l.Clash = append(l.Clash, *c)
		}
		slices.SortFunc(l.Clash, func(a, b clash) int {
			return cmp.Or(cmp.Compare(len(b.Names), len(a.Names)), a.First.Compare(b.First), slices.Compare(a.Names, b.Names))
		})
		lanes = append(lanes, l)
	}
	slices.SortFunc(lanes, func(a, b *lane) int { return strings.Compare(a.Pool, b.Pool) })
	return lanes
}
