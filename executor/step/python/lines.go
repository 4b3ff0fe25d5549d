package python

import (
	"bytes"
	"strings"
	"sync"
)

// Stream says where a line of output came from.
type Stream int

// The two streams of a process.
const (
	Stdout Stream = 1
	Stderr Stream = 2
)

// String is the stream's usual name.
func (s Stream) String() string {
	if s == Stderr {
		return "stderr"
	}
	return "stdout"
}

// A longer line is passed on in pieces.
const longestLine = 64 << 10

// LineWriter cuts what is written to it into lines.
type LineWriter struct {
	line func(string)
	rest []byte
}

// NewLineWriter calls line for every line, without its line break.
func NewLineWriter(line func(string)) *LineWriter { return &LineWriter{line: line} }

// Write never fails.
func (w *LineWriter) Write(p []byte) (int, error) {
	n := len(p)
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			break
		}
		w.pass(append(w.rest, p[:i]...))
		w.rest, p = w.rest[:0], p[i+1:]
	}
	w.rest = append(w.rest, p...)
	for len(w.rest) > longestLine {
		w.pass(w.rest[:longestLine])
		w.rest = append(w.rest[:0], w.rest[longestLine:]...)
	}
	return n, nil
}

// Flush passes on an unfinished last line.
func (w *LineWriter) Flush() {
	if len(w.rest) > 0 {
		w.pass(w.rest)
		w.rest = w.rest[:0]
	}
}

func (w *LineWriter) pass(b []byte) {
	w.line(strings.ToValidUTF8(strings.TrimSuffix(string(b), "\r"), "\uFFFD"))
}

// tail remembers the last lines of a stream.
type tail struct {
	mu    sync.Mutex
	lines []string
}

const tailLines = 12

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == tailLines {
		copy(t.lines, t.lines[1:])
		t.lines = t.lines[:tailLines-1]
	}
	t.lines = append(t.lines, line)
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}
