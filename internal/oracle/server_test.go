package oracle

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The kit, from this package's directory, which is where go test runs.
const kit = "../../testdata/oracle"

// venvs names the directory with p2 and p3, real Prefects. PREFECTC_VENVS says where they are; without it the
// script installs them (or finds them installed). They are never absent: a test without its judge is no test.
func venvs(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("PREFECTC_VENVS"); dir != "" {
		return dir
	}
	cmd := exec.Command("../../scripts/venvs.sh")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("prepare the Prefect venvs: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// server is a real Prefect server on loopback, with the kit's pools, variables and blocks loaded.
type server struct {
	generation int // 2 or 3
	api        string
	venvs      string
}

// startServer starts a server of one generation and stops it when the test ends.
func startServer(t *testing.T, generation int) server {
	t.Helper()
	s := server{generation: generation, venvs: venvs(t)}
	home := t.TempDir()
	port := freePort(t)
	script := func(verb string) ([]byte, error) {
		cmd := exec.Command(filepath.Join(kit, "server.sh"), verb, strconv.Itoa(generation), port, home)
		cmd.Env = s.environ()
		cmd.WaitDelay = 10 * time.Second // the server inherits the pipes
		return cmd.CombinedOutput()
	}
	t.Cleanup(func() {
		if out, err := script("stop"); err != nil {
			t.Errorf("stop the Prefect %d server: %v\n%s", generation, err, out)
		}
	})
	if out, err := script("start"); err != nil {
		t.Fatalf("start a Prefect %d server: %v\n%s", generation, err, out)
	}
	s.api = fmt.Sprintf("http://127.0.0.1:%s/api", port)
	return s
}

func (s server) environ() []string {
	return append(os.Environ(), "ORACLE_VENVS="+s.venvs, "PYTHONDONTWRITEBYTECODE=1")
}

// deploy runs a case and returns the file with what it left registered. command is a template for the kit: its word
// {args} becomes the case's arguments; empty runs the real Prefect.
func (s server) deploy(t *testing.T, testCase, command string) string {
	t.Helper()
	got := filepath.Join(t.TempDir(), "got.json")
	args := []string{testCase, strconv.Itoa(s.generation), "--api", s.api, "--out", got, "--no-http"}
	if command != "" {
		args = append(args, "--cmd", command)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(kit, "deploy_case.sh"), args...)
	cmd.Env = s.environ()
	cmd.WaitDelay = 10 * time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("run case %s: %v\n%s", testCase, err, out)
	}
	return got
}

// freePort finds a port nobody listens on. Another process may take it before the server does; the server then
// fails to start, loudly.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
