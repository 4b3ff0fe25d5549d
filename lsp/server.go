package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/prefectc/prefectc/compiler/source"
)

// Options are the circumstances of a server.
type Options struct {
	Version string             // reported to the editor
	Environ []string           // of the process, as os.Environ has it
	Alive   func(pid int) bool // whether a process exists; nil means the operating system is asked
	now     func() time.Time   // nil means the clock
	names   namesReader        // nil means the Prefect server
	analyze analyzer           // nil means the compiler
}

// Serve talks to one editor until it leaves and returns the exit status: 0 after shutdown and exit, otherwise 1.
// Nothing but messages is ever written to out.
func Serve(ctx context.Context, in io.Reader, out io.Writer, log io.Writer, opts Options) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := newServer(ctx, out, log, opts)
	code := make(chan int, 1)
	go func() { code <- s.read(in) }()
	var status int
	select {
	case status = <-code:
	case <-s.gone:
		status = 1
	case <-ctx.Done():
		status = 1
	}
	cancel()
	s.out.close()
	if status == 0 {
		<-s.out.done
	}
	return status
}

// phase is where the connection stands.
type phase int32

const (
	fresh phase = iota // before initialize
	running
	down // after shutdown
)

// Server is one connection. See the package comment for how its parts work together.
type Server struct {
	ctx  context.Context
	opts Options
	out  *frameWriter
	gone chan struct{} // closed when the editor's process has died

	logMu sync.Mutex
	log   io.Writer

	phase  phase // read loop only
	client client
	enc    source.Encoding // fixed by initialize

	session *session
	push    *pusher
	live    live
	closed  closedFiles

	mu      sync.Mutex
	running map[string]context.CancelFunc // requests being answered, by raw id
	calls   map[int64]chan<- *message     // our requests to the editor

	lastCall   atomic.Int64
	refreshing atomic.Int64 // changes since the last time no refresh was under way
	wentAway   sync.Once
}

func newServer(ctx context.Context, out, log io.Writer, opts Options) *Server {
	if opts.now == nil {
		opts.now = time.Now
	}
	if opts.names == nil {
		opts.names = readNames
	}
	if opts.analyze == nil {
		opts.analyze = compile
	}
	s := &Server{
		ctx: ctx, opts: opts, out: newFrameWriter(out), log: log, gone: make(chan struct{}),
		running: map[string]context.CancelFunc{}, calls: map[int64]chan<- *message{},
	}
	s.session = newSession(opts.analyze)
	s.push = newPusher(s)
	return s
}

func (s *Server) now() time.Time { return s.opts.now() }

// logf writes one line to the log, which is not the protocol's stream.
func (s *Server) logf(format string, args ...any) {
	s.logMu.Lock()
	defer s.logMu.Unlock()
	fmt.Fprintf(s.log, "prefect-lsp: "+format+"\n", args...)
}

// read is the loop: it takes messages until exit or the end of the input.
func (s *Server) read(in io.Reader) int {
	frames := newFrameReader(in)
	for {
		body, err := frames.next()
		switch {
		case errors.Is(err, errFrame):
			s.refuse(nullID, failure(jsonrpc2.CodeParseError, err.Error()))
			continue
		case errors.Is(err, errTooLarge):
			s.refuse(nullID, failure(jsonrpc2.CodeInvalidRequest, fmt.Sprintf("message too large: at most %d bytes", maxMessage)))
			continue
		case err != nil:
			if !errors.Is(err, io.EOF) {
				s.logf("reading: %v", err)
			}
			return 1
		}
		m, bad := decode(body)
		if bad != nil {
			id := m.ID
			if id == nil {
				id = nullID
			}
			s.refuse(id, bad)
			continue
		}
		if m.Method == "exit" && m.isNotification() {
			if s.phase == down {
				return 0
			}
			return 1
		}
		s.take(m)
	}
}

// take handles one well-formed message on the read loop.
func (s *Server) take(m *message) {
	switch {
	case m.isNotification():
		s.notified(m)
	case m.isRequest():
		s.requested(m)
	default:
		s.answered(m)
	}
}

func (s *Server) notified(m *message) {
	if s.phase != running && m.Method != "$/cancelRequest" {
		return
	}
	handler, ok := notifications[m.Method]
	if !ok {
		return
	}
	if err := s.guarded(m.Method, func() error { return handler(s, m.Params) }); err != nil {
		s.logf("%s: %s", m.Method, err)
	}
}

func (s *Server) requested(m *message) {
	switch {
	case m.Method == "initialize" && s.phase == fresh:
		s.lifecycle(m, s.initialize)
	case s.phase == fresh:
		s.refuse(m.ID, failure(codeNotInitialized, "initialize comes first"))
	case s.phase == down:
		s.refuse(m.ID, failure(jsonrpc2.CodeInvalidRequest, "the server is shutting down"))
	case m.Method == "initialize":
		s.refuse(m.ID, failure(jsonrpc2.CodeInvalidRequest, "already initialized"))
	case m.Method == "shutdown":
		s.lifecycle(m, s.shutdown)
	default:
		handler, ok := requests[m.Method]
		if !ok {
			s.refuse(m.ID, failure(jsonrpc2.CodeMethodNotFound, fmt.Sprintf("method %q is not supported", m.Method)))
			return
		}
		s.start(m, handler)
	}
}

// lifecycle answers on the read loop: what follows depends on it.
func (s *Server) lifecycle(m *message, handler func(json.RawMessage) (any, error)) {
	var result any
	err := s.guarded(m.Method, func() (err error) {
		result, err = handler(m.Params)
		return err
	})
	s.answer(m.ID, result, err)
}

// start answers a request off the read loop, over the snapshot of this moment.
func (s *Server) start(m *message, handler request) {
	ctx, cancel := context.WithCancel(s.ctx)
	id := string(m.ID)
	s.mu.Lock()
	s.running[id] = cancel
	s.mu.Unlock()
	snap := s.session.current()
	finished := make(chan struct{})
	var once sync.Once
	answer := func(result any, err error) {
		once.Do(func() {
			s.mu.Lock()
			delete(s.running, id)
			s.mu.Unlock()
			s.answer(m.ID, result, err)
		})
	}
	work, done := withHolds(ctx)
	go func() {
		defer done()
		defer cancel()
		defer close(finished)
		var result any
		err := s.guarded(m.Method, func() (err error) {
			result, err = handler(work, s, snap, m.Params)
			return err
		})
		answer(result, err)
	}()
	// A cancelled request is answered at once, however long its handler takes to notice.
	context.AfterFunc(ctx, func() {
		select {
		case <-finished:
		default:
			answer(nil, ctx.Err())
		}
	})
}

// guarded turns a panic into an error and leaves its stack in the log.
func (s *Server) guarded(method string, f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			s.logf("%s panicked: %v\n%s", method, r, debug.Stack())
			err = failure(jsonrpc2.CodeInternalError, fmt.Sprintf("%s failed: internal error, see the server's log", method))
		}
	}()
	return f()
}
