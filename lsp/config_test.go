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
