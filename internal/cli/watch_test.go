package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// screen is output that a test reads while the program writes it.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

// await waits until the output holds a text, and empties it.
func (s *screen) await(t *testing.T, want string) {
	t.Helper()
	for range 600 {
		s.mu.Lock()
		got := s.text.String()
		if strings.Contains(got, want) {
			s.text.Reset()
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("waited for %q in vain; there is:\n%s", want, s.text.String())
}

// A watched check speaks again when the file, a flow it names or its configuration changes, and ends on an interrupt.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const file = "deployments:\n- name: nightly\n  entrypoint: flows.py:etl\n  work_pool: {name: p}\n"
	write("prefect.yaml", file+"  tagz: [a]\n")
	out := &screen{}
	p := &Process{Stdin: strings.NewReader(""), Stdout: out, Stderr: out, Dir: dir, Env: []string{"NO_COLOR=1"}}
	ctx, cancel := context.WithCancel(context.Background())
	code := make(chan int)
	go func() { code <- Main(ctx, p, []string{"check", "--watch", "--format", "concise"}) }()

	out.await(t, `unknown key "tagz"`)
	write("flows.py", "from prefect import flow\n\n@flow\ndef load(): ...\n")
	out.await(t, "flow-not-found")
	write("prefect.yaml", file)
	out.await(t, "flow-not-found")
	write("prefectc.cue", "rules: {")
	out.await(t, "prefectc.cue cannot be used")
	if err := os.Remove(filepath.Join(dir, "prefect.yaml")); err != nil {
		t.Fatal(err)
	}
	out.await(t, "there is no prefect.yaml here")
	cancel()
	if got := <-code; got != exitOK {
		t.Errorf("exit code %d after an interrupt, want %d", got, exitOK)
	}
}
