package lsp

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// rules waits until the newest diagnostics of a document are of the given rules.
func (e *editor) rules(uri, want string) {
	e.t.Helper()
	e.until("findings of "+want, func() bool {
		got := "nothing"
		for _, m := range e.notes {
			var p published
			if m.Method == "textDocument/publishDiagnostics" && json.Unmarshal(m.Params, &p) == nil && p.URI == uri {
				var rules []string
				for _, d := range p.Diagnostics {
					rules = append(rules, d.Code)
				}
				got = strings.Join(rules, " ")
			}
		}
		return got == want
	})
}

// TestConfigurationFollowsItsFile shows that a prefectc.cue counts as soon as it is there, as it is saved, and as it is typed.
func TestConfigurationFollowsItsFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, ".git/HEAD", "")
	write(t, dir, "deploy/a.py", "from prefect import flow\n\n@flow\ndef main(): ...\n")
	const text = "pull:\n  - prefect.deployments.steps.set_working_directory: {directory: /opt}\ndeployments:\n  - name: one\n    entrypoint: a.py:main\n    work_pool: {name: p}\n"
	write(t, dir, "deploy/prefect.yaml", text)
	e := start(t, json.RawMessage(fullEditor), nil, dir)
	uri := uriOf(filepath.Join(dir, "deploy", "prefect.yaml"))
	config := uriOf(filepath.Join(dir, "prefectc.cue"))
	changed := func() {
		e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": config, "type": 2}}})
	}
	e.open(uri, text)
	e.rules(uri, "")

	write(t, dir, "prefectc.cue", "policies: tags: {message: \"m\", deployment: tags: [_, ...]}\n")
	changed()
	e.rules(uri, "policy/tags")

	write(t, dir, "prefectc.cue", "policies: tags: {message: \"m\", deployment: tag: [_, ...]}\n")
	changed()
	e.rules(uri, "configuration")

	e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": config, "languageId": "cue", "version": 1, "text": "policies: pools: {message: \"m\", deployment: work_pool: name: \"q\"}\n"}})
	e.rules(uri, "policy/pools")
}

// TestWhichFilesAreOurs shows that prefect.yaml is, whatever it holds, and a file called prefect-something once it has deployments.
func TestWhichFilesAreOurs(t *testing.T) {
	dir := t.TempDir()
	broken := "deployments:\n  - nam: x\n"
	write(t, dir, "prefect.yaml", "nam: x\n")
	write(t, dir, ".github/prefect.yaml", "nam: x\n")
	write(t, dir, "prefect-dev.yaml", broken)
	write(t, dir, "prefect-server.yaml", "kind: Deployment\nspec: {}\ndeployments:\n")
	write(t, dir, "prefect-values.yaml", "server: {}\n")
	write(t, dir, ".venv/prefect.yaml", broken)
	write(t, dir, "deployments.yaml", broken)
	e := start(t, map[string]any{}, nil, dir)
	var got struct{ Items []struct{ URI string } }
	e.ask("workspace/diagnostic", map[string]any{"previousResultIds": []any{}}, &got)
	var names []string
	for _, i := range got.Items {
		name, _ := pathOf(i.URI)
		rel, _ := filepath.Rel(dir, name)
		names = append(names, filepath.ToSlash(rel))
	}
	if list := strings.Join(names, " "); list != ".github/prefect.yaml prefect-dev.yaml prefect.yaml" {
		t.Errorf("checked %s", list)
	}

	uri := uriOf(filepath.Join(dir, "prefect-new.yaml"))
	e.open(uri, "x: 1\n")
	e.change(uri, 2, broken)
	if got := e.diagnostics(uri, 2); len(got.Diagnostics) == 0 {
		t.Error("nothing is said of a file that got deployments")
	}
	e.change(uri, 3, "deploymen")
	e.diagnostics(uri, 3) // it stays ours while one types
}

// TestClosedFilesOfAllFoldersAreDiagnosed shows that an editor that does not ask hears of files it has not opened, in each of its folders,
// with the folder's own configuration, and of what becomes of them.
func TestClosedFilesOfAllFoldersAreDiagnosed(t *testing.T) {
	one, two, later := t.TempDir(), t.TempDir(), t.TempDir()
	for _, dir := range []string{one, two, later} {
		write(t, dir, "a.py", "from prefect import flow\n\n@flow\ndef main(): ...\n")
		write(t, dir, "app/prefect.yaml", "pull:\n  - prefect.deployments.steps.set_working_directory: {directory: /opt}\ndeployments:\n"+
			"  - name: x\n    entrypoint: ../a.py:main\n    work_pool: {name: p}\n")
	}
	write(t, two, "prefectc.cue", "policies: tags: {message: \"m\", deployment: tags: [_, ...]}\n")
	write(t, later, "app/prefect.yaml", "nam: x\n")
	uri := func(dir string) string { return uriOf(filepath.Join(dir, "app", "prefect.yaml")) }
	e := start(t, map[string]any{}, nil, one, two)
	e.rules(uri(two), "policy/tags")
	e.rules(uri(one), "nothing")

	e.notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{"added": []any{map[string]any{"uri": uriOf(later)}}}})
	e.rules(uri(later), "unknown-key")
	write(t, later, "app/prefect.yaml", "name: x\n")
	e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": uri(later), "type": 2}}})
	e.rules(uri(later), "")

	e.open(uri(two), "nam: y\n")
	e.rules(uri(two), "unknown-key")
	e.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": uri(two)}})
	e.rules(uri(two), "policy/tags") // as on disk
}
