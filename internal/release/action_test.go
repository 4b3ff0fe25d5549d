package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// zizmorVersion and actionlintVersion are what the action and the workflow of docs/guides/ci.md are looked at with.
const (
	zizmorVersion     = "1.32.0"
	actionlintVersion = "v1.7.12"
)

// The script of the GitHub Action, as a runner would start it: annotations, SARIF, a plan in the summary, exit codes.
func TestAction(t *testing.T) {
	bin := t.TempDir()
	command(t, root(t), "go", "build", "-trimpath", "-o", bin, "./cmd/prefectc")
	for _, c := range []struct {
		name, file string
		code       int
		output     string // of the script
		summary    string
	}{
		{"good", "good", 0, "prefectc dev", "### prefectc plan: 1 to register"},
		{"a slip", "slip", 1, "::error file=prefect.yaml,line=6", "### prefectc plan: 1 to register"},
		{"nothing to deploy", "broken", 1, "::error file=prefect.yaml,line=4", "### prefectc plan: nothing can be deployed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			project := t.TempDir()
			put(t, project, "flows.py", "from prefect import flow\n\n\n@flow\ndef hello(name: str):\n    print(name)\n")
			content := "pull: [{prefect.deployments.steps.set_working_directory: {directory: /opt/flows}}]\ndeployments:\n- name: daily\n" +
				"  entrypoint: flows.py:hello\n  work_pool: {name: pool}\n  parameters: {name: world}\n"
			switch c.file {
			case "slip":
				content = strings.Replace(content, "parameters:", "parametres:", 1)
			case "broken":
				content = strings.Replace(content, "flows.py:hello", "flows.py:helo", 1)
			}
			put(t, project, "prefect.yaml", content)
			summary := filepath.Join(project, "summary.md")
			cmd := exec.Command(filepath.Join(root(t), "scripts/action.sh"))
			cmd.Dir = project
			cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "RUNNER_TEMP="+t.TempDir(), "GITHUB_STEP_SUMMARY="+summary,
				"PREFECTC_SARIF=out.sarif", "PREFECTC_PLAN=--all", "PREFECT_API_URL=")
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState.ExitCode() != c.code {
				t.Errorf("exit code: %v, not %d", err, c.code)
			}
			if !strings.Contains(string(out), c.output) {
				t.Errorf("the log has no %q:\n%s", c.output, out)
			}
			if text, err := os.ReadFile(summary); err != nil || !strings.Contains(string(text), c.summary) {
				t.Errorf("the summary has no %q: %v\n%s", c.summary, err, text)
			}
			if sarif, err := os.ReadFile(filepath.Join(project, "out.sarif")); err != nil || !strings.Contains(string(sarif), `"2.1.0"`) {
				t.Errorf("no SARIF: %v", err)
			}
		})
	}
}

// The action and the workflow that the guide shows have nothing that the linters of GitHub Actions mind.
func TestActionIsClean(t *testing.T) {
	venv := filepath.Join(t.TempDir(), "venv")
	command(t, "", "python3", "-m", "venv", venv)
	command(t, "", filepath.Join(venv, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", "zizmor=="+zizmorVersion)
	command(t, root(t), filepath.Join(venv, "bin", "zizmor"), "--offline", "--quiet", "action.yml")

	workflow := regexp.MustCompile("(?s)```yaml\n# .github/workflows/prefect.yml\n(.*?)```").FindStringSubmatch(read(t, "docs/guides/ci.md"))
	if workflow == nil {
		t.Fatal("docs/guides/ci.md shows no workflow")
	}
	dir := t.TempDir()
	put(t, dir, ".github/workflows/prefect.yml", workflow[1])
	command(t, root(t), "go", "run", "github.com/rhysd/actionlint/cmd/actionlint@"+actionlintVersion, "-shellcheck=", filepath.Join(dir, ".github/workflows/prefect.yml"))
}
