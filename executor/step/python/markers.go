package python

import (
	"bytes"
	"io"
)

// splitter passes a stream on and takes markers out of it. A marker ends the text of one request; it may stand anywhere,
// also right behind an unfinished line.
type splitter struct {
	marker []byte
	to     io.Writer
	marked func()
	rest   []byte // may be the beginning of a marker
}

func (s *splitter) Write(p []byte) (int, error) {
	s.rest = append(s.rest, p...)
	for {
		i := bytes.Index(s.rest, s.marker)
		if i < 0 {
			break
		}
		s.pass(i)
		s.rest = append(s.rest[:0], s.rest[len(s.marker):]...)
		s.marked()
	}
	keep := min(len(s.rest), len(s.marker)-1)
	for keep > 0 && !bytes.HasPrefix(s.marker, s.rest[len(s.rest)-keep:]) {
		keep--
	}
	s.pass(len(s.rest) - keep)
	return len(p), nil
}

func (s *splitter) pass(n int) {
	if n > 0 {
		_, _ = s.to.Write(s.rest[:n]) // a LineWriter never fails
		s.rest = append(s.rest[:0], s.rest[n:]...)
	}
}
