package prefect

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

// loaded is a server that notes how many requests it has at once and what was done.
type loaded struct {
	mu    sync.Mutex
	under int
	most  int
	done  map[string]int
}

func (l *loaded) enter() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.under++
	l.most = max(l.most, l.under)
	return l.under
}

func (l *loaded) leave(path string, worked bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.under--
	if worked {
		l.done[path]++
	}
}

// update sends so many writes, as many at once as there are workers.
func update(t *testing.T, c *Client, writes, workers int) {
	t.Helper()
	var all sync.WaitGroup
	work := make(chan int)
	for range workers {
		all.Go(func() {
			for n := range work {
				if err := c.UpdateDeployment(context.Background(), fmt.Sprint(n), nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range writes {
		work <- n
	}
	close(work)
	all.Wait()
}

// A server that answers late but many at once is given many.
func TestMoreIsSentAtOnceWhileThatHelps(t *testing.T) {
	l := &loaded{done: map[string]int{}}
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		l.enter()
		time.Sleep(20 * time.Millisecond)
		l.leave(r.URL.Path, true)
		w.WriteHeader(204)
	})
	c := (&setup{}).client(t, address)
	c.clock = systemClock{}
	update(t, c, 150, 16)
	if l.most < 6 || l.most > maxWindow {
		t.Errorf("at most %d writes were under way", l.most)
	}
}

// A server that gets no more done when it has more to do is left with few.
func TestMoreIsNotSentAtOnceInVain(t *testing.T) {
	var one sync.Mutex
	l := &loaded{done: map[string]int{}}
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		l.enter()
		one.Lock()
		time.Sleep(5 * time.Millisecond)
		one.Unlock()
		l.leave(r.URL.Path, true)
		w.WriteHeader(204)
	})
	c := (&setup{}).client(t, address)
	c.clock = systemClock{}
	update(t, c, 100, 16)
	if l.most > 6 {
		t.Errorf("%d writes were under way", l.most)
	}
}

// A server that cannot bear many at once - 503, and worse, dropped connections - gets all that it was to get.
func TestABusyServerGetsEveryWrite(t *testing.T) {
	l := &loaded{done: map[string]int{}}
	var refused atomic.Int32
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n := l.enter()
		worked := n <= 3 && rand.IntN(50) > 0
		defer l.leave(r.URL.Path, worked)
		time.Sleep(3 * time.Millisecond)
		switch {
		case worked:
			w.WriteHeader(204)
		case n > 6:
			refused.Add(1)
			panic(http.ErrAbortHandler)
		default:
			refused.Add(1)
			w.WriteHeader(503)
		}
	})
	s := &setup{}
	update(t, s.client(t, address), 200, 16)
	if len(l.done) != 200 {
		t.Errorf("%d of 200 writes were done", len(l.done))
	}
	if refused.Load() > 100 {
		t.Errorf("%d requests were refused: the client does not learn", refused.Load())
	}
}

// An automation whose creation was not answered is looked for before it is created again; a deletion likewise.
func TestALostAnswerDuplicatesNothing(t *testing.T) {
	for _, lost := range []string{"the request", "the answer"} {
		var mu sync.Mutex
		have := []map[string]any{}
		failures := 1
		address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			fails := failures > 0 && r.Method != http.MethodGet
			if fails {
				failures--
				if lost == "the request" {
					panic(http.ErrAbortHandler)
				}
			}
			status := 200
			switch r.Method {
			case http.MethodPost:
				have = append(have, map[string]any{"id": fmt.Sprint("id", len(have)), "name": "one"})
			case http.MethodDelete:
				if len(have) == 0 {
					status = 404
				}
				have = []map[string]any{}
			}
			if fails {
				panic(http.ErrAbortHandler)
			}
			if r.Method == http.MethodPost {
				answerJSON(w, 201, have[len(have)-1])
				return
			}
			answerJSON(w, status, have)
		})
		c := (&setup{}).client(t, address)
		for n := range 2 { // another one of the same name is another one
			var known []string
			for i := range n {
				known = append(known, fmt.Sprint("id", i))
			}
			failures = 1
			id, err := c.CreateAutomation(context.Background(), value.NewMap("name", "one", "owner_resource", "prefect.deployment.1"), known...)
			if err != nil || id != fmt.Sprint("id", n) || len(have) != n+1 {
				t.Errorf("%s was lost: %q %v, and the server has %v", lost, id, err, have)
			}
		}
		failures = 1
		if err := c.DeleteDeployment(context.Background(), "1"); err != nil || len(have) != 0 {
			t.Errorf("%s of a deletion was lost: %v", lost, err)
		}
	}
}
