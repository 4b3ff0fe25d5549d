package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// laneView is a lane as it is drawn: one cell an hour.
type laneView struct {
	Pool  string
	Runs  int
	Cells []cell
	Days  [Days]int
}

// A cell is an hour with runs.
type cell struct {
	X     int    // hours from the start
	Level int    // 1 to 4, by the number of runs
	Clash bool   // several start in the same minute
	Label string // for people: when, how many
}

type clashView struct {
	Pool, First  string
	Count, Times int
	Names        string
}

// maxClashes is how many groups are listed; the page says how many more there are.
const maxClashes = 50

// maxNames is how many deployments of one minute are listed by name.
const maxNames = 12

// timeline lays the counted runs out for the page.
func (p *page) timeline(t *timeline) {
	lanes := t.finish()
	for day := range Days {
		p.DayNames = append(p.DayNames, t.from.AddDate(0, 0, day).Format("Mon 2 Jan"))
	}
	for _, l := range lanes {
		v := laneView{Pool: l.Pool, Runs: l.Runs}
		for hour, n := range l.Hours {
			v.Days[hour/24] += n
			if n == 0 {
				continue
			}
			label := fmt.Sprintf("%s: %s", t.from.Add(time.Duration(hour)*time.Hour).Format("Mon 15:04"), runs(n))
			if l.Shared[hour] > 0 {
				label += fmt.Sprintf(", %d in the same minute", l.Shared[hour])
			}
			v.Cells = append(v.Cells, cell{X: hour, Level: level(n), Clash: l.Shared[hour] > 0, Label: label})
		}
		p.Lanes = append(p.Lanes, v)
		for _, c := range l.Clash {
			p.Clashes = append(p.Clashes, clashView{Pool: l.Pool, First: c.First.Format("Mon 2006-01-02 15:04"), Times: c.Times, Count: len(c.Names), Names: shorten(c.Names)})
		}
	}
	slices.SortStableFunc(p.Clashes, func(a, b clashView) int { return cmp.Compare(b.Count, a.Count) })
	if n := len(p.Clashes); n > maxClashes {
		p.Clashes, p.MoreClashes = p.Clashes[:maxClashes], n-maxClashes
	}
	p.Cut, p.Vague = distinct(t.cut), distinct(t.vague)
}

func runs(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}

// level sorts numbers of runs an hour into four shades.
func level(n int) int {
	switch {
	case n < 3:
		return 1
	case n < 10:
		return 2
	case n < 40:
		return 3
	}
	return 4
}

func shorten(names []string) string {
	if n := len(names); n > maxNames {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNames], ", "), n-maxNames)
	}
	return strings.Join(names, ", ")
}

func distinct(names []string) string {
	slices.Sort(names)
	return shorten(slices.Compact(names))
}
