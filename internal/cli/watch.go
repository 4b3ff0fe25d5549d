package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/internal/config"
)

const (
	watchEvery  = 300 * time.Millisecond // between looks at the files that are known
	watchSearch = 10                     // looks between searches for new files
)

// watched are the files that a check looked at, or looked for: absolute name to how it was found before it was read.
type watched struct {
	mu    sync.Mutex
	files map[string]fileState
}

// fileState is what tells that a file changed; the zero state is that of a file that is not there.
type fileState struct {
	modified time.Time
	size     int64
}

func stateOf(name string) fileState {
	info, err := os.Stat(name)
	if err != nil {
		return fileState{}
	}
	return fileState{info.ModTime(), info.Size()}
}

// note remembers how a file stands. A nil receiver is a check that is not watched.
func (w *watched) note(name string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, known := w.files[name]; !known {
		w.files[name] = stateOf(name)
	}
}

// noteConfigs remembers every prefectc.cue that could hold for a file.
func (w *watched) noteConfigs(file string) {
	if w == nil {
		return
	}
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		w.note(filepath.Join(dir, config.Name))
		if dir == filepath.Dir(dir) {
			return
		}
	}
}

func (w *watched) changed() bool {
	for name, state := range w.files {
		if stateOf(name) != state {
			return true
		}
	}
	return false
}

// watch checks again whenever a file that took part changes, until the context ends.
func (p *Process) watch(ctx context.Context, engine *compiler.Compiler, f checkFlags, args []string) error {
	for {
		w := &watched{files: map[string]fileState{}}
		names := p.named(args)
		for _, name := range names {
			w.note(p.abs(name))
		}
		p.clear()
		c, err := f.read(p, args)
		if err != nil {
			return err
		}
		if err = p.checkOnce(ctx, engine, c, args, w); ctx.Err() != nil {
			return nil
		}
		var ended *exit
		if errors.As(err, &ended) && ended.err != nil {
			p.report(err)
		}
		_, _ = fmt.Fprintln(p.Stderr, "watching; Ctrl-C ends it")
		if !p.awaitChange(ctx, w, names, args) {
			return nil
		}
	}
}

// awaitChange returns when something changed, or false when the context ended.
func (p *Process) awaitChange(ctx context.Context, w *watched, names, args []string) bool {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for looks := 1; ; looks++ {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
		if w.changed() || looks%watchSearch == 0 && len(p.named(args)) != len(names) {
			return true
		}
	}
}

// named are the names of the files that arguments stand for now, whether these exist or not.
func (p *Process) named(args []string) []string {
	if len(args) == 0 {
		args = []string{DefaultFile}
	}
	var names []string
	for _, arg := range args {
		found, err := p.expand(arg)
		if err != nil {
			found = []string{arg}
		}
		names = append(names, found...)
	}
	return names
}

// clear makes a terminal empty; elsewhere one check follows the other.
func (p *Process) clear() {
	if p.Terminal {
		_, _ = fmt.Fprint(p.Stdout, "\x1b[H\x1b[2J\x1b[3J")
	}
}
