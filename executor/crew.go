package executor

import (
	"context"
	"sync"

	"github.com/prefectc/prefectc/plan"
)

// crew runs the steps of all executors of one apply. Each distinct resolved step runs once. Steps of different deployments overlap
// unless one may write what the other uses: then they run in the order of the plan, so that each finds the files it would find if
// all ran one after another.
type crew struct {
	lanes chan struct{} // holds one for each deployment whose steps are under way

	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever a step has ended
	chains  []*chain      // under way, in the order of the plan
	memo    map[string]*memo
}

// chain is the steps of one deployment, one after another.
type chain struct {
	touches []touch
	at      int // the step that runs or is next
}

func newCrew(lanes int) *crew {
	return &crew{lanes: make(chan struct{}, lanes), changed: make(chan struct{}), memo: map[string]*memo{}}
}

// enter waits for a lane and puts a chain behind those under way. Chains must enter in the order of the plan.
func (c *crew) enter(ctx context.Context, touches []touch) (*chain, error) {
	select {
	case c.lanes <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	added := &chain{touches: touches}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.chains = append(c.chains, added)
	return added, nil
}

// leave ends a chain, done or not.
func (c *crew) leave(gone *chain) {
	c.mu.Lock()
	for i, other := range c.chains {
		if other == gone {
			c.chains = append(c.chains[:i:i], c.chains[i+1:]...)
			break
		}
	}
	c.news()
	c.mu.Unlock()
	<-c.lanes
}

// news wakes those who wait. c.mu is held.
func (c *crew) news() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// claim gives the result that a step has already, or the right to run it: then done must be called. The chain whose turn is first
// never waits for one that has not begun the step it waits for, so that somebody always goes on.
func (c *crew) claim(ctx context.Context, own *chain, key string) (result *memo, err error) {
	for {
		c.mu.Lock()
		known := c.memo[key]
		switch {
		case known != nil && known.over:
			own.at++
			c.news()
			c.mu.Unlock()
			return known, nil
		case known == nil && !c.blocked(own):
			c.memo[key] = &memo{}
			c.mu.Unlock()
			return nil, nil
		}
		changed := c.changed
		c.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// blocked reports whether the next step of a chain has to wait for one of an earlier deployment.
func (c *crew) blocked(own *chain) bool {
	next := own.touches[own.at]
	for _, earlier := range c.chains {
		if earlier == own {
			return false
		}
		for _, t := range earlier.touches[earlier.at:] {
			if t.collides(next) {
				return true
			}
		}
	}
	return false
}

// done makes the result of a step known.
func (c *crew) done(own *chain, key string, result *memo) {
	result.over = true
	c.mu.Lock()
	defer c.mu.Unlock()
	c.memo[key] = result
	own.at++
	c.news()
}

// touchesOf is what each step of a deployment may do to files that others see.
func (e *Executor) touchesOf(d *plan.Deployment) []touch {
	place := place{dir: e.plan.Dir, known: true}
	var touches []touch
	for _, list := range [][]*plan.Step{d.Build, d.Push} {
		for _, s := range list {
			touches = append(touches, place.touch(s))
		}
	}
	return touches
}
