package prefect

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// csrfServer protects writes as Prefect's server does.
type csrfServer struct {
	mu      sync.Mutex
	issued  int
	valid   string
	client  string
	expires time.Time
}

func (s *csrfServer) handle(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/api/csrf-token" {
		s.issued++
		s.valid, s.client = fmt.Sprintf("token-%d", s.issued), r.URL.Query().Get("client")
		answerJSON(w, 200, map[string]any{"token": s.valid, "expiration": s.expires.Format(time.RFC3339Nano), "client": s.client})
		return
	}
	switch {
	case r.Method == http.MethodGet:
		answerJSON(w, 200, "3.8.8")
	case r.Header.Get(csrfTokenHeader) == "":
		answerJSON(w, 403, map[string]any{"detail": "Missing CSRF token."})
	case r.Header.Get(csrfTokenHeader) != s.valid || r.Header.Get(csrfClientHeader) != s.client:
		answerJSON(w, 403, map[string]any{"detail": "Invalid CSRF token or client identifier."})
	default:
		w.WriteHeader(204)
	}
}

func withCSRF() *setup { return &setup{env: map[string]string{CSRFSupport: "true"}} }

func TestACSRFTokenIsFetchedBeforeTheFirstWriteAndKept(t *testing.T) {
	server := &csrfServer{}
	address, requests := serve(t, server.handle)
	s := withCSRF()
	c, ctx := s.client(t, address), context.Background()
	server.expires = s.clock.Now().Add(time.Hour)
	if _, _, err := c.Version(ctx); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.DeleteDeployment(ctx, "1"); err != nil {
			t.Fatal(err)
		}
	}
	got := strings.ReplaceAll(requests.String(), c.csrf.client, "UUID")
	if want := "GET /api/admin/version\nGET /api/csrf-token?client=UUID\nDELETE /api/deployments/1\nDELETE /api/deployments/1"; got != want {
		t.Errorf("requests were\n%s\nwant\n%s", got, want)
	}

	s.clock.now = server.expires.Add(time.Second) // the token expires
	if err := c.DeleteDeployment(ctx, "1"); err != nil || server.issued != 2 {
		t.Errorf("after expiry: %v, %d tokens", err, server.issued)
	}
	server.valid = "something else" // the server forgets it
	if err := c.DeleteDeployment(ctx, "1"); err != nil || server.issued != 3 {
		t.Errorf("after rejection: %v, %d tokens", err, server.issued)
	}
	if s.clock.slept() != "[]" {
		t.Errorf("a rejected token made it wait %s", s.clock.slept())
	}
	if got := c.Redact("token-3"); got != hidden {
		t.Errorf("the token is shown as %q", got)
	}
}

func TestConcurrentWritesShareOneToken(t *testing.T) {
	server := &csrfServer{}
	address, _ := serve(t, server.handle)
	s := withCSRF()
	c := s.client(t, address)
	server.expires = s.clock.Now().Add(time.Hour)
	var group sync.WaitGroup
	for i := range 32 {
		group.Go(func() {
			if err := c.DeleteDeployment(context.Background(), fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if server.issued != 1 {
		t.Errorf("%d tokens were fetched, want 1", server.issued)
	}
}

func TestAServerWithoutCSRFIsAskedOnce(t *testing.T) {
	for name, refuse := range map[string]func(http.ResponseWriter){
		"switched off": func(w http.ResponseWriter) {
			answerJSON(w, 422, map[string]any{"detail": "CSRF protection is disabled."})
		},
		"old server": func(w http.ResponseWriter) { answerJSON(w, 404, map[string]any{"detail": "Not Found"}) },
	} {
		address, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/api/csrf-token" {
				refuse(w)
				return
			}
			w.WriteHeader(204)
		})
		c := withCSRF().client(t, address)
		for range 3 {
			if err := c.DeleteDeployment(context.Background(), "1"); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if strings.Count(requests.String(), "csrf-token") != 1 {
			t.Errorf("%s: requests were\n%s", name, requests.String())
		}
	}
}

func TestATokenThatIsNeverAcceptedEnds(t *testing.T) {
	address, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			answerJSON(w, 200, map[string]any{"token": "t0ken", "expiration": "2100-01-01T00:00:00Z"})
			return
		}
		answerJSON(w, 403, map[string]any{"detail": "Invalid CSRF token or client identifier."})
	})
	err := withCSRF().client(t, address).DeleteDeployment(context.Background(), "1")
	if !IsUnauthorized(err) || strings.Count(requests.String(), "DELETE") != 3 || !strings.Contains(err.Error(), "a proxy may be dropping") {
		t.Errorf("got %v after\n%s", err, requests.String())
	}
}

func TestCSRFSwitchedOffHereButWantedThere(t *testing.T) {
	address, _ := serve(t, (&csrfServer{}).handle)
	err := (&setup{}).client(t, address).DeleteDeployment(context.Background(), "1")
	if err == nil || !strings.Contains(err.Error(), "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED from the environment is off, but this server wants CSRF tokens") {
		t.Errorf("got %v", err)
	}
}
