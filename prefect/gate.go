package prefect

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	firstWindow = 2
	maxWindow   = 16
	heldRounds  = 8    // how long a window stays after more has turned out not to help
	worthwhile  = 1.15 // by how much more writes must get through for a larger window to stay
)

// gate decides how many writes are under way at once. It begins with few, lets more in while more get through, and halves when the
// server is too busy: one on SQLite answers 503, and then drops connections, when writes meet.
type gate struct {
	mu      sync.Mutex
	window  int
	under   int             // under way
	waiting []chan struct{} // in the order they came; closed to let one in

	entered int // all that ever were let in
	shrunk  int // entered, when the window last shrank: what was under way then does not shrink it again

	began   time.Time // of the round: some writes with one window
	done    int       // in the round
	starved bool      // nobody waited at some time of the round, so that it tells nothing
	rate    float64   // of the best round, in writes a second
	before  int       // the window that the last growth began from, 0 when the window has proved itself
	held    int       // rounds to wait before growing again
}

func newGate() *gate { return &gate{window: firstWindow} }

// enter waits for a place. The ticket is given back with leave.
func (g *gate) enter(ctx context.Context, now func() time.Time) (ticket int, err error) {
	g.mu.Lock()
	if g.under >= g.window || len(g.waiting) > 0 {
		turn := make(chan struct{})
		g.waiting = append(g.waiting, turn)
		g.mu.Unlock()
		select {
		case <-turn:
			g.mu.Lock()
		case <-ctx.Done():
			g.mu.Lock()
			defer g.mu.Unlock()
			if i := slices.Index(g.waiting, turn); i >= 0 {
				g.waiting = slices.Delete(g.waiting, i, i+1)
			} else { // let in at the same moment
				g.under--
				g.admit()
			}
			return 0, ctx.Err()
		}
	} else {
		g.under++
	}
	defer g.mu.Unlock()
	g.entered++
	if g.began.IsZero() {
		g.began = now()
	}
	return g.entered, nil
}

// leave ends a write; busy says that the server could not take it.
func (g *gate) leave(ticket int, busy bool, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.under--
	switch {
	case busy && ticket > g.shrunk:
		g.window, g.shrunk = max(1, g.window/2), g.entered
		g.rate, g.before, g.held = 0, 0, heldRounds
		g.nextRound(now)
	case !busy:
		g.done++
		if g.done >= 2*g.window {
			g.judge(now)
		}
	}
	g.admit()
	if len(g.waiting) == 0 {
		g.starved = true
	}
}

// judge ends a round: the window grows while that helps.
func (g *gate) judge(now time.Time) {
	defer g.nextRound(now)
	took := now.Sub(g.began).Seconds()
	if g.starved || took <= 0 {
		return
	}
	rate := float64(g.done) / took
	switch {
	case g.held > 0:
		g.held--
	case g.before > 0 && rate < worthwhile*g.rate:
		g.window, g.before, g.held = g.before, 0, heldRounds
	case g.window < maxWindow:
		g.rate, g.before = rate, g.window
		g.window = min(maxWindow, g.window+max(1, g.window/2))
	}
}

func (g *gate) nextRound(now time.Time) { g.began, g.done, g.starved = now, 0, false }

// admit lets in those that have a place.
func (g *gate) admit() {
	for g.under < g.window && len(g.waiting) > 0 {
		close(g.waiting[0])
		g.waiting = g.waiting[1:]
		g.under++
	}
}
