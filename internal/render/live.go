package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prefectc/prefectc/plan"
)

// live is the part of a terminal that is drawn anew: the steps that run, for how long, and how many deployments are done and wait.
// A nil live does nothing. Its fields are guarded by the progress it belongs to.
type live struct {
	progress *Progress
	columns  int
	now      func() time.Time

	begun   time.Time // zero before and after
	total   int
	done    int
	running []running
	drawn   int // lines

	stop  chan struct{}
	ticks sync.WaitGroup
}

type running struct {
	deployment *plan.Deployment
	step       *plan.Step
	since      time.Time
}

const (
	redrawn   = 200 * time.Millisecond
	mostSteps = 6 // that are listed
)

func newLive(p *Progress, columns int) *live {
	return &live{progress: p, columns: max(columns, 20), now: time.Now}
}

func (l *live) begin(total int) {
	l.progress.mu.Lock()
	defer l.progress.mu.Unlock()
	l.begun, l.total, l.stop = l.now(), total, make(chan struct{})
	l.ticks.Go(func() {
		ticker := time.NewTicker(redrawn)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				l.redraw()
			case <-l.stop:
				return
			}
		}
	})
}

func (l *live) close() {
	l.progress.mu.Lock()
	active := !l.begun.IsZero()
	_, _ = io.WriteString(l.progress.w, l.erase())
	l.begun = time.Time{}
	l.progress.mu.Unlock()
	if active {
		close(l.stop)
		l.ticks.Wait()
	}
}

func (l *live) redraw() {
	l.progress.mu.Lock()
	defer l.progress.mu.Unlock()
	_, _ = io.WriteString(l.progress.w, l.around(""))
}

// around puts text above what is drawn.
func (l *live) around(text string) string { return l.erase() + text + l.draw() }

// erase goes back to where the drawing begins and clears from there.
func (l *live) erase() string {
	if l.drawn == 0 {
		return ""
	}
	up := l.drawn
	l.drawn = 0
	return fmt.Sprintf("\x1b[%dA\x1b[J", up)
}

func (l *live) draw() string {
	if l.begun.IsZero() {
		return ""
	}
	c := palette(l.progress.color)
	now := l.now()
	var b strings.Builder
	line := func(tone, text string) {
		fmt.Fprintf(&b, "%s%s%s\n", tone, clip(text, l.columns-1), c.reset)
		l.drawn++
	}
	for i, r := range l.running {
		if i == mostSteps {
			line(c.dim, fmt.Sprintf("  and %d more", len(l.running)-mostSteps))
			break
		}
		line(c.dim, fmt.Sprintf("  %s %s  %s", r.deployment.Name(), stepName(r.step), elapsed(now.Sub(r.since))))
	}
	busy := map[*plan.Deployment]bool{}
	for _, r := range l.running {
		busy[r.deployment] = true
	}
	line("", fmt.Sprintf("%d of %s done, %d waiting, %s", l.done, CountOf(l.total, "deployment"), max(0, l.total-l.done-len(busy)), elapsed(now.Sub(l.begun))))
	return b.String()
}

// elapsed is a time in whole seconds.
func elapsed(d time.Duration) string { return d.Truncate(time.Second).String() }

// clip cuts a text that would not fit in a line.
func clip(text string, width int) string {
	if columns(text) <= width {
		return text
	}
	var b strings.Builder
	used := 0
	for _, r := range text {
		w := columns(string(r))
		if used+w > width-1 {
			break
		}
		b.WriteRune(r)
		used += w
	}
	return b.String() + "…"
}

func (l *live) started(d *plan.Deployment, s *plan.Step) {
	if l == nil {
		return
	}
	l.progress.mu.Lock()
	defer l.progress.mu.Unlock()
	l.running = append(l.running, running{d, s, l.now()})
}

func (l *live) ended(d *plan.Deployment, s *plan.Step) {
	if l == nil {
		return
	}
	l.progress.mu.Lock()
	defer l.progress.mu.Unlock()
	l.running = slices.DeleteFunc(l.running, func(r running) bool { return r.deployment == d && r.step == s })
}

func (l *live) registered() {
	if l == nil {
		return
	}
	l.progress.mu.Lock()
	defer l.progress.mu.Unlock()
	l.done++
}
