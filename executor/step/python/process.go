package python

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

var errEnded = errors.New("the interpreter ended")

// How long the interpreter may take to end by itself, and how long output may lag behind a reply.
const (
	grace  = 3 * time.Second
	outlag = 2 * time.Second
)

// process is one run of the interpreter.
type process struct {
	cmd      *exec.Cmd
	group    bool
	hurry    <-chan struct{}
	marker   string
	requests *os.File
	replies  chan []byte // closed at the end
	readEnds []*os.File
	exited   chan struct{} // closed after the process was waited for
	drained  chan struct{} // closed after both streams ended
	tail     tail

	mu     sync.Mutex
	output func(string, Stream)
	seen   [3]int // markers seen, by stream
	news   chan struct{}
	want   [3]int // markers the child says it wrote
}

// pipes are the four connections, each as the child's and our end.
type pipes struct {
	request, reply, stdout, stderr struct{ child, ours *os.File }
}

func makePipes() (p pipes, err error) {
	for _, x := range []struct {
		child, ours **os.File
		input       bool
	}{
		{&p.request.child, &p.request.ours, true}, {&p.reply.child, &p.reply.ours, false},
		{&p.stdout.child, &p.stdout.ours, false}, {&p.stderr.child, &p.stderr.ours, false},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			p.close(true)
			return p, fmt.Errorf("making a pipe: %w", err)
		}
		if *x.child, *x.ours = w, r; x.input {
			*x.child, *x.ours = r, w
		}
	}
	return p, nil
}

// close closes the child's ends, which this process must not hold, and on failure ours too.
func (p *pipes) close(all bool) {
	for _, f := range []*os.File{p.request.child, p.reply.child, p.stdout.child, p.stderr.child} {
		f.Close()
	}
	if all {
		for _, f := range []*os.File{p.request.ours, p.reply.ours, p.stdout.ours, p.stderr.ours} {
			f.Close()
		}
	}
}

func start(o Options) (*process, error) {
	var nonce [16]byte
	if _, err := rand.Read(nonce[:]); err != nil {
		return nil, fmt.Errorf("making a marker: %w", err)
	}
	pipes, err := makePipes()
	if err != nil {
		return nil, err
	}
	p := &process{
		marker: "\x1e" + hex.EncodeToString(nonce[:]) + "\x1f", requests: pipes.request.ours, group: o.Stdin == nil, hurry: o.Hurry,
		replies: make(chan []byte), exited: make(chan struct{}), drained: make(chan struct{}), news: make(chan struct{}, 1),
		readEnds: []*os.File{pipes.reply.ours, pipes.stdout.ours, pipes.stderr.ours},
	}
	cmd := exec.Command(o.Path, "-u", "-c", program)
	cmd.Dir, cmd.Env = o.Dir, o.Env
	connect(cmd, pipes, o.Stdin)
	if p.group {
		Detach(cmd)
	}
	if err := cmd.Start(); err != nil {
		pipes.close(true)
		return nil, fmt.Errorf("starting Python: %w", err)
	}
	pipes.close(false)
	p.cmd = cmd
	var readers sync.WaitGroup
	readers.Add(2)
	go func() { defer readers.Done(); p.drain(pipes.stdout.ours, Stdout) }()
	go func() { defer readers.Done(); p.drain(pipes.stderr.ours, Stderr) }()
	go func() { readers.Wait(); close(p.drained) }()
	go p.readReplies(pipes.reply.ours)
	go func() {
		_ = cmd.Wait() // the exit status is read from ProcessState
		close(p.exited)
	}()
	return p, nil
}

// readReplies passes lines on until the child's end is closed.
func (p *process) readReplies(f *os.File) {
	defer close(p.replies)
	r := bufio.NewReaderSize(f, 64<<10)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return
		}
		p.replies <- line
	}
}

// drain reads a stream for as long as the process lives, so that it can never block on a full pipe.
func (p *process) drain(f *os.File, s Stream) {
	lines := NewLineWriter(func(line string) { p.line(line, s) })
	split := &splitter{marker: []byte(p.marker), to: lines, marked: func() {
		lines.Flush()
		p.mu.Lock()
		p.seen[s]++
		p.mu.Unlock()
		select {
		case p.news <- struct{}{}:
		default:
		}
	}}
	_, _ = io.Copy(split, f) // a read error is the end of the stream
	split.pass(len(split.rest))
	lines.Flush()
}

func (p *process) line(line string, s Stream) {
	if s == Stderr {
		p.tail.add(line)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.output != nil {
		p.output(line, s)
	}
}

// roundTrip sends one request and returns its reply, after all it printed was passed on.
func (p *process) roundTrip(ctx context.Context, request *value.Map, output func(string, Stream)) (value.Value, error) {
	line, err := value.JSON(request)
	if err != nil {
		return nil, fmt.Errorf("writing a request to Python: %w", err)
	}
	p.setOutput(output)
	defer p.setOutput(nil)
	sent := make(chan error, 1)
	go func() { _, err := p.requests.Write(append(line, '\n')); sent <- err }()
	select {
	case text, ok := <-p.replies:
		if !ok {
			p.settle()
			return nil, errEnded
		}
		if err := <-sent; err != nil {
			return nil, errEnded
		}
		reply, err := value.FromJSON(text)
		if err != nil {
			return nil, fmt.Errorf("reading a reply from Python: %w", err)
		}
		p.await(ctx, reply)
		return reply, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// settle waits for the end of a process whose reply pipe closed, so that its last words are read.
func (p *process) settle() {
	p.endsWithin(grace)
	select {
	case <-p.drained:
	case <-time.After(outlag): // something it started still holds the streams
	}
}

func (p *process) setOutput(f func(string, Stream)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.output = f
}

// await waits until the markers of a reply came through. A step may have closed or redirected a stream of the process;
// then there is nothing to wait for, which is why this gives up after a while.
func (p *process) await(ctx context.Context, reply value.Value) {
	marked, _ := get(reply, "marked").([]value.Value)
	p.mu.Lock()
	for _, m := range marked {
		if s, ok := m.(int64); ok && s > 0 && int(s) < len(p.want) {
			p.want[s]++
		}
	}
	p.mu.Unlock()
	timeout := time.NewTimer(outlag)
	defer timeout.Stop()
	for {
		p.mu.Lock()
		done := p.seen[Stdout] >= p.want[Stdout] && p.seen[Stderr] >= p.want[Stderr]
		if !done {
			select {
			case <-timeout.C:
				p.seen = p.want
				done = true
			default:
			}
		}
		p.mu.Unlock()
		if done {
			return
		}
		select {
		case <-p.news:
		case <-timeout.C:
			timeout.Reset(0)
		case <-ctx.Done():
			return
		}
	}
}

func (p *process) ended() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

func (p *process) exitCode() int {
	if !p.ended() {
		return -1
	}
	return ExitCode(p.cmd.ProcessState)
}

// stop ends the process. An idle one is told by the end of its requests and may finish; one that is at work is asked
// to end, with everything it started, and what is still there after a while is killed.
func (p *process) stop(atWork bool) {
	if atWork {
		Terminate(p.cmd, p.group)
	} else {
		p.requests.Close()
	}
	if !p.endsWithin(grace) {
		Terminate(p.cmd, p.group)
		if atWork || !p.endsWithin(grace) {
			Kill(p.cmd, p.group)
			<-p.exited
		}
	}
	if atWork && p.group {
		Kill(p.cmd, true) // what outlived its parent
	}
	p.requests.Close()
	for _, f := range p.readEnds {
		f.Close()
	}
	go func() { // lets readReplies end
		for range p.replies {
		}
	}()
}

func (p *process) endsWithin(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-p.exited:
		return true
	case <-p.hurry:
		return false
	case <-timer.C:
		return false
	}
}
