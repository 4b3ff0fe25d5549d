package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// check, an offline plan and the language server open no socket and start no process. The kernel is asked, by strace, so that no
// library can do it behind our back; scripts/strace.sh gets strace where it is missing.
func TestNothingLeavesTheProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("strace is Linux's")
	}
	strace, err := exec.Command("../../scripts/strace.sh").Output()
	if err != nil {
		t.Fatalf("scripts/strace.sh: %v", err)
	}
	bin := filepath.Join(t.TempDir(), "prefectc")
	build := exec.Command("go", "build", "-o", bin, "../../cmd/prefectc")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	project := outsideProject(t)
	for _, c := range []struct {
		name  string
		args  []string
		stdin string
		leave bool // the control: it has to be seen
	}{
		{name: "check", args: []string{"check"}},
		{name: "check with fixes", args: []string{"check", "--diff", "--unsafe-fixes", "."}},
		{name: "offline plan", args: []string{"plan", "--offline", "--all"}},
		{name: "render", args: []string{"render"}},
		{name: "language server", args: []string{"lsp"}, stdin: session(project)},
		{name: "plan with a server", args: []string{"plan", "--all"}, leave: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			trace := filepath.Join(t.TempDir(), "trace")
			args := append([]string{"-f", "-qq", "-o", trace, "-e", "trace=%network,%process", bin}, c.args...)
			cmd := exec.Command(strings.TrimSpace(string(strace)), args...)
			cmd.Dir, cmd.Stdin = project, strings.NewReader(c.stdin)
			cmd.Env = append(os.Environ(), "PREFECT_API_URL=http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES=0")
			out, _ := cmd.CombinedOutput() // findings are an exit code, too
			text, err := os.ReadFile(trace)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if !bytes.Contains(text, []byte("execve(")) || !bytes.Contains(text, []byte("exit_group(")) {
				t.Fatalf("strace saw no process run to its end:\n%s\n%s", text, out)
			}
			calls := leaving(string(text))
			if c.leave && len(calls) == 0 {
				t.Errorf("a plan that asks the server was not seen to:\n%s", text)
			}
			if !c.leave && len(calls) > 0 {
				t.Errorf("it left the process:\n%s", strings.Join(calls, "\n"))
			}
		})
	}
}

var (
	systemCall = regexp.MustCompile(`(?m)^\d+ +(\w+)\(.*$`)
	internet   = regexp.MustCompile(`AF_INET|AF_UNIX|AF_NETLINK`)
)

// leaving are the calls by which a process opens a socket or starts another. The first execve is ours; a clone is a thread when it
// shares the memory.
func leaving(trace string) []string {
	var out []string
	started := false
	for _, m := range systemCall.FindAllStringSubmatch(trace, -1) {
		line, call := m[0], m[1]
		switch {
		case call == "execve" && !started:
			started = true
		case call == "execve", call == "execveat", call == "fork", call == "vfork":
			out = append(out, line)
		case strings.HasPrefix(call, "clone") && !strings.Contains(line, "CLONE_THREAD"):
			out = append(out, line)
		case call == "connect", call == "socket" && internet.MatchString(line), call == "bind", call == "listen", call == "sendto" && internet.MatchString(line):
			out = append(out, line)
		}
	}
	return out
}

// outsideProject is a project that would be worth leaving for: git, a flow, steps of the shell and of Python, blocks.
func outsideProject(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		".git/HEAD": "ref: refs/heads/main\n",
		"flows.py":  "import os\nfrom prefect import flow\n\nos.system('touch ran')\n\n\n@flow\ndef hello(x: int = 1):\n    pass\n",
		"prefect.yaml": `build:
- prefect.deployments.steps.run_shell_script:
    id: tag
    script: touch ran
- my_steps.build: {}
pull:
- prefect.deployments.steps.git_clone:
    repository: https://git.example/repo.git
deployments:
- name: a
  entrypoint: flows.py:hello
  tags: ["{{ tag.stdout }}"]
  tagz: []
  schedule: {cron: 0 2 * * *, timezone: Europe/Berlin}
  work_pool: {name: pool, job_variables: {env: {T: "{{ prefect.blocks.secret.t }}"}}}
`,
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// session is what an editor says: open the file, ask for completion and hover, leave.
func session(project string) string {
	uri := "file://" + filepath.ToSlash(project) + "/prefect.yaml"
	place := `{"textDocument":{"uri":"` + uri + `"},"position":{"line":10,"character":16}}`
	var b strings.Builder
	for _, body := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}`,
		`{"jsonrpc":"2.0","method":"initialized","params":{}}`,
		`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"` + uri + `","languageId":"yaml","version":1,"text":"deployments:\n- name: a\n  entrypoint: flows.py:hello\n"}}}`,
		`{"jsonrpc":"2.0","id":2,"method":"textDocument/hover","params":` + strings.Replace(place, `"line":10`, `"line":2`, 1) + `}`,
		`{"jsonrpc":"2.0","id":3,"method":"textDocument/completion","params":` + strings.Replace(place, `"line":10`, `"line":2`, 1) + `}`,
		`{"jsonrpc":"2.0","id":4,"method":"shutdown"}`,
		`{"jsonrpc":"2.0","method":"exit"}`,
	} {
		b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body)
	}
	return b.String()
}
