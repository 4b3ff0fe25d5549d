package oracle

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestTroubledServer applies to a server that is hard to speak to.
func TestTroubledServer(t *testing.T) {
	t.Parallel()
	s := startServer(t, 3)
	t.Run("faults", func(t *testing.T) { faultsBetween(t, s) })
	t.Run("many writes at once", func(t *testing.T) { manyWrites(t, s) })
}

// faultsBetween applies through a connection that fails in every way a connection can: 429, 502, 503, requests and
// answers that get lost. What is registered is what an undisturbed apply registers, nothing is lost, nothing is there twice.
func faultsBetween(t *testing.T, s server) {
	t.Helper()
	p := newProject(t, s, "triggers")
	var file strings.Builder
	file.WriteString("pull: [{prefect.deployments.steps.set_working_directory: {directory: /srv}}]\ndeployments:\n")
	const count = 24
	for i := range count {
		fmt.Fprintf(&file, "- {name: d%d, version: '1', tags: [t%d], entrypoint: 'flows/hello.py:my_flow', work_pool: {name: my-process-work-pool}", i, i)
		if i%3 == 0 {
			fmt.Fprintf(&file, ", triggers: [{name: a%d, expect: [x], match: {k: v}}, {name: b%d, expect: [y], match: {k: v}}]", i, i)
		}
		file.WriteString("}\n")
	}
	p.write(t, "prefect.yaml", file.String())
	f := faulty(t, s.api)
	cmd := exec.Command(prefectc(t), "apply", "--all")
	cmd.Dir = p.dir
	cmd.Env = []string{"PREFECT_API_URL=" + f.address, "PREFECT_API_REQUEST_TIMEOUT=20", "HOME=" + t.TempDir(), "PATH=" + filepath.Join(venvs(t), "p3", "bin") + ":" + os.Getenv("PATH")}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var names []string
	for _, d := range p.deployments(t) {
		names = append(names, d["name"].(string))
		if tags := fmt.Sprint(d["tags"]); tags != "[t"+strings.TrimPrefix(d["name"].(string), "d")+"]" {
			t.Errorf("%v has the tags %v", d["name"], tags)
		}
	}
	if slices.Sort(names); len(slices.Compact(names)) != count {
		t.Errorf("the server has %d deployments of %d: %v", len(names), count, names)
	}
	triggers := map[string]int{}
	for _, a := range p.automations(t) {
		triggers[a[:len(a)-36]]++ // without the id
	}
	if len(triggers) != 2*count/3 {
		t.Errorf("the server has the automations %v", triggers)
	}
	for name, n := range triggers {
		if n != 1 {
			t.Errorf("the automation %s is there %d times", name, n)
		}
	}
	p.apply(t, 0)
	if writes := p.writes(); len(writes) > 0 {
		t.Errorf("an apply without faults had to write %v", writes)
	}
	if f.injected() < 10 {
		t.Errorf("only %d faults were injected", f.injected())
	}
	t.Logf("%d faults:\n%s", f.injected(), out)
}

// faultyProxy passes requests on, or fails.
type faultyProxy struct {
	address string
	mu      sync.Mutex
	random  *rand.Rand
	faults  int
}

func (f *faultyProxy) injected() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.faults
}

// next is the fault of the next request: one of three has one, and writes are what it is about.
func (f *faultyProxy) next() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.random.IntN(15)
	if n < 5 {
		f.faults++
	}
	return n
}

func faulty(t *testing.T, api string) *faultyProxy {
	t.Helper()
	target, err := url.Parse(api)
	if err != nil {
		t.Fatal(err)
	}
	f := &faultyProxy{random: rand.New(rand.NewPCG(1, 2))}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault := f.next()
		switch fault {
		case 0:
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		case 1:
			w.Header().Set("Retry-After", "0.2")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		case 2:
			panic(http.ErrAbortHandler) // the request is lost
		}
		answer, err := http.DefaultTransport.RoundTrip(forwarded(r, target))
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer answer.Body.Close() //nolint:errcheck // read to its end
		text, err := io.ReadAll(answer.Body)
		switch {
		case err != nil || fault == 3:
			panic(http.ErrAbortHandler) // the answer is lost
		case fault == 4:
			w.WriteHeader(http.StatusBadGateway) // a proxy that lost it
			return
		}
		for _, name := range []string{"Content-Type", "Retry-After"} {
			if v := answer.Header.Get(name); v != "" {
				w.Header().Set(name, v)
			}
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = w.Write(text)
	}))
	t.Cleanup(server.Close)
	f.address = server.URL + target.Path
	return f
}

func forwarded(r *http.Request, target *url.URL) *http.Request {
	next := r.Clone(r.Context())
	next.URL.Scheme, next.URL.Host, next.Host, next.RequestURI = target.Scheme, target.Host, target.Host, ""
	next.Header.Del("Accept-Encoding")
	return next
}

// manyWrites lets an apply send as much at once as it likes to a server that cannot bear much.
func manyWrites(t *testing.T, s server) {
	t.Helper()
	p := newProject(t, s, "basic_all")
	var file strings.Builder
	file.WriteString("pull: [{prefect.deployments.steps.set_working_directory: {directory: /srv}}]\ndeployments:\n")
	const count = 40
	for i := range count {
		fmt.Fprintf(&file, "- {name: d%d, version: '1', entrypoint: 'flows/hello.py:my_flow', work_pool: {name: my-process-work-pool, work_queue_name: q%d}}\n", i, i)
	}
	p.write(t, "prefect.yaml", file.String())
	began := time.Now()
	p.apply(t, 0, "--all", "--parallel", "16")
	writes := p.writes()
	if n := len(p.deployments(t)); n != count {
		t.Errorf("the server has %d deployments of %d", n, count)
	}
	t.Logf("%d writes for %d deployments in %s", len(writes), count, time.Since(began))
	p.apply(t, 0)
	if again := p.writes(); len(again) > 0 {
		t.Errorf("the second apply wrote %v", again)
	}
}
