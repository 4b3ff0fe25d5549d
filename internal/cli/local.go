package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/prefectc/prefectc/executor/step/python"
	"github.com/prefectc/prefectc/prefect"
)

const (
	localPatience = 2 * time.Minute // for a first start, which makes the database
	localPoll     = 100 * time.Millisecond
	localGrace    = 10 * time.Second // to come to an end
	localPorts    = 3                // that are tried, as another program may take one before the server does
)

var errPortTaken = errors.New("the port is taken")

// localServer is Prefect's own server of the user's machine, while no API is configured.
type localServer struct {
	url    string
	cmd    *exec.Cmd
	stdin  io.Closer // closing it ends the server
	output *tail
	ended  chan struct{}
}

// launcher runs the server as long as its standard input is open, so that it ends with us however we end. Prefect 2 is no program that
// Python runs by its name.
const launcher = `
import importlib.util, os, subprocess, sys, threading
prefect = ["-m", "prefect"] if importlib.util.find_spec("prefect.__main__") else ["-c", "from prefect.cli import app; app()"]
server = subprocess.Popen([sys.executable, *prefect, "server", "start", "--host", "127.0.0.1", "--port", sys.argv[1]],
                          stdin=subprocess.DEVNULL)
threading.Thread(target=lambda: os._exit(server.wait()), daemon=True).start()
sys.stdin.read()
server.terminate()
try:
    server.wait(8)
except subprocess.TimeoutExpired:
    server.kill()
`

// localServer starts the server, with the settings and the database Prefect itself would use.
func (b *batch) localServer(ctx context.Context, p *Process, s prefect.Settings) (*localServer, error) {
	if b.local != nil {
		return b.local, nil
	}
	none := func(format string, args ...any) error {
		return &exit{code: exitUsage, kind: "no-api", err: fmt.Errorf("no Prefect API is configured"+format, args...)}
	}
	const instead = "set PREFECT_API_URL, choose a profile with prefect profile use, or plan with --offline"
	if !s.Ephemeral {
		return nil, none(": %s", instead)
	}
	interpreter, err := python.Find(p.Env, p.Dir)
	if err != nil {
		return nil, none(", and Prefect's own local server cannot be started: %v; or %s", err, instead)
	}
	if out, err := asked(ctx, p, interpreter); err != nil {
		return nil, none(", and Prefect's own local server cannot be started: %s has no prefect (%s): %s", interpreter, out, instead)
	}
	_, _ = fmt.Fprintln(p.Stderr, "prefectc: no Prefect API is configured: starting Prefect's own local server")
	for range localPorts {
		if b.local, err = startLocal(ctx, p, interpreter); !errors.Is(err, errPortTaken) {
			break
		}
	}
	if err != nil {
		return nil, &exit{code: exitFindings, kind: "server-unreachable", err: err}
	}
	return b.local, nil
}

// asked looks whether the interpreter has Prefect.
func asked(ctx context.Context, p *Process, interpreter string) (string, error) {
	cmd := exec.CommandContext(ctx, interpreter, "-c", "import importlib.util, sys\nif not importlib.util.find_spec('prefect.server'): sys.exit('No module named prefect.server')")
	cmd.Dir, cmd.Env = p.Dir, p.Env
	out, err := cmd.CombinedOutput()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1], err
}

func startLocal(ctx context.Context, p *Process, interpreter string) (*localServer, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &localServer{url: fmt.Sprintf("http://127.0.0.1:%d/api", port), output: &tail{}, ended: make(chan struct{})}
	s.cmd = exec.Command(interpreter, "-c", launcher, fmt.Sprint(port)) //nolint:gosec,noctx // the user's own; it outlives a cancelled ctx until writes are done
	s.cmd.Dir, s.cmd.Env = p.Dir, p.Env
	s.cmd.Stdout, s.cmd.Stderr = s.output, s.output
	s.cmd.WaitDelay = localGrace
	python.Detach(s.cmd) // Ctrl-C is for us: a write that is under way has to come to its end
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("starting Prefect's local server: %w", err)
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting Prefect's local server: %w", err)
	}
	go func() {
		_ = s.cmd.Wait() // how it ended is in its output
		close(s.ended)
	}()
	if err := s.healthy(ctx); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("finding a free port: %w", err)
	}
	defer l.Close() //nolint:errcheck // nothing was sent
	return l.Addr().(*net.TCPAddr).Port, nil
}

// healthy waits until the server answers.
func (s *localServer) healthy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, localPatience)
	defer cancel()
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{}} // past any proxy
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/health", nil)
		if err != nil {
			return err
		}
		if resp, err := client.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-s.ended:
			if strings.Contains(s.output.whole(), "in use") {
				return fmt.Errorf("the local Prefect server ended at once: %w: %s", errPortTaken, s.output)
			}
			return fmt.Errorf("the local Prefect server ended at once: %s", s.output)
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.Canceled) {
				return errors.New("stopped")
			}
			return fmt.Errorf("the local Prefect server did not answer within %s: %s", localPatience, s.output)
		case <-time.After(localPoll):
		}
	}
}

// stop ends the server.
func (s *localServer) stop() {
	_ = s.stdin.Close()
	select {
	case <-s.ended:
		return
	case <-time.After(localGrace):
	}
	python.Kill(s.cmd, true)
	<-s.ended
}

// tail keeps the end of what is written to it. It is safe for concurrent use.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 2000 // bytes

// Write keeps the end.
func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, text...)
	if extra := len(t.text) - tailSize; extra > 0 {
		t.text = bytes.Clone(t.text[extra:])
	}
	return len(text), nil
}

func (t *tail) whole() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}

// String is the last line that says something.
func (t *tail) String() string {
	text := strings.TrimSpace(t.whole())
	return text[strings.LastIndexByte(text, '\n')+1:]
}
