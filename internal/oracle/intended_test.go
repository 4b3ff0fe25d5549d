package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestIntended tests rows of docs/differences.md that the cases do not show, each in a subtest of the row's name.
func TestIntended(t *testing.T) {
	t.Parallel()
	s := startServer(t, 3)
	project := func(t *testing.T, testCase string) *project { return newProject(t, s, testCase) }

	t.Run(rowQuiet, func(t *testing.T) {
		for _, name := range []string{"basic_all", "triggers"} {
			p := project(t, name)
			p.apply(t, 0)
			if len(p.writes()) == 0 {
				t.Fatalf("%s: the first apply wrote nothing", name)
			}
			p.apply(t, 0)
			if writes := p.writes(); len(writes) > 0 {
				t.Errorf("%s: the second apply sent %q", name, writes)
			}
		}
	})
	t.Run("state-kept", func(t *testing.T) {
		p := project(t, "basic_all")
		p.apply(t, 0)
		for _, name := range []string{"state.json", ".gitignore"} {
			if _, err := os.Stat(filepath.Join(p.dir, ".prefectc", name)); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("paused-stays", func(t *testing.T) {
		p := project(t, "basic_all")
		const file = "deployments:\n- name: one\n  description: %s\n  entrypoint: flows/hello.py:my_flow\n  work_pool: {name: my-process-work-pool}\n"
		p.write(t, "prefect.yaml", fmt.Sprintf(file, "first"))
		p.apply(t, 0)
		path := "/deployments/" + p.deployments(t)[0]["id"].(string)
		p.call(t, http.MethodPatch, path, `{"paused": true}`, nil)
		p.write(t, "prefect.yaml", fmt.Sprintf(file, "second"))
		p.apply(t, 0)
		var live map[string]any
		p.call(t, http.MethodGet, path, "", &live)
		if live["description"] != "second" || live["paused"] != true {
			t.Errorf("after a deploy with another description: description %v, paused %v", live["description"], live["paused"])
		}
	})
	t.Run("automation-ids", func(t *testing.T) {
		p := project(t, "triggers")
		p.apply(t, 0)
		before := p.automations(t)
		p.edit(t, "prefect.yaml", "deployments:\n", "# a comment\ndeployments:\n")
		p.apply(t, 0)
		if after := p.automations(t); len(before) == 0 || !slices.Equal(before, after) {
			t.Errorf("automations were %v and are %v", before, after)
		}
		// One that was made by hand acts on the deployment too, and one trigger changes: the others keep theirs.
		p.call(t, http.MethodPost, "/automations/", `{"name": "by hand", "trigger": {"type": "event", "posture": "Reactive", "threshold": 1, "within": 0},
			"actions": [{"type": "run-deployment", "source": "selected", "deployment_id": "`+p.deployments(t)[0]["id"].(string)+`"}]}`, nil)
		p.edit(t, "prefect.yaml", "order.started", "order.ended")
		p.writes()
		p.apply(t, 0)
		if writes := p.writes(); len(writes) != 1 || !strings.HasPrefix(writes[0], "PUT /automations/") {
			t.Errorf("one trigger changed, and an apply sent %q", writes)
		}
		if after := p.automations(t); len(after) != len(before)+1 || len(slices.DeleteFunc(after, func(a string) bool { return slices.Contains(before, a) })) != 1 {
			t.Errorf("automations were %v and are %v", before, p.automations(t))
		}
		// All triggers leave the file, those with a name of their own too.
		text, err := os.ReadFile(filepath.Join(p.dir, "prefect.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		whole := string(text)
		p.write(t, "prefect.yaml", whole[:strings.Index(whole, "  triggers:")]+"\n"+whole[strings.Index(whole, "- name: untriggered"):])
		p.apply(t, 0)
		if after := p.automations(t); len(after) != 1 || !strings.HasPrefix(after[0], "by hand") {
			t.Errorf("automations were %v; without triggers there are %v; it sent %q", before, after, p.writes())
		}
	})
	t.Run("unreadable-files", func(t *testing.T) {
		p := project(t, "basic_all")
		p.write(t, "prefect.yaml", "deployments: [unclosed\n")
		p.apply(t, 1, "flows/hello.py:my_flow", "-n", "x", "-p", "my-process-work-pool")
		if writes := p.writes(); len(writes) > 0 {
			t.Errorf("with a broken file, an apply sent %q", writes)
		}
	})
	t.Run(rowAllow, func(t *testing.T) {
		p := project(t, "templates_unknown")
		p.apply(t, 1)
		if writes := p.writes(); len(writes) > 0 {
			t.Errorf("with references to nothing, an apply sent %q", writes)
		}
	})
	t.Run("working-directory", func(t *testing.T) {
		p := project(t, "basic_all")
		if err := os.Mkdir(filepath.Join(p.dir, "sub"), 0o755); err != nil {
			t.Fatal(err)
		}
		one := "- name: %s\n  entrypoint: flows/hello.py:my_flow\n  description: \"{{ where.stdout }}\"\n  work_pool: {name: my-process-work-pool}\n"
		p.write(t, "prefect.yaml", "build:\n- prefect.deployments.steps.set_working_directory: {directory: sub}\n"+
			"- prefect.deployments.steps.run_shell_script: {id: where, script: pwd}\ndeployments:\n"+fmt.Sprintf(one, "a")+fmt.Sprintf(one, "b"))
		p.apply(t, 0, "--all", "--no-share-steps")
		for _, d := range p.deployments(t) {
			if d["description"] != filepath.Join(p.dir, "sub") {
				t.Errorf("the steps of %v ended in %v, not in %s/sub", d["name"], d["description"], p.dir)
			}
		}
	})
	t.Run("remote-credentials", func(t *testing.T) {
		p := project(t, "basic_all")
		for _, args := range [][]string{
			{"init", "-q"}, {"add", "."}, {"-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit", "-qm", "x"},
			{"remote", "add", "origin", "https://user:t0ken@example.invalid/a/b.git"},
		} {
			cmd := exec.Command("git", args...)
			cmd.Dir = p.dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("git %q: %v\n%s", args, err, out)
			}
		}
		p.apply(t, 0)
		sent := p.bodies()
		if !strings.Contains(sent, "https://example.invalid/a/b.git") || strings.Contains(sent, "t0ken") {
			t.Errorf("of the remote with a token, an apply sent %s", sent)
		}
	})
}

// project is a copy of a case's project, with a proxy before the server that remembers what is written.
type project struct {
	dir, api string
	mu       sync.Mutex
	written  []string // "POST /flows/ BODY", since the last look
}

func newProject(t *testing.T, s server, testCase string) *project {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p := &project{dir: dir}
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(kit, "cases", testCase))); err != nil {
		t.Fatal(err)
	}
	target, err := url.Parse(s.api)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: target.Scheme, Host: target.Host})
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		path := strings.TrimPrefix(r.URL.Path, target.Path)
		if r.Method != http.MethodGet && !strings.HasSuffix(path, "/filter") && !strings.HasSuffix(path, "/count") {
			p.mu.Lock()
			p.written = append(p.written, r.Method+" "+path+" "+string(body))
			p.mu.Unlock()
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	p.api = proxy.URL + target.Path
	for _, d := range p.deployments(t) {
		p.call(t, http.MethodDelete, "/deployments/"+d["id"].(string), "", nil)
	}
	var automations []map[string]any // the server deletes those of a deployment some time after it
	p.call(t, http.MethodPost, "/automations/filter", `{"limit": 200}`, &automations)
	for _, a := range automations {
		p.call(t, http.MethodDelete, "/automations/"+a["id"].(string), "", nil)
	}
	p.writes()
	return p
}

// apply runs prefectc apply, for all deployments unless args say otherwise.
func (p *project) apply(t *testing.T, code int, args ...string) {
	t.Helper()
	if len(args) == 0 {
		args = []string{"--all"}
	}
	cmd := exec.Command(prefectc(t), append([]string{"apply"}, args...)...)
	cmd.Dir = p.dir
	bin := filepath.Join(venvs(t), "p3", "bin")
	cmd.Env = []string{"PREFECT_API_URL=" + p.api, "HOME=" + t.TempDir(), "PATH=" + bin + ":" + os.Getenv("PATH"), "GIT_CEILING_DIRECTORIES=" + filepath.Dir(p.dir)}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != code {
		t.Fatalf("apply %q: %v, want exit code %d\n%s", args, err, code, out)
	}
}

// writes are the changing requests since the last look, without bodies.
func (p *project) writes() []string {
	var short []string
	for _, w := range p.look() {
		short = append(short, strings.Join(strings.SplitN(w, " ", 3)[:2], " "))
	}
	return short
}

func (p *project) bodies() string { return strings.Join(p.look(), "\n") }

func (p *project) look() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.written
	p.written = nil
	return w
}

func (p *project) deployments(t *testing.T) []map[string]any {
	t.Helper()
	var list []map[string]any
	p.call(t, http.MethodPost, "/deployments/filter", `{"limit": 200}`, &list)
	return list
}

func (p *project) automations(t *testing.T) []string {
	t.Helper()
	var list []map[string]any
	p.call(t, http.MethodPost, "/automations/filter", `{"limit": 200}`, &list)
	var ids []string
	for _, a := range list {
		ids = append(ids, fmt.Sprint(a["name"], a["id"]))
	}
	slices.Sort(ids)
	return ids
}

func (p *project) call(t *testing.T, method, path, body string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, p.api+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(answer.Body)
	gone := method == http.MethodDelete && answer.StatusCode == http.StatusNotFound
	if err != nil || answer.StatusCode >= 400 && !gone {
		t.Fatalf("%s %s: %s %v\n%s", method, path, answer.Status, err, text)
	}
	if into != nil {
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
}

func (p *project) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (p *project) edit(t *testing.T, name, from, to string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), from) {
		t.Fatalf("%s has no %q", name, from)
	}
	p.write(t, name, strings.Replace(string(text), from, to, 1))
}
