package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// request is one that apply sent.
type request struct {
	method, path string // below the API's URL, with the query
	body         []byte
	header       http.Header
}

// creates holds for the requests that apply sends in parallel.
func (r request) creates() bool { return r.method == http.MethodPost && r.path == "/deployments/" }

// record runs one apply through a proxy and returns what it sent.
func (b *bench) record(ctx context.Context) ([]request, error) {
	target, err := url.Parse(b.api)
	if err != nil {
		return nil, fmt.Errorf("read -api: %w", err)
	}
	var mu sync.Mutex
	var sent []request
	busy := 0
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: target.Scheme, Host: target.Host})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		one := request{r.Method, strings.TrimPrefix(r.URL.RequestURI(), target.Path), body, r.Header.Clone()}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := &status{ResponseWriter: w}
		proxy.ServeHTTP(answer, r)
		mu.Lock()
		defer mu.Unlock()
		if answer.code == http.StatusServiceUnavailable {
			busy++ // apply sends it again
			return
		}
		sent = append(sent, one)
	}))
	defer server.Close()
	err = b.command(ctx, server.URL+target.Path)
	if busy > 0 {
		fmt.Printf("the server was too busy %d times\n", busy)
	}
	return sent, err
}

// status remembers the code of an answer.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

func summary(sent []request) string {
	count := map[string]int{}
	for _, r := range sent {
		count[r.method+" "+r.path]++
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(count)) {
		parts = append(parts, fmt.Sprintf("%d %s", count[key], key))
	}
	return strings.Join(parts, ", ")
}

// replay sends the requests: those that create deployments over parallel connections, the others one after another.
func replay(ctx context.Context, api string, sent []request, parallel int) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: parallel}}
	defer client.CloseIdleConnections()
	work := make(chan request)
	failures := make(chan error, parallel)
	for range parallel {
		go func() {
			var first error
			for r := range work {
				if err := send(ctx, client, api, r); err != nil && first == nil {
					first = err
				}
			}
			failures <- first
		}()
	}
	var failed error
	for _, r := range sent {
		if r.creates() {
			work <- r
		} else if err := send(ctx, client, api, r); err != nil && failed == nil {
			failed = err
		}
	}
	close(work)
	for range parallel {
		failed = errors.Join(failed, <-failures)
	}
	return failed
}

// busyWait is how long the plain program waits for a server that answers 503, as one on SQLite does when writes meet.
const busyWait = 100 * time.Millisecond

func send(ctx context.Context, client *http.Client, api string, r request) error {
	req, err := http.NewRequestWithContext(ctx, r.method, api+r.path, bytes.NewReader(r.body))
	if err != nil {
		return err
	}
	req.Header = r.header.Clone()
	req.Header.Del("Accept-Encoding")
	answer, err := client.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode == http.StatusServiceUnavailable {
		time.Sleep(busyWait)
		return send(ctx, client, api, r)
	}
	if answer.StatusCode >= 400 && !strings.HasPrefix(r.path, "/csrf-token") {
		return fmt.Errorf("%s %s: %s: %.300s", r.method, r.path, answer.Status, text)
	}
	return nil
}

// empty deletes all deployments. Flows stay, so that the ids in recorded requests hold.
func empty(ctx context.Context, api string) error {
	for {
		answer, err := ask(ctx, http.MethodPost, api+"/deployments/filter", `{"limit": 200}`)
		if err != nil {
			return err
		}
		var list []struct{ ID string }
		if err := json.Unmarshal(answer, &list); err != nil {
			return fmt.Errorf("list deployments: %w", err)
		}
		if len(list) == 0 {
			return nil
		}
		for _, d := range list {
			if _, err := ask(ctx, http.MethodDelete, api+"/deployments/"+d.ID, ""); err != nil {
				return err
			}
		}
	}
}

func ask(ctx context.Context, method, address, body string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 400 {
		err = fmt.Errorf("%s %s: %s: %.300s", method, address, answer.Status, text)
	}
	return text, err
}
