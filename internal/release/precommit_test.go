package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// preCommitVersion is the release of pre-commit that the hooks are run with, https://pypi.org/project/pre-commit/.
const preCommitVersion = "4.7.0"

// The hooks, run by the real pre-commit in a real repository: a good change passes; a slip in prefect.yaml does not,
// nor does a change to a flow's file alone that breaks a deployment.
func TestPreCommitHooks(t *testing.T) {
	wheel := hostWheel(t)
	venv := filepath.Join(t.TempDir(), "venv")
	command(t, "", "python3", "-m", "venv", venv)
	bin := filepath.Join(venv, "bin")
	pip := []string{"install", "--quiet", "--disable-pip-version-check"}
	command(t, "", filepath.Join(bin, "pip"), append(pip, "pre-commit=="+preCommitVersion)...)
	command(t, "", filepath.Join(bin, "pip"), append(pip, "--no-index", wheel)...) // for the hook that takes it from the PATH
	hooks := snapshot(t)
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("PRE_COMMIT_HOME", t.TempDir())
	t.Setenv("PIP_FIND_LINKS", filepath.Dir(wheel)) // where prefectc of this version is found before it is published
	t.Setenv("GOMODCACHE", strings.TrimSpace(command(t, "", "go", "env", "GOMODCACHE")))
	t.Setenv("GOFLAGS", "-trimpath")

	for _, hook := range []string{"prefectc-check", "prefectc-check-golang", "prefectc-check-system"} {
		t.Run(hook, func(t *testing.T) {
			repo := preCommitProject(t, hooks, hook)
			if out, ok := commit(t, repo); !ok {
				t.Fatalf("a good change does not pass:\n%s", out)
			}
			change(t, repo, "flows.py", "def hello(name: str)", "def hello(first_name: str)")
			if out, ok := commit(t, repo); ok || !strings.Contains(out, `"name"`) || !strings.Contains(out, "prefect.yaml:6:") {
				t.Errorf("a renamed parameter in the flow's file passes, or is not named:\n%s", out)
			}
			change(t, repo, "flows.py", "first_name: str", "name: str")
			change(t, repo, "prefect.yaml", "parameters:", "parametres:")
			if out, ok := commit(t, repo); ok || !strings.Contains(out, "error[unknown-key]") {
				t.Errorf("a misspelt key passes, or is not named:\n%s", out)
			}
		})
	}
}

// snapshot is this project as a repository that pre-commit can clone, with what is not committed yet.
func snapshot(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name := range strings.SplitSeq(strings.TrimSpace(command(t, root(t), "git", "ls-files", "-co", "--exclude-standard")), "\n") {
		data, err := os.ReadFile(filepath.Join(root(t), name))
		if err != nil {
			continue // deleted and not committed
		}
		put(t, dir, name, string(data))
	}
	record(t, dir)
	return dir
}

func preCommitProject(t *testing.T, hooks, hook string) string {
	t.Helper()
	repo := t.TempDir()
	put(t, repo, "flows.py", "from prefect import flow\n\n\n@flow\ndef hello(name: str):\n    print(name)\n")
	put(t, repo, "prefect.yaml", `pull: [{prefect.deployments.steps.set_working_directory: {directory: /opt/flows}}]
deployments:
- name: daily
  entrypoint: flows.py:hello
  work_pool: {name: pool}
  parameters: {name: world}
`)
	revision := strings.TrimSpace(command(t, hooks, "git", "rev-parse", "HEAD"))
	put(t, repo, ".pre-commit-config.yaml", "repos:\n- repo: file://"+hooks+"\n  rev: "+revision+"\n  hooks: [{id: "+hook+"}]\n")
	command(t, repo, "git", "init", "-q")
	command(t, repo, "pre-commit", "install")
	return repo
}

// commit commits everything that changed, and with it runs the hook; ok is false when the hook refuses.
func commit(t *testing.T, repo string) (out string, ok bool) {
	t.Helper()
	command(t, repo, "git", "add", "-A")
	var b bytes.Buffer
	cmd := exec.Command("git", append(author, "commit", "-m", "change")...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = repo, &b, &b
	err := cmd.Run()
	return b.String(), err == nil
}

// author is who commits, on a machine that knows nobody.
var author = []string{"-c", "user.name=test", "-c", "user.email=test@example.org"} //nolint:gochecknoglobals // a constant list

func record(t *testing.T, dir string) {
	t.Helper()
	command(t, dir, "git", "init", "-q")
	command(t, dir, "git", "add", "-A")
	command(t, dir, "git", append(author, "commit", "-q", "-m", "snapshot")...)
}

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, dir, name, old, new string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s has no %q", name, old)
	}
	put(t, dir, name, strings.Replace(string(data), old, new, 1))
}
