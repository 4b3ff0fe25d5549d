//go:build unix

package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/executor/journal"
)

// killed is a project with shared and own steps and triggers, and a server to apply it to.
type killed struct {
	t      *testing.T
	dir    string
	api    *fakeAPI
	server *httptest.Server
}

const killedProject = `build:
- prefect.deployments.steps.run_shell_script: {id: shared, script: sh -c "echo shared >> ran.txt"}
pull: [{prefect.deployments.steps.set_working_directory: {directory: /opt}}]
deployments:
- {name: a, version: "1", entrypoint: "flows.py:hello", work_pool: {name: pool}}
- {name: b, version: "1", entrypoint: "flows.py:hello", work_pool: {name: pool}, triggers: [{expect: [x]}, {expect: [z]}]}
- name: c
  version: "1"
  entrypoint: flows.py:hello
  work_pool: {name: pool}
  build:
  - prefect.deployments.steps.run_shell_script: {id: own, script: sh -c "echo own >> ran.txt"}
- {name: d, version: "1", entrypoint: "flows.py:other", work_pool: {name: pool}, triggers: [{expect: [y]}]}
- {name: e, version: "1", entrypoint: "flows.py:hello", work_pool: {name: pool}, tags: ["{{ shared.stdout }}x"]}
`

func newKilled(t *testing.T) *killed {
	t.Helper()
	k := &killed{t: t, dir: t.TempDir(), api: &fakeAPI{}}
	k.write("prefect.yaml", killedProject)
	k.write("flows.py", "from prefect import flow\n\n\n@flow\ndef hello():\n    pass\n\n\n@flow\ndef other():\n    pass\n")
	k.api.reset("3.8.8")
	k.api.pools["pool"] = "process"
	k.server = httptest.NewServer(k.api)
	t.Cleanup(k.server.Close)
	return k
}

func (k *killed) write(name, text string) {
	k.t.Helper()
	if err := os.WriteFile(filepath.Join(k.dir, name), []byte(text), 0o666); err != nil {
		k.t.Fatal(err)
	}
}

func (k *killed) read(name string) string {
	k.t.Helper()
	text, err := os.ReadFile(filepath.Join(k.dir, name))
	if err != nil {
		k.t.Fatal(err)
	}
	return string(text)
}

func (k *killed) command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...) //nolint:gosec,noctx // the test binary itself
	cmd.Dir = k.dir
	cmd.Env = []string{runVariable + "=1", "PREFECT_API_URL=" + k.server.URL + "/api", "HOME=" + k.dir, "PATH=" + os.Getenv("PATH")}
	return cmd
}

func (k *killed) apply(args ...string) string {
	k.t.Helper()
	out, err := k.command(append([]string{"apply", "--all"}, args...)...).CombinedOutput()
	if err != nil {
		k.t.Fatalf("apply %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// snapshot is what the server holds, without ids of automations.
func (k *killed) snapshot() string {
	k.t.Helper()
	k.api.mu.Lock()
	defer k.api.mu.Unlock()
	automations := map[string]int{}
	for _, a := range k.api.automations {
		text, err := json.Marshal(map[string]any{"name": a["name"], "owner": a["owner_resource"], "trigger": a["trigger"]})
		if err != nil {
			k.t.Fatal(err)
		}
		automations[string(text)]++
	}
	text, err := json.MarshalIndent([]any{k.api.deployments, k.api.flows, automations}, "", " ")
	if err != nil {
		k.t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), k.dir, "DIR")
}

// applyKilled kills an apply at its n-th write: before the server has done anything, or when it has and the answer is not
// there yet. It reports whether there was an n-th write.
func (k *killed) applyKilled(n int, after bool) bool {
	k.t.Helper()
	cmd := k.command("apply", "--all", "--parallel", "1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	hit := false
	k.api.mu.Lock()
	k.api.during = func(at int, done bool) {
		if at == n && done == after && !hit {
			hit = true
			_ = cmd.Process.Kill()
			_, _ = cmd.Process.Wait()
			if !done {
				panic(http.ErrAbortHandler) // the request is lost
			}
		}
	}
	k.api.mu.Unlock()
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	_ = cmd.Wait()
	k.api.mu.Lock()
	k.api.during = nil
	k.api.mu.Unlock()
	return hit
}

// journalIsTrue checks the journal of a killed apply against the server: all that it says is done is there, and all that is there
// it has announced.
func (k *killed) journalIsTrue() (done, owned int) {
	k.t.Helper()
	state, err := journal.Read(k.dir)
	if err != nil {
		k.t.Fatal(err)
	}
	k.api.mu.Lock()
	defer k.api.mu.Unlock()
	known := state.Of(journal.Target{Server: k.server.URL + "/api", File: "prefect.yaml"})
	for name, d := range known {
		if d.ID != "" {
			done++
		}
		if d.ID != "" && k.api.deployments[d.ID] == nil {
			k.t.Errorf("the journal says that %s is registered, and it is not", name)
		}
	}
	for _, d := range k.api.deployments {
		name := fmt.Sprintf("%s/%s", k.api.flows[fmt.Sprint(d["flow_id"])], d["name"])
		if known[name] == nil {
			k.t.Errorf("%s is on the server, and the journal does not know of it", name)
		}
	}
	return done, len(state.Owned(journal.Target{Server: k.server.URL + "/api", File: "prefect.yaml"}))
}

// Killed at any of its writes, and begun again with or without --resume, an apply ends where an undisturbed one does: no
// deployment is lost, no trigger is there twice, and all are known to be ours.
func TestKilledApply(t *testing.T) {
	undisturbed := newKilled(t)
	undisturbed.apply()
	want := undisturbed.snapshot()
	writes := len(undisturbed.api.writes)
	if writes < 10 {
		t.Fatalf("only %d writes: %v", writes, undisturbed.api.writes)
	}
	for n := 1; n <= writes; n++ {
		for _, after := range []bool{false, true} {
			for _, args := range [][]string{{"--resume"}, {}} {
				k := newKilled(t)
				if !k.applyKilled(n, after) {
					t.Fatalf("there was no write %d of %d", n, writes)
				}
				done, _ := k.journalIsTrue()
				k.write("ran.txt", "")
				out := k.apply(args...)
				if got := k.snapshot(); got != want {
					t.Errorf("killed at write %d (after: %v), %v: the server holds\n%s\nnot\n%s", n, after, args, got, want)
				}
				if known, owned := k.journalIsTrue(); known != 5 || owned != 5 {
					t.Errorf("killed at write %d (after: %v), %v: %d are known and %d ours, not all 5", n, after, args, known, owned)
				}
				ran, err := os.ReadFile(filepath.Join(k.dir, "ran.txt"))
				if err != nil {
					t.Fatal(err)
				}
				skipped := strings.Count(out, "skipped ")
				if len(args) > 0 && done > 1 && skipped == 0 {
					t.Errorf("killed at write %d (after: %v): nothing was skipped of %d that were done\n%s", n, after, done, out)
				}
				if skipped == 5 && len(ran) > 0 {
					t.Errorf("all are skipped, but steps ran: %q", ran)
				}
				again := k.apply()
				if !strings.Contains(again, "4 unchanged") && !strings.Contains(again, "5 unchanged") {
					t.Errorf("killed at write %d (after: %v), %v: applied again, it is not done\n%s", n, after, args, again)
				}
			}
		}
	}
}
