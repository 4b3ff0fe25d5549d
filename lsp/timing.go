package lsp

import (
	"errors"
	"time"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

const dateLayout = "Mon 2006-01-02 15:04 MST"

// dateText writes an instant for people, in its own zone, seconds only where there are any.
func dateText(t time.Time) string {
	if t.Second() != 0 {
		return t.Format("Mon 2006-01-02 15:04:05 MST")
	}
	return t.Format(dateLayout)
}

// describeTiming says in words when a schedule fires, and its next dates.
func describeTiming(p *prose, item *yamldoc.Node, g schema.Generation, now time.Time) {
	it := model.Timing(item, g, now)
	if it == nil {
		return
	}
	if words := it.Words(); words != "" {
		p.add(paragraph, words)
	}
	dates, err := it.Next(now, 5)
	for i := range dates {
		if i == 0 {
			p.add(paragraph, "Next runs, in "+it.Location.String()+":")
		}
		p.add(bullet, dateText(dates[i].In(it.Location)))
	}
	switch {
	case errors.Is(err, schedule.ErrNoDates) && len(dates) == 0:
		p.add(paragraph, "There are no more dates: it never runs again.")
	case errors.Is(err, schedule.ErrRandom):
		p.add(paragraph, "The dates are drawn at random.")
	}
	if it.AnchorIsNow && len(dates) > 0 {
		p.add(paragraph, "Without an anchor_date it counts from the moment of the deploy; these dates are those of a deploy now.")
	}
	if model.Inactive(item) {
		p.add(paragraph, "It is not active.")
	}
}
