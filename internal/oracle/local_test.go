//go:build linux

package oracle

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWithoutAnAPIPrefectsOwnServerIsUsed deploys with no API configured: to the database that Prefect itself would use, by a server that
// is gone afterwards, however prefectc ends.
func TestWithoutAnAPIPrefectsOwnServerIsUsed(t *testing.T) {
	t.Parallel()
	for _, generation := range []int{2, 3} {
		t.Run(fmt.Sprintf("prefect-%d", generation), func(t *testing.T) {
			t.Parallel()
			l := &localProject{home: t.TempDir(), dir: t.TempDir(), bin: filepath.Join(venvs(t), fmt.Sprintf("p%d", generation), "bin"), generation: generation}
			l.write(t, "flow.py", "from prefect import flow\n\n\n@flow\ndef hello():\n    pass\n")
			l.write(t, "prefect.yaml", "pull: [{prefect.deployments.steps.set_working_directory: {directory: /srv}}]\n"+
				"deployments: [{name: one, version: '1', entrypoint: 'flow.py:hello', work_pool: {name: my-process-work-pool}}]\n")
			l.fixtures(t)
			l.ok(t, prefectc(t), "apply", "--all", "--prefect", fmt.Sprint(generation))
			if left := l.processes(t); len(left) > 0 {
				t.Fatalf("left running: %q", left)
			}
			const read = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('select name, entrypoint from deployment').fetchall())"
			if out := l.ok(t, filepath.Join(l.bin, "python"), "-c", read, filepath.Join(l.home, "prefect.db")); !strings.Contains(out, "('one', 'flow.py:hello')") {
				t.Errorf("Prefect's database holds %s", out)
			}
			l.killed(t)
		})
	}
}

// localProject is a project of a user who has set up nothing.
type localProject struct {
	home, dir, bin string
	generation     int
}

// fixtures lets the kit make the database, with its work pools.
func (l *localProject) fixtures(t *testing.T) {
	t.Helper()
	for _, verb := range []string{"start", "stop"} {
		cmd := exec.Command(filepath.Join(kit, "server.sh"), verb, fmt.Sprint(l.generation), freePort(t), l.home)
		cmd.Env = server{venvs: venvs(t)}.environ()
		cmd.WaitDelay = 10 * time.Second // the server inherits the pipes
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s a server: %v\n%s", verb, err, out)
		}
	}
}

func (l *localProject) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(l.dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (l *localProject) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = l.dir
	cmd.Env = []string{"HOME=" + l.home, "PREFECT_HOME=" + l.home, "PATH=" + l.bin + ":/usr/bin:/bin", "TERM=dumb",
		"LANG=C.UTF-8", "DO_NOT_TRACK=1", "PREFECT_SERVER_ANALYTICS_ENABLED=false", "PYTHONDONTWRITEBYTECODE=1"}
	return cmd
}

func (l *localProject) ok(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := l.command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// processes are those of the project that run: their environment has its home.
func (l *localProject) processes(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		env, err := os.ReadFile(filepath.Join("/proc", e.Name(), "environ"))
		if err != nil || !bytes.Contains(env, []byte("HOME="+l.home+"\x00")) {
			continue
		}
		line, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		found = append(found, e.Name()+" "+strings.ReplaceAll(string(line), "\x00", " "))
	}
	return found
}

// killed ends prefectc with a signal that it cannot handle, while the server is coming up: the server ends too.
func (l *localProject) killed(t *testing.T) {
	t.Helper()
	cmd := l.command(prefectc(t), "apply", "--all", "--prefect", fmt.Sprint(l.generation))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	l.until(t, "the server to start", func(running []string) bool {
		for _, p := range running {
			if strings.Contains(p, "server start") {
				return true
			}
		}
		return false
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	l.until(t, "the server to end", func(running []string) bool { return len(running) == 0 })
}

func (l *localProject) until(t *testing.T, what string, holds func(running []string) bool) {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for !holds(l.processes(t)) {
		if time.Now().After(deadline) {
			t.Fatalf("waiting for %s; there is %q", what, l.processes(t))
		}
		time.Sleep(50 * time.Millisecond)
	}
}
