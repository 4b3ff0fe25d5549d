package schedule

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// compiled is a rule with its start: the lists that dateutil derives from both.
type compiled struct {
	*recurrence
	start                          time.Time // wall
	bymonth, byyearday, byweekno   []int
	bymonthday, byeaster, bysetpos []int
	weekdays                       []int     // plain ones, or nil
	nthDays                        []ruleDay // with a number, by year and month only
	byhour, byminute, bysecond     []int     // nil: any
	times                          []int     // seconds of the day; for rules by the day or longer
	filtersMonthday                bool      // BYMONTHDAY=0 alone filters nothing
}

var errUntilZone = errors.New("UNTIL is in UTC but DTSTART is not, both or none must have a zone")

// compile makes the rule for a start, or says what dateutil raises. It does not depend on the start's zone.
func (p *recurrence) compile(start stamp) (*compiled, error) {
	if p.until != nil && p.until.aware != start.aware {
		return nil, errUntilZone
	}
	c := &compiled{recurrence: p, start: start.wall, bymonth: sorted(p.lists["BYMONTH"]), byyearday: sorted(p.lists["BYYEARDAY"]),
		byweekno: sorted(p.lists["BYWEEKNO"]), bymonthday: p.lists["BYMONTHDAY"], byeaster: p.lists["BYEASTER"], bysetpos: p.lists["BYSETPOS"]}
	for _, pos := range c.bysetpos {
		if pos == 0 || pos < -366 || pos > 366 {
			return nil, fmt.Errorf("BYSETPOS=%d is out of range, expected 1 to 366 or -366 to -1", pos)
		}
	}
	days := p.days
	if c.byweekno == nil && c.byyearday == nil && c.bymonthday == nil && days == nil && c.byeaster == nil {
		switch p.freq {
		case yearly:
			if c.bymonth == nil {
				c.bymonth = []int{int(c.start.Month())}
			}
			c.bymonthday = []int{c.start.Day()}
		case monthly:
			c.bymonthday = []int{c.start.Day()}
		case weekly:
			days = []ruleDay{{weekday: mondayFirst(c.start)}}
		}
	}
	for _, d := range days {
		if d.n == 0 || p.freq > monthly {
			c.weekdays = append(c.weekdays, d.weekday)
		} else {
			c.nthDays = append(c.nthDays, d)
		}
	}
	c.filtersMonthday = slices.ContainsFunc(c.bymonthday, func(d int) bool { return d != 0 })
	return c, c.clock()
}

// clock fills the lists of the time of day.
func (c *compiled) clock() error {
	var err error
	if c.byhour, err = c.unit("BYHOUR", hourly, c.start.Hour(), 24); err != nil {
		return err
	}
	if c.byminute, err = c.unit("BYMINUTE", minutely, c.start.Minute(), 60); err != nil {
		return err
	}
	if c.bysecond, err = c.unit("BYSECOND", secondly, c.start.Second(), 60); err != nil {
		return err
	}
	if c.freq >= hourly {
		return nil
	}
	c.times, err = clockTimes(c.byhour, c.byminute, c.bysecond)
	return err
}

// unit is one of BYHOUR, BYMINUTE, BYSECOND: its default, and for the rule's own period only the values that its steps reach.
func (c *compiled) unit(name string, own frequency, start, base int) ([]int, error) {
	list := c.lists[name]
	if list == nil {
		if c.freq < own {
			return []int{start}, nil
		}
		return nil, nil
	}
	if c.freq == own {
		step := gcd(c.interval, int64(base))
		var reached []int
		for _, v := range list {
			if (int64(v)-int64(start))%step == 0 {
				reached = append(reached, v)
			}
		}
		if len(reached) == 0 {
			return nil, fmt.Errorf("no %s in the list is reached with INTERVAL=%d from the start", name, c.interval)
		}
		list = reached
	}
	return sorted(list), nil
}

func clockTimes(hours, minutes, seconds []int) ([]int, error) {
	var out []int
	for _, h := range hours {
		for _, m := range minutes {
			for _, s := range seconds {
				if h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59 {
					return nil, fmt.Errorf("%02d:%02d:%02d is no time of day", h, m, s)
				}
				out = append(out, h*3600+m*60+s)
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

func sorted(list []int) []int {
	if list == nil {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// gcd is not negative; gcd(0, b) is b.
func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

// mondayFirst numbers weekdays as Python does: Monday is 0.
func mondayFirst(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }
