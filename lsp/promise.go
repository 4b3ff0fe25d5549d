package lsp

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

// promise is a value computed once, when it is first wanted. It is computed on a goroutine of its own, which is
// cancelled when everybody who waits for it has gone; the next to want it starts anew.
type promise[T any] struct {
	compute func(context.Context) (T, error)

	mu  sync.Mutex
	run *attempt[T]
}

type attempt[T any] struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiters int
	value   T
	err     error
}

func (p *promise[T]) get(ctx context.Context) (T, error) {
	var zero T
	if err := ctx.Err(); err != nil {
		return zero, err
	}
	p.mu.Lock()
	run := p.run
	if run == nil {
		run = p.start()
		p.run = run
	}
	run.waiters++
	p.mu.Unlock()
	select {
	case <-run.done:
		return run.value, run.err
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if run.waiters--; run.waiters == 0 {
		select {
		case <-run.done:
		default:
			run.cancel()
			if p.run == run {
				p.run = nil
			}
		}
	}
	return zero, ctx.Err()
}

func (p *promise[T]) start() *attempt[T] {
	ctx, cancel := context.WithCancel(context.Background())
	run := &attempt[T]{done: make(chan struct{}), cancel: cancel}
	go func() {
		defer close(run.done)
		defer cancel()
		defer func() {
			if r := recover(); r != nil {
				run.err = fmt.Errorf("internal error: %v\n%s", r, debug.Stack())
			}
		}()
		run.value, run.err = p.compute(ctx)
	}()
	return run
}
