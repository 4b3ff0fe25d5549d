//go:build unix

package cli

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
)

// faulty stands before a server and makes some of the requests go wrong.
type faulty struct {
	next http.Handler
	when func(r *http.Request) string // the fault of a request; "" for none
}

func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch fault := f.when(r); fault {
	case "":
		f.next.ServeHTTP(w, r)
	case "429":
		w.Header().Set("Retry-After", "0.01")
		w.WriteHeader(http.StatusTooManyRequests)
	case "500", "502":
		status := http.StatusInternalServerError
		if fault == "502" {
			status = http.StatusBadGateway
		}
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<html>it is broken</html>"))
	case "cut before":
		panic(http.ErrAbortHandler)
	case "cut after": // it is done, and nobody hears of it
		f.next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case "cut within":
		answer := httptest.NewRecorder()
		f.next.ServeHTTP(answer, r)
		w.Header().Set("Content-Length", "1000000")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
		panic(http.ErrAbortHandler)
	case "hang":
		f.next.ServeHTTP(httptest.NewRecorder(), r)
		<-r.Context().Done()
	case "broken JSON":
		f.next.ServeHTTP(httptest.NewRecorder(), r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"id": "x`))
	default:
		panic("no fault is called " + fault)
	}
}

// faultyRun applies thirty deployments, again and again while that fails, to a server of which one request in ten goes wrong.
func faultyRun(t *testing.T, fault string, env ...string) (k *killed, said string) {
	t.Helper()
	k = newKilled(t)
	k.write("prefect.yaml", thirty(2))
	random := rand.New(rand.NewPCG(7, 0)) //nolint:gosec // no secret
	hits := 0
	wrong := &faulty{next: k.api, when: func(r *http.Request) string {
		k.api.mu.Lock()
		defer k.api.mu.Unlock()
		if r.URL.Path == "/api/admin/version" || hits >= 12 || random.IntN(10) > 0 {
			return ""
		}
		hits++
		return fault
	}}
	k.server.Config.Handler = wrong
	for try := 0; ; try++ {
		cmd := k.command("apply", "--all")
		if try%2 == 1 {
			cmd = k.command("apply", "--all", "--resume")
		}
		cmd.Env = append(cmd.Env, env...)
		out, err := cmd.CombinedOutput()
		said += string(out)
		if err == nil {
			break
		}
		if code := cmd.ProcessState.ExitCode(); code != exitFindings {
			t.Fatalf("%s: exit code %d\n%s", fault, code, out)
		}
		if try > 20 {
			t.Fatalf("%s: it never ends\n%s", fault, said)
		}
	}
	if hits == 0 {
		t.Fatalf("%s: nothing went wrong", fault)
	}
	return k, said
}

// Whatever the server does to some of its requests, applying until it is done leaves what an undisturbed apply leaves, and each
// failure is said in words.
func TestApplyWithAFaultyServer(t *testing.T) {
	undisturbed := newKilled(t)
	undisturbed.write("prefect.yaml", thirty(2))
	undisturbed.apply()
	want := undisturbed.snapshot()
	for fault, about := range map[string]string{
		"429": "", "500": "500 Internal Server Error", "502": "502 Bad Gateway", "cut before": "", "cut after": "", "cut within": "",
		"hang": "", "broken JSON": "",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			retries := "1"
			if fault == "502" { // which is tried again: whether the same request meets it twice is chance, and it has to be said
				retries = "0"
			}
			k, said := faultyRun(t, fault, "PREFECT_CLIENT_MAX_RETRIES="+retries, "PREFECT_API_REQUEST_TIMEOUT=1")
			if got := k.snapshot(); got != want {
				t.Errorf("the server holds another thing\n%s", diff.Diff("undisturbed", []byte(want), fault, []byte(got)))
			}
			if known, owned := k.journalIsTrue(); known != 30 || owned != 30 {
				t.Errorf("%d are known and %d ours, not all 30", known, owned)
			}
			if !strings.Contains(said, about) || strings.Contains(said, "panic") || strings.Contains(said, "<html") || strings.Contains(said, "internal error") {
				t.Errorf("it said\n%s", said)
			}
		})
	}
}

// On a disk that is full nothing is sent that cannot be written down, and what was there before stands.
func TestApplyOnAFullDisk(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Fatal(err)
	}
	for _, blocks := range []int{0, 1, 2, 4, 16} { // of 512 bytes in sh, 1024 in bash: how large a file may become
		t.Run(fmt.Sprint(blocks), func(t *testing.T) {
			k := newKilled(t)
			k.write("prefect.yaml", thirty(2))
			plain := k.command("apply", "--all")
			cmd := exec.Command("sh", "-c", fmt.Sprintf(`ulimit -f %d; exec "$0" apply --all`, blocks), plain.Path) //nolint:gosec // the test binary itself
			cmd.Dir, cmd.Env = plain.Dir, plain.Env
			out, err := cmd.CombinedOutput()
			if err == nil || cmd.ProcessState.ExitCode() != exitFindings {
				t.Fatalf("%v\n%s", err, out)
			}
			if !strings.Contains(string(out), "file too large") {
				t.Errorf("it said\n%s", out)
			}
			k.journalIsTrue()
			left, err := filepath.Glob(filepath.Join(k.dir, ".prefectc", "*.new"))
			if err != nil || len(left) > 0 {
				t.Errorf("%v is left behind, %v", left, err)
			}
			k.apply("--resume")
			if known, owned := k.journalIsTrue(); known != 30 || owned != 30 {
				t.Errorf("with room again %d are known and %d ours, not all 30", known, owned)
			}
		})
	}
}
