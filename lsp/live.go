package lsp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/prefectc/prefectc/prefect"
)

// live holds what things on the Prefect server are called, for completion, when the user has turned that on. They are read in the
// background and kept for a while; completion takes what there is.
type live struct {
	mu      sync.Mutex
	names   *prefect.Names
	asked   time.Time
	loading chan struct{} // closed when the read that is under way has ended; nil when none is
}

const (
	liveAge      = time.Minute            // how long names are taken to be current, and how long a failure is not tried again
	livePatience = 20 * time.Second       // for one read
	liveWait     = 700 * time.Millisecond // how long the first completion waits
)

// liveNames are the names to propose; nil when live data is off or not there yet. More tells that asking again will give others.
func (s *Server) liveNames(ctx context.Context, snap *snapshot) (names *prefect.Names, more bool) {
	if !snap.settings.Live {
		return nil, false
	}
	l := &s.live
	l.mu.Lock()
	if l.loading == nil && (l.asked.IsZero() || s.now().Sub(l.asked) > liveAge) {
		l.asked, l.loading = s.now(), make(chan struct{})
		go s.readLive(snap, l.loading)
	}
	names, loading := l.names, l.loading
	l.mu.Unlock()
	if names != nil || loading == nil {
		return names, false
	}
	timer := time.NewTimer(liveWait)
	defer timer.Stop()
	select {
	case <-loading:
	case <-timer.C:
		more = true
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.names, more
}

// namesReader reads the names; dir is where a project may have settings of its own.
type namesReader func(ctx context.Context, environ []string, dir string) (*prefect.Names, error)

func (s *Server) readLive(snap *snapshot, done chan struct{}) {
	ctx, cancel := context.WithTimeout(s.ctx, livePatience)
	defer cancel()
	dir := ""
	if len(snap.folders) > 0 {
		dir = snap.folders[0]
	}
	end := s.progress(ctx, "prefectc", "reading names from the Prefect server")
	names, err := s.opts.names(ctx, s.opts.Environ, dir)
	end()
	if err != nil && s.ctx.Err() == nil {
		s.logf("live data: %v", err)
	}
	s.live.mu.Lock()
	if err == nil {
		s.live.names = names
	}
	s.live.loading = nil
	s.live.mu.Unlock()
	close(done)
}

// forget drops what was read, so that the next completion reads anew.
func (l *live) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.names, l.asked = nil, time.Time{}
}

// readNames asks the server of the active profile. There has to be one: none is started.
func readNames(ctx context.Context, environ []string, dir string) (*prefect.Names, error) {
	env := prefect.Environ(environ)
	home, ok := env["HOME"]
	if !ok {
		home, _ = os.UserHomeDir()
	}
	settings, err := prefect.LoadSettings(env, dir, home, prefect.Options{})
	if err != nil {
		return nil, err
	}
	if settings.URL == "" {
		return nil, errors.New("no Prefect API is configured: set PREFECT_API_URL or choose a profile that has one")
	}
	client, err := prefect.New(settings, prefect.Extra{})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	names, err := client.ReadNames(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s", client.Redact(err.Error()))
	}
	return names, nil
}
