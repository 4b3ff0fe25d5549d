package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/prefectc/prefectc/executor/journal"
)

// begin starts the journals of an apply. With resume it takes over what the last apply of the same file to the same server has done,
// when that one did not come to its end.
func (b *batch) begin(resume bool) error {
	for _, w := range b.works {
		if w.store == nil {
			if resume {
				return failed("state", errors.New("there is nothing to resume from: the project's directory cannot be written to"))
			}
			continue
		}
		last, err := w.store.Last(w.memory.Target)
		if err != nil {
			return failed("state", err)
		}
		carried := w.resumed(last, resume)
		if w.memory.Journal, err = w.store.Begin(w.memory.Target, w.hash, carried); err != nil {
			return failed("state", fmt.Errorf("nothing was done: %w", err))
		}
	}
	return nil
}

// resumed finds what is skipped, and says so.
func (w *work) resumed(last *journal.Log, resume bool) []journal.Record {
	what := w.shown
	if w.result == nil {
		what = "the entrypoint"
	}
	switch {
	case resume && last.Complete():
		_, _ = fmt.Fprintf(w.Stderr, "prefectc: nothing to resume: no apply of %s to this server was left unfinished\n", what)
		return nil
	case last.Complete():
		return nil
	}
	done := last.DoneByConfig()
	began := last.Begun().Format(time.RFC3339)
	if !resume {
		if len(done) > 0 && !last.Ended() {
			_, _ = fmt.Fprintf(w.Stderr, "prefectc: the apply of %s that began at %s was stopped; this one does all of it again, --resume skips what was done\n", what, began)
		}
		return nil
	}
	w.memory.Finished = map[string]journal.Record{}
	var carried []journal.Record
	for _, d := range w.plan.Deployments {
		if r, ok := done[w.executor.Config(d)]; ok {
			w.memory.Finished[r.Config] = r
			carried = append(carried, r)
		}
	}
	_, _ = fmt.Fprintf(w.Stderr, "prefectc: resuming the apply of %s that began at %s: %d of %d deployments were done\n",
		what, began, len(carried), len(w.plan.Deployments))
	return carried
}

// end closes the journals.
func (b *batch) end(complete bool) error {
	var all error
	for _, w := range b.works {
		if w.memory != nil && w.memory.Journal != nil {
			all = errors.Join(all, w.memory.Journal.End(complete))
		}
	}
	return all
}
