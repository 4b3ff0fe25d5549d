package prefect

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestWhatIsRetriedAndHowLongItWaits(t *testing.T) {
	cases := []struct {
		name   string
		env    map[string]string
		random float64
		answer func(n int, w http.ResponseWriter) // n counts from 1
		pauses string
		err    string
		sent   int
	}{
		{"503 twice", nil, 0, func(n int, w http.ResponseWriter) { w.WriteHeader(pick(n < 3, 503, 200)) }, "[2s 4s]", "", 3},
		{"408, 429, 502", nil, 0, func(n int, w http.ResponseWriter) { w.WriteHeader([]int{408, 429, 502, 200}[n-1]) }, "[2s 4s 8s]", "", 4},
		{"for ever", nil, 0, func(_ int, w http.ResponseWriter) { w.WriteHeader(503) }, "[2s 4s 8s 16s 32s]", "answered 503 Service Unavailable after 6 attempts", 6},
		{"fewer retries", map[string]string{MaxRetries: "1"}, 0, func(_ int, w http.ResponseWriter) { w.WriteHeader(503) }, "[2s]", "after 2 attempts", 2},
		{"no retries", map[string]string{MaxRetries: "0"}, 0, func(_ int, w http.ResponseWriter) { w.WriteHeader(503) }, "[]", "answered 503", 1},
		{"500 is final", nil, 0, func(_ int, w http.ResponseWriter) { w.WriteHeader(500) }, "[]", "answered 500", 1},
		{"extra code", map[string]string{RetryExtraCodes: "500"}, 0, func(n int, w http.ResponseWriter) { w.WriteHeader(pick(n < 2, 500, 200)) }, "[2s]", "", 2},
		{"Retry-After in seconds", nil, 0, func(n int, w http.ResponseWriter) {
			w.Header().Set("Retry-After", "10")
			w.WriteHeader(pick(n < 2, 429, 200))
		}, "[11s]", "", 2},
		{"Retry-After as a date", map[string]string{RetryJitterFactor: "0"}, 0, func(n int, w http.ResponseWriter) {
			w.Header().Set("Retry-After", "Fri, 02 Jan 2026 03:05:05 GMT")
			w.WriteHeader(pick(n < 2, 429, 200))
		}, "[1m0s]", "", 2},
		{"senseless Retry-After", nil, 0, func(n int, w http.ResponseWriter) {
			w.Header().Set("Retry-After", "soon")
			w.WriteHeader(pick(n < 2, 429, 200))
		}, "[2s]", "", 2},
		{"Retry-After of a day", nil, 0, func(_ int, w http.ResponseWriter) {
			w.Header().Set("Retry-After", "86400")
			w.WriteHeader(503)
		}, "[]", "the server asks to wait 24h0m0s", 1},
		{"jitter", nil, 0.999999, func(n int, w http.ResponseWriter) { w.WriteHeader(pick(n < 2, 503, 200)) }, "[2.3", "", 2},
		{"maintenance does not count", map[string]string{MaxRetries: "1"}, 0, func(n int, w http.ResponseWriter) {
			if n < 5 {
				w.Header().Set("Prefect-Maintenance", "true")
			}
			w.WriteHeader(pick(n < 6, 503, 200))
		}, "[2s 2s 2s 2s 2s]", "", 6},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var n atomic.Int32
			address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { c.answer(int(n.Add(1)), w) })
			s := &setup{env: c.env, random: c.random}
			err := s.client(t, address).DeleteDeployment(context.Background(), "1")
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error is %v, want %q", err, c.err)
			}
			if got := s.clock.slept(); !strings.HasPrefix(got, c.pauses) {
				t.Errorf("it waited %s, want %s", got, c.pauses)
			}
			if int(n.Load()) != c.sent {
				t.Errorf("it sent %d requests, want %d", n.Load(), c.sent)
			}
			if waits := strings.Count(s.notes.String(), "next attempt in"); waits != c.sent-1 {
				t.Errorf("it told of %d retries, want %d:\n%s", waits, c.sent-1, s.notes.String())
			}
		})
	}
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func TestARetriedWriteSendsItsBodyAgain(t *testing.T) {
	var n atomic.Int32
	var lengths [2]int64
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		i := n.Add(1)
		lengths[i-1] = r.ContentLength
		if i == 1 {
			w.WriteHeader(503)
			return
		}
		answerJSON(w, 201, map[string]any{"id": "1"})
	})
	if _, _, err := (&setup{}).client(t, address).CreateFlow(context.Background(), 3, "f"); err != nil {
		t.Fatal(err)
	}
	if lengths[0] == 0 || lengths[0] != lengths[1] {
		t.Errorf("bodies had %v bytes", lengths)
	}
}

func TestABrokenConnectionIsRetried(t *testing.T) {
	var n atomic.Int32
	address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) < 3 {
			panic(http.ErrAbortHandler) // closes the connection without an answer
		}
		w.WriteHeader(204)
	})
	s := &setup{}
	if err := s.client(t, address).UpdateDeployment(context.Background(), "1", nil); err != nil {
		t.Fatal(err)
	}
	if s.clock.slept() != "[2s 4s]" || !strings.Contains(s.notes.String(), "the connection was closed") {
		t.Errorf("waited %s, told %q", s.clock.slept(), s.notes.String())
	}
}

func TestAnAddressNobodyListensOnFailsSoon(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	listener.Close()
	s := &setup{}
	_, _, err = s.client(t, address).Version(context.Background())
	if !IsUnreachable(err) || s.clock.slept() != "[0s 500ms 1s]" {
		t.Fatalf("got %v after pauses %s", err, s.clock.slept())
	}
	for _, want := range []string{"cannot reach the Prefect API at " + address + "/api: connection refused", "PREFECT_API_URL from the environment", "is the server running?"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
}

func TestAServerThatWentAwayIsWaitedFor(t *testing.T) {
	address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, "3.8.8") })
	s := &setup{}
	c := s.client(t, address)
	if _, _, err := c.Version(context.Background()); err != nil {
		t.Fatal(err)
	}
	c.base.Host = "127.0.0.1:1" // nobody listens there
	if err := c.DeleteDeployment(context.Background(), "1"); !IsUnreachable(err) {
		t.Fatal(err)
	}
	if s.clock.slept() != "[2s 4s 8s 16s 32s]" {
		t.Errorf("waited %s", s.clock.slept())
	}
}

func TestASilentServerTimesOut(t *testing.T) {
	release := make(chan struct{})
	address, _ := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	s := &setup{env: map[string]string{RequestTimeout: "0.05", MaxRetries: "1"}}
	_, _, err := s.client(t, address).Version(context.Background())
	if err == nil || !strings.Contains(err.Error(), "no answer within 50ms") || !strings.Contains(err.Error(), "2 attempts") || !strings.Contains(err.Error(), RequestTimeout) {
		t.Errorf("got %v", err)
	}
}

func TestASlowAnswerThatKeepsComingIsWaitedFor(t *testing.T) {
	address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, part := range `"3.8.8"` {
			fmt.Fprintf(w, "%c", part)
			w.(http.Flusher).Flush()
			time.Sleep(100 * time.Millisecond) // in all more than the timeout
		}
	})
	s := &setup{env: map[string]string{RequestTimeout: "0.5", MaxRetries: "0"}}
	if _, version, err := s.client(t, address).Version(context.Background()); err != nil || version != "3.8.8" {
		t.Errorf("got %q, %v", version, err)
	}
}

func TestAnEndedContextEndsTheCall(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	address, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.WriteHeader(503)
	})
	err := (&setup{}).client(t, address).DeleteDeployment(ctx, "1")
	if err == nil || requests.String() != "DELETE /api/deployments/1" || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("got %v after %q", err, requests.String())
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"10", "-1", "1e308", "NaN", "Inf", "Fri, 02 Jan 2026 03:05:05 GMT", "0x10", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if d, _ := retryAfter(header, time.Unix(0, 0)); d < 0 {
			t.Fatalf("%q waits %s", header, d)
		}
	})
}
