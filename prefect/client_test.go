package prefect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

// fakeClock stands still except when someone sleeps, and remembers the pauses.
type fakeClock struct {
	mu     sync.Mutex
	now    time.Time
	pauses []time.Duration
}

func (f *fakeClock) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *fakeClock) Sleep(ctx context.Context, d time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
	f.pauses = append(f.pauses, d)
	return ctx.Err()
}

func (f *fakeClock) slept() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fmt.Sprint(f.pauses)
}

// log is what a server or client said, line by line.
type log struct {
	mu    sync.Mutex
	lines []string
}

func (l *log) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

type setup struct {
	env    map[string]string
	clock  *fakeClock
	notes  log
	random float64
}

// client makes a client of a server, its API at /api.
func (s *setup) client(t *testing.T, server string) *Client {
	t.Helper()
	env := map[string]string{APIURL: server + "/api", CSRFSupport: "false"}
	for name, v := range s.env {
		env[name] = v
	}
	settings, err := LoadSettings(env, t.TempDir(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.clock = &fakeClock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	if s.random == 0 {
		s.random = 0.5 // no jitter on average
	}
	c, err := New(settings, Extra{Clock: s.clock, Notify: s.notes.add, Random: func() float64 { return s.random }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// serve starts a server that answers with handle and lists the requests it got.
func serve(t *testing.T, handle http.HandlerFunc) (address string, requests *log) {
	t.Helper()
	requests = &log{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.add(r.Method + " " + r.RequestURI)
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, requests
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func TestRequestsCarryPrefectsHeaders(t *testing.T) {
	cases := []struct {
		name string
		env  map[string]string
		want string
	}{
		{"key", map[string]string{APIKey: "k"}, "Bearer k"},
		{"auth string beats key", map[string]string{APIKey: "k", APIAuthString: "u:p"}, "Basic dTpw"},
		{"user in the address beats both", map[string]string{APIKey: "k", APIAuthString: "x:y", APIURL: "http://u:p@"}, "Basic dTpw"},
		{"custom headers", map[string]string{APIKey: "k", CustomHeaders: `{"Authorization": "Token z", "User-Agent": "no", "X-Team": "data"}`}, "Token z"},
		{"none", nil, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got http.Header
			address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				got = r.Header.Clone()
				answerJSON(w, 200, "3.8.8")
			})
			if c.env[APIURL] != "" {
				c.env[APIURL] += strings.TrimPrefix(address, "http://") + "/api"
			}
			s := &setup{env: c.env}
			if _, _, err := s.client(t, address).Version(context.Background()); err != nil {
				t.Fatal(err)
			}
			if got.Get("Authorization") != c.want || got.Get("X-PREFECT-API-VERSION") != "0.8.4" || got.Get("User-Agent") != "prefectc (API 0.8.4)" {
				t.Errorf("headers are %v", got)
			}
			if c.env[CustomHeaders] != "" && (got.Get("X-Team") != "data" || !strings.Contains(s.notes.String(), `header "User-Agent"`)) {
				t.Errorf("headers are %v, notes %q", got, s.notes.String())
			}
		})
	}
}

func TestVersionTellsTheGenerationsApart(t *testing.T) {
	for version, want := range map[string]string{
		"2.20.26": "2 2.20.26", "3.8.8": "3 3.8.8", "3.0.0rc1+4.gabc": "3 3.0.0rc1+4.gabc",
		"1.4.0": "is Prefect 1.4.0; generations 2 and 3 are supported", "0+unknown": `says it is Prefect "0+unknown", which tells no generation`, "": `says it is Prefect ""`,
	} {
		address, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, version) })
		c := (&setup{}).client(t, address)
		generation, text, err := c.Version(context.Background())
		got := fmt.Sprintf("%d %s", generation, text)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%q: got %q, want %q", version, got, want)
		}
		if _, _, again := c.Version(context.Background()); err == nil && (again != nil || requests.String() != "GET /api/admin/version") {
			t.Errorf("%q: asking twice made requests %q, error %v", version, requests, again)
		}
	}
	cloud := (&setup{env: map[string]string{APIURL: "https://api.prefect.cloud/api/accounts/1/workspaces/2", APIKey: "k"}}).client(t, "")
	if generation, _, err := cloud.Version(context.Background()); generation != 3 || err != nil {
		t.Errorf("Cloud is generation %d, %v", generation, err)
	}
}

func TestNamesAreEscapedIntoPaths(t *testing.T) {
	address, requests := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, 200, map[string]any{"id": "1", "flow_id": "2", "name": "n"})
	})
	c := (&setup{}).client(t, address)
	if _, err := c.ReadDeploymentByName(context.Background(), "my flow?#%", "é"); err != nil {
		t.Fatal(err)
	}
	if got := requests.String(); got != "GET /api/deployments/name/my%20flow%3F%23%25/%C3%A9" {
		t.Errorf("asked for %s", got)
	}
	for _, name := range []string{"", ".", "..", "a/b"} {
		if _, err := c.ReadDeploymentByName(context.Background(), "f", name); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", name)) {
			t.Errorf("name %q: %v", name, err)
		}
	}
}

func TestBodiesKeepTheirOrder(t *testing.T) {
	var got string
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = string(body) + r.Header.Get("Content-Type")
		answerJSON(w, 201, map[string]any{"id": "1"})
	})
	c := (&setup{}).client(t, address)
	id, created, err := c.CreateDeployment(context.Background(), value.NewMap("z", int64(1), "a", nil, "m", 2.0))
	if err != nil || id != "1" || !created {
		t.Fatalf("%q %v %v", id, created, err)
	}
	if strings.ReplaceAll(got, " ", "") != `{"z":1,"a":null,"m":2.0}application/json` {
		t.Errorf("sent %s", got)
	}
	for generation, want := range map[int]string{2: `{"name":"f","tags":[]}`, 3: `{"name":"f","tags":[],"labels":{}}`} {
		if _, _, err := c.CreateFlow(context.Background(), generation, "f"); err != nil {
			t.Fatal(err)
		}
		if strings.ReplaceAll(got, " ", "") != want+"application/json" {
			t.Errorf("generation %d sent %s", generation, got)
		}
	}
}

func TestDeploymentsAreReadPageByPage(t *testing.T) {
	for _, serverLimit := range []int{200, 7} { // the second server allows fewer than we ask for
		total := 450
		address, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
			var body struct{ Offset, Limit int }
			_ = json.NewDecoder(r.Body).Decode(&body)
			if body.Limit > serverLimit {
				answerJSON(w, 422, map[string]any{"detail": fmt.Sprintf("Invalid limit: must be less than or equal to %d.", serverLimit)})
				return
			}
			page := []any{}
			for i := body.Offset; i < min(body.Offset+serverLimit, total); i++ {
				page = append(page, map[string]any{"id": fmt.Sprint(i), "flow_id": "f", "name": fmt.Sprint("d", i)})
			}
			answerJSON(w, 200, page)
		})
		found, err := (&setup{}).client(t, address).ReadDeployments(context.Background(), nil)
		if err != nil || len(found) != total || found[449].Name != "d449" {
			t.Errorf("limit %d: %d deployments, %v", serverLimit, len(found), err)
		}
		if n := len(strings.Split(requests.String(), "\n")); serverLimit == 200 && n != 3 {
			t.Errorf("made %d requests, want 3", n)
		}
	}
}

func TestManyDeploymentsByName(t *testing.T) {
	address, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/flows/filter") {
			answerJSON(w, 200, []any{map[string]any{"id": "f1", "name": "etl"}, map[string]any{"id": "f2", "name": "ml"}})
			return
		}
		answerJSON(w, 200, []any{
			map[string]any{"id": "1", "flow_id": "f1", "name": "prod"}, map[string]any{"id": "2", "flow_id": "f2", "name": "prod"}, map[string]any{"id": "3", "flow_id": "f2", "name": "dev"},
		})
	})
	found, err := (&setup{}).client(t, address).ReadDeploymentsByName(context.Background(), []DeploymentName{{"etl", "prod"}, {"ml", "dev"}, {"etl", "gone"}})
	if err != nil || len(found) != 2 || found[DeploymentName{"etl", "prod"}].ID != "1" || found[DeploymentName{"ml", "dev"}].ID != "3" {
		t.Errorf("found %v, %v", found, err)
	}
	got := strings.Split(requests.String(), "\n")
	slices.Sort(got) // both are under way at once
	if !slices.Equal(got, []string{"POST /api/deployments/filter", "POST /api/flows/filter"}) {
		t.Errorf("made the requests %q", got)
	}
}

func TestAutomationsKeepTheirOwner(t *testing.T) {
	var sent string
	gone := false
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = string(body)
		if gone {
			answerJSON(w, 404, map[string]any{"detail": "Not Found"})
			return
		}
		w.WriteHeader(204)
	})
	c, ctx := (&setup{}).client(t, address), context.Background()
	if err := c.UpdateAutomation(ctx, "1", value.NewMap("name", "n", "owner_resource", "prefect.deployment.1")); err != nil || strings.Contains(sent, "owner") {
		t.Errorf("sent %s, %v", sent, err)
	}
	gone = true
	if _, err := c.ReadAutomationsRelatedTo(ctx, "prefect.deployment.1"); !errors.Is(err, ErrNoAutomations) || !strings.Contains(err.Error(), "PREFECT_EXPERIMENTAL_EVENTS") {
		t.Errorf("reading from a server without automations: %v", err)
	}
	if err := c.DeleteAutomationsOwnedBy(ctx, "prefect.deployment.1"); err != nil {
		t.Errorf("deleting from a server without automations: %v", err)
	}
	if err := c.ApplySLAs(ctx, "1", nil); !errors.Is(err, ErrNoSLAs) {
		t.Errorf("SLAs on a server without: %v", err)
	}
}

func TestAMissingVariableIsNoError(t *testing.T) {
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/list"):
			answerJSON(w, 200, map[string]any{"name": "list", "value": []int{1, 2}})
		case strings.HasSuffix(r.URL.Path, "/gone"):
			answerJSON(w, 404, map[string]any{"detail": "Variable not found"})
		default:
			answerJSON(w, 404, map[string]any{"detail": "Not Found"}) // no such route: not an API
		}
	})
	c, ctx := (&setup{}).client(t, address), context.Background()
	if v, ok, err := c.ReadVariable(ctx, "list"); !ok || err != nil || value.Repr(v) != "[1, 2]" {
		t.Errorf("got %v %v %v", v, ok, err)
	}
	if _, ok, err := c.ReadVariable(ctx, "gone"); ok || err != nil {
		t.Errorf("a missing variable: %v %v", ok, err)
	}
	if _, _, err := c.ReadVariable(ctx, "other"); err == nil || IsNotFound(err) {
		t.Errorf("a server that is no API: %v", err)
	}
}
