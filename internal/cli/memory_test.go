//go:build unix

package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A plan that has everything in it that plans can have is as docs/schemas describes, and so is that of several projects.
func TestPlanWithMemoryIsAsDocumented(t *testing.T) {
	schema := documented(t, "plan")
	k := newKilled(t)
	k.apply()
	k.write("prefect.yaml", strings.Replace(killedProject, `- {name: a, version: "1"`, `- {name: a, version: "2", tags: [z]`, 1)+"\n"+
		`- {name: f, version: "1", entrypoint: "flows.py:other", work_pool: {name: pool}}`+"\n")
	text := strings.Replace(k.read("prefect.yaml"), `- {name: d, `, `- {name: g, `, 1)
	k.write("prefect.yaml", text)
	k.api.mu.Lock()
	for _, d := range k.api.deployments {
		if d["name"] == "a" || d["name"] == "b" {
			d["tags"], d["paused"] = []any{"by-hand"}, true
		}
	}
	k.api.mu.Unlock()
	for _, policy := range []string{"keep", "overwrite"} {
		out, err := k.command("plan", "--all", "--format", "json", "--prune", "--on-drift", policy).Output()
		if err != nil {
			t.Fatal(err)
		}
		validate(t, schema, policy, string(out))
		want := []string{`"action": "delete"`, `"prune": true`, `"notes"`, `"changed_by"`, `"digest": "sha256:`}
		if policy == "keep" {
			want = append(want, `"kept"`)
		}
		for _, w := range want {
			if !strings.Contains(string(out), w) {
				t.Errorf("%s: there is no %s in\n%s", policy, w, out)
			}
		}
	}
}

// Secrets of the server, of the settings and of the environment are in nothing that an apply leaves or says.
func TestNothingRemembersSecrets(t *testing.T) {
	const block, env, password = "canary-of-the-block", "canary-of-the-environment", "canary-of-the-url"
	k := newKilled(t)
	k.write("block.json", "")
	k.api.mu.Lock()
	k.api.answers = []fakeAnswer{{"GET", "/api/block_types/slug/secret/block_documents/name/token", 200,
		`{"id": "b", "name": "token", "data": {"value": "` + block + `"}, "block_type": {"slug": "secret"}, "block_type_name": "Secret"}`}}
	k.api.mu.Unlock()
	k.write("prefect.yaml", `pull: [{prefect.deployments.steps.set_working_directory: {directory: /opt}}]
deployments:
- name: a
  version: "1"
  entrypoint: flows.py:hello
  tags: ["{{ prefect.blocks.secret.token }}"]
  parameters: {x: "{{ $API_TOKEN }}"}
  enforce_parameter_schema: false
  work_pool: {name: pool, job_variables: {env: {TOKEN: "{{ prefect.blocks.secret.token }}", OTHER: "{{ $API_TOKEN }}"}}}
`)
	said := ""
	run := func(args ...string) {
		cmd := k.command(args...)
		cmd.Env = append(cmd.Env, "API_TOKEN="+env, "PREFECT_API_URL="+strings.Replace(k.server.URL, "//", "//user:"+password+"@", 1)+"/api")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		said += string(out)
	}
	run("apply", "--all", "--allow", "secret-in-clear", "--resolve-blocks")
	k.api.mu.Lock()
	registered := k.api.deployments["id-of-a"]
	if tags, _ := registered["tags"].([]any); len(tags) != 1 || tags[0] != block {
		t.Errorf("the block was not resolved: %v", registered["tags"])
	}
	registered["version"] = "by hand"
	k.api.mu.Unlock()
	run("apply", "--all", "--allow", "secret-in-clear", "--resolve-blocks")
	seen := 0
	err := filepath.WalkDir(filepath.Join(k.dir, ".prefectc"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		seen++
		for _, canary := range []string{block, env, password} {
			if strings.Contains(string(text), canary) {
				t.Errorf("%s holds %s", path, canary)
			}
		}
		return err
	})
	if err != nil || seen < 4 {
		t.Errorf("%d files were looked at, %v", seen, err)
	}
	for _, canary := range []string{block, env, password} {
		if strings.Contains(said, canary) {
			t.Errorf("%s was said:\n%s", canary, said)
		}
	}
}

// Neither does a plan show them, whether they are about to be registered, are there, or were there and have been changed since.
func TestPlansShowNoSecrets(t *testing.T) {
	const block = "canary-of-the-block"
	k := newKilled(t)
	answer := func(secret string) {
		k.api.mu.Lock()
		defer k.api.mu.Unlock()
		k.api.answers = []fakeAnswer{{"GET", "/api/block_types/slug/secret/block_documents/name/token", 200,
			`{"id": "b", "name": "token", "data": {"value": "` + secret + `"}, "block_type": {"slug": "secret"}, "block_type_name": "Secret"}`}}
	}
	answer(block)
	k.write("prefect.yaml", `pull: [{prefect.deployments.steps.set_working_directory: {directory: /opt}}]
deployments:
- name: a
  version: "1"
  entrypoint: flows.py:hello
  tags: [one, "{{ prefect.blocks.secret.token }}"]
  description: see {{ prefect.blocks.secret.token }}
  enforce_parameter_schema: false
  parameters: {x: {y: "{{ prefect.blocks.secret.token }}"}}
  work_pool: {name: pool, job_variables: {env: {TOKEN: "{{ prefect.blocks.secret.token }}"}}}
`)
	show := func(args ...string) {
		t.Helper()
		for _, format := range []string{"text", "json"} {
			out, err := k.command(append([]string{"plan", "--all", "--allow", "secret-in-clear", "--resolve-blocks", "--format", format, "-o", "p.json"}, args...)...).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if text := string(out) + k.read("p.json"); strings.Contains(text, "canary") {
				t.Errorf("%v shows a secret:\n%s", args, text)
			}
		}
	}
	show()
	k.apply("--allow", "secret-in-clear", "--resolve-blocks")
	show()
	answer("canary-that-is-new")
	show()
	show("--on-drift", "keep")
}
