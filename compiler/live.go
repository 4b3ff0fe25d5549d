package compiler

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// Live checks one file again and again while it is edited. What it finds is what [Compiler.Check] finds, sooner: text is read
// anew, and rules run anew, only for the deployments that an edit touches, as far as that is sure to be the same.
//
// To that end it changes its last result into the next one. Whoever looks at a result [Result.Hold]s it; one that is held stays as
// it is, and the next is made from nothing. A Live is safe for concurrent use.
type Live struct {
	c *Compiler

	mu   sync.Mutex
	base *Result // the last that was read without mending; nil at first
	of   Input   // base's
	kept rules.Kept
}

// NewLive begins to follow a file.
func (c *Compiler) NewLive() *Live { return &Live{c: c} }

// Check is [Compiler.Check] for the next state of the file.
func (l *Live) Check(ctx context.Context, in Input) (*Result, error) {
	run, err := in.Config.choose(in.Select, in.Ignore)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := l.compile(ctx, in)
	kept := &rules.Kept{}
	if r == l.base {
		kept = &l.kept
	}
	if err := r.judge(ctx, in, run, kept); err != nil {
		return nil, err
	}
	return r, nil
}

// Compile is [Compiler.Compile] for the next state of the file.
func (l *Live) Compile(ctx context.Context, in Input) *Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.compile(ctx, in)
}

func (l *Live) compile(ctx context.Context, in Input) *Result {
	if l.follow(ctx, in) {
		return l.base
	}
	r := l.c.Compile(in)
	if r.Doc.Editable() {
		l.base, l.of, l.kept = r, in, rules.Kept{}
	}
	return r
}

// follow makes base the result of in.
func (l *Live) follow(ctx context.Context, in Input) bool {
	forced := in.Config.generation(in.Generation)
	if l.base == nil || in.File.Path != l.of.File.Path || forced != l.of.Config.generation(l.of.Generation) {
		return false
	}
	edits, ok := difference(l.base.Doc.File.Text, in.File)
	if !ok {
		return false
	}
	next := &Result{Doc: l.base.Doc, Model: l.base.Model, Config: in.Config}
	if len(edits) == 0 && !l.base.use.end(ctx) {
		return false
	}
	for i, e := range edits {
		change, ok := next.Doc.Edit(e.to, e.span, e.length)
		if !ok || i == 0 && !l.base.use.end(ctx) {
			return false
		}
		l.base = next // if the next edit cannot be followed, the edits so far are
		l.edit(next, change, forced)
	}
	if in.Flows != l.of.Flows || in.Flows == nil || in.Config != l.of.Config || !slices.Equal(in.Select, l.of.Select) || !slices.Equal(in.Ignore, l.of.Ignore) {
		l.kept = rules.Kept{}
	}
	next.Facts = in.Config.facts(next.Model, l.c.lang, in.loader())
	l.base, l.of = next, in
	return true
}

func (l *Live) edit(r *Result, e *yamldoc.Edit, forced schema.Generation) {
	change := e.Apply()
	renumbered, ok := r.Model.Edited(change, forced)
	if !ok {
		r.Model, l.kept = model.New(r.Doc, forced), rules.Kept{}
		return
	}
	l.kept.Edited(change, renumbered, r.Doc.File)
}

// edit replaces the bytes of a span by others, so many, which leads to a text.
type edit struct {
	span   source.Span
	length int
	to     *source.File
}

// Bounds of what counts as single edits.
const (
	maxEdits = 4
	apart    = 256 // bytes that are the same between two edits
)

// difference finds the edits that lead from one text to another: one, or several where nothing moved.
func difference(from []byte, f *source.File) ([]edit, bool) {
	to := f.Text
	start := common(from, to)
	if start == len(from) && start == len(to) {
		return nil, true
	}
	end := commonEnd(from[start:], to[start:])
	span := source.Span{Start: start, End: len(from) - end}
	if len(from) != len(to) {
		return []edit{{span, len(to) - end - start, f}}, true
	}
	var spans []source.Span
	for at := start; at < span.End; {
		last := at + 1 // behind the last byte that differs
		for i := last; i < span.End && i-last < apart; i++ {
			if from[i] != to[i] {
				last = i + 1
			}
		}
		spans = append(spans, source.Span{Start: at, End: last})
		if len(spans) > maxEdits {
			return nil, false
		}
		at = last + common(from[last:span.End], to[last:span.End])
	}
	var edits []edit
	for i, s := range spans {
		g := f
		if i < len(spans)-1 {
			g = source.New(f.Path, slices.Concat(to[:s.End], from[s.End:]))
		}
		edits = append(edits, edit{s, s.Len(), g})
	}
	return edits, true
}

// common is the length of the longest text that both begin with.
func common(a, b []byte) int {
	const step = 1024
	n, end := 0, min(len(a), len(b))
	for n+step <= end && bytes.Equal(a[n:n+step], b[n:n+step]) {
		n += step
	}
	for n < end && a[n] == b[n] {
		n++
	}
	return n
}

// commonEnd is the length of the longest text that both end with.
func commonEnd(a, b []byte) int {
	const step = 1024
	n, end := 0, min(len(a), len(b))
	for n+step <= end && bytes.Equal(a[len(a)-n-step:len(a)-n], b[len(b)-n-step:len(b)-n]) {
		n += step
	}
	for n < end && a[len(a)-n-1] == b[len(b)-n-1] {
		n++
	}
	return n
}

// use counts those who look at a result.
type use struct {
	mu    sync.Mutex
	now   int
	kept  bool // for good
	ended bool
	free  chan struct{} // closed when nobody looks any more; nil when nobody waits for that
}

// Hold keeps the result as it is until release is called. It reports false when the result is changed already, and must not be
// looked at.
func (r *Result) Hold() (release func(), ok bool) {
	u := &r.use
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ended {
		return nil, false
	}
	u.now++
	return sync.OnceFunc(u.release), true
}

// Keep is Hold for good.
func (r *Result) Keep() (ok bool) {
	u := &r.use
	u.mu.Lock()
	defer u.mu.Unlock()
	u.kept = !u.ended
	return u.kept
}

func (u *use) release() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.now--; u.now == 0 && u.free != nil {
		close(u.free)
		u.free = nil
	}
}

// patience is how long it is worth to wait for those who look at a result: about as long as it takes to make one from nothing.
const patience = 50 * time.Millisecond

// end waits until nobody looks any more, and lets nobody in again. It gives up when that takes too long.
func (u *use) end(ctx context.Context) bool {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		u.mu.Lock()
		if u.kept {
			u.mu.Unlock()
			return false
		}
		if u.now == 0 {
			u.ended = true
			u.mu.Unlock()
			return true
		}
		if u.free == nil {
			u.free = make(chan struct{})
		}
		free := u.free
		u.mu.Unlock()
		select {
		case <-free:
		case <-timeout.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}
