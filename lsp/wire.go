package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// Bounds of what is read from the editor, in bytes unless said otherwise.
const (
	maxMessage    = 256 << 20
	maxHeader     = 8 << 10
	maxBadHeaders = 64 // header lines in a row that make no sense before the stream is given up
)

// errFrame is a header block from which no length could be read; the stream goes on behind it.
var errFrame = errors.New("no usable Content-Length header")

// errTooLarge is a message beyond maxMessage; its bytes have been skipped.
var errTooLarge = errors.New("message too large")

// frameReader cuts a stream into the bodies of messages.
type frameReader struct {
	r   *bufio.Reader
	bad int
}

func newFrameReader(r io.Reader) *frameReader {
	return &frameReader{r: bufio.NewReaderSize(r, 64<<10)}
}

// next returns the next body. errFrame and errTooLarge are survivable; any other error ends the stream.
func (f *frameReader) next() ([]byte, error) {
	size, err := f.header()
	if err != nil {
		return nil, err
	}
	if size > maxMessage {
		if _, err := io.CopyN(io.Discard, f.r, size); err != nil {
			return nil, err
		}
		return nil, errTooLarge
	}
	// The length is only a claim: memory grows with what really arrives.
	var body bytes.Buffer
	body.Grow(int(min(size, 1<<20)))
	if _, err := io.CopyN(&body, f.r, size); err != nil {
		return nil, fmt.Errorf("reading a message of %d bytes: %w", size, err)
	}
	return body.Bytes(), nil
}

// header reads one header block. Names are case-insensitive, unknown headers are skipped, a bare LF ends a line too.
func (f *frameReader) header() (int64, error) {
	size, seen := int64(-1), false
	for {
		line, err := f.line()
		if err != nil {
			return 0, err
		}
		if line == "" {
			if size >= 0 {
				f.bad = 0
				return size, nil
			}
			if !seen {
				continue // stray blank lines between messages
			}
			if f.bad++; f.bad > maxBadHeaders {
				return 0, fmt.Errorf("giving up after %d header blocks without a length", f.bad)
			}
			return 0, errFrame
		}
		seen = true
		name, value, _ := strings.Cut(line, ":")
		if !strings.EqualFold(strings.TrimSpace(name), "Content-Length") {
			continue
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64); err == nil && n >= 0 {
			size = n
		}
	}
}

// line reads one header line without its end; what is longer than maxHeader is cut, not kept.
func (f *frameReader) line() (string, error) {
	var kept []byte
	for {
		part, err := f.r.ReadSlice('\n')
		if len(kept) < maxHeader {
			kept = append(kept, part[:min(len(part), maxHeader-len(kept))]...)
		}
		if err == nil {
			return strings.TrimRight(string(kept), "\r\n"), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
	}
}

// frameWriter writes messages one after the other from a goroutine of its own, so that an editor that is slow to read
// never stops us from reading.
type frameWriter struct {
	mu     sync.Mutex
	wake   *sync.Cond
	queue  [][]byte
	closed bool
	done   chan struct{}
}

func newFrameWriter(w io.Writer) *frameWriter {
	f := &frameWriter{done: make(chan struct{})}
	f.wake = sync.NewCond(&f.mu)
	go f.run(w)
	return f
}

func (f *frameWriter) run(w io.Writer) {
	defer close(f.done)
	var buf []byte
	for {
		f.mu.Lock()
		for len(f.queue) == 0 && !f.closed {
			f.wake.Wait()
		}
		batch := f.queue
		f.queue = nil
		f.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for _, body := range batch {
			buf = fmt.Appendf(buf[:0], "Content-Length: %d\r\n\r\n", len(body))
			buf = append(buf, body...)
			if _, err := w.Write(buf); err != nil {
				f.mu.Lock()
				f.closed, f.queue = true, nil
				f.mu.Unlock()
				return
			}
		}
	}
}

func (f *frameWriter) send(body []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	f.queue = append(f.queue, body)
	f.wake.Signal()
}

// close lets the queue drain; wait on done to know that it has.
func (f *frameWriter) close() {
	f.mu.Lock()
	f.closed = true
	f.wake.Signal()
	f.mu.Unlock()
}
