package lsp

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

const typed = `name: demo
prefect-version: 3.8.8
definitions:
  pool: &pool
    name: k8s
    job_variables: {env: {A: "1"}}
  daily: &daily
    cron: "0 6 * * *"
    timezone: Europe/Paris
build:
  - prefect_docker.deployments.steps.build_docker_image:
      id: image
      image_name: repo/flow
      tag: "{{ $GIT_SHA }}"
push: []
pull:
- prefect.deployments.steps.git_clone:
    repository: https://example.org/x.git
    access_token: "{{ prefect.blocks.secret.token }}"
deployments:
  - name: one
    entrypoint: flows/a.py:main
    schedules:
      - <<: *daily
        active: false
      - interval: 3600
    parameters:
      x: 1
      text: |
        {{ image.tag }} and
        more
    work_pool:
      <<: *pool
      job_variables:
        image: "{{ image.image }}"
    concurrency_limit:
      limit: 1
      collision_strategy: ENQUEUE
  - name: two
    tags: [a, "b"]
    triggers:
      - type: event
        expect: [x.y]
`

// Whatever is proposed, at any point of typing a file, taking it leaves a file that YAML reads: if it could be read without the
// word being typed, it can be read with the proposal.
func TestCompletionNeverBreaksTheYAML(t *testing.T) {
	for _, editor := range []struct{ name, caps string }{
		{"plain", `{}`},
		{"snippets", `{"textDocument": {"completion": {"completionItem": {"snippetSupport": true}}}}`},
		{"snippets as they are", fullEditor},
	} {
		t.Run(editor.name, func(t *testing.T) {
			e := start(t, json.RawMessage(editor.caps), nil)
			version := 1
			e.open(doc, typed)
			proposals := 0
			check := func(text string, off int) {
				version++
				e.change(doc, version, text)
				f := source.New("prefect.yaml", []byte(text))
				lc := f.LineChar(off, source.UTF16)
				line := f.LineSpan(f.LineOf(off))
				c := locate(f, off)
				blanked := text[:max(line.Start, c.from)] + text[line.End:]
				if c.kind == nowhere && c.braces >= 0 {
					blanked = text
				}
				if fatal(blanked) != "" {
					return
				}
				for _, p := range e.complete(at(doc, lc.Line, lc.Character)) {
					proposals++
					after := p.apply(f)
					if why := fatal(after); why != "" {
						t.Fatalf("%q at %d:%d: taking %q breaks the file: %s\n%s", f.Slice(line), lc.Line+1, lc.Character+1, p.Label, why, after)
					}
				}
			}
			lines := strings.SplitAfter(typed, "\n")
			off := 0
			for _, l := range lines {
				for _, at := range []int{0, 2, 4, len(l) / 2, len(l) - 3, len(l) - 1} {
					if at < 0 || at >= len(l) {
						continue
					}
					check(typed, off+at)                               // in the finished file
					check(typed[:off+at]+typed[off+len(l)-1:], off+at) // with the rest of the line still to come
					check(typed[:off+at], off+at)                      // with everything still to come
				}
				off += len(l)
			}
			for _, words := range []string{"{{ ", "{{", "{{ im", "\"{{ ", "'x {{ i", "*", "*po", "x{{ ", "t"} {
				for _, before := range []string{"    name: ", "    work_pool: ", "    tags:\n      - ", "    schedule:\n      cron: ", "    ", "      "} {
					text := typed + before + words
					if strings.ContainsAny(words[:1], "\"'") {
						check(text+"\n", len(text))
						continue
					}
					check(text, len(text))
					check(text+"\n  - name: three\n", len(text))
				}
			}
			if proposals < 1000 {
				t.Errorf("only %d proposals were tried", proposals)
			}
		})
	}
}

// fatal says why a text cannot be read, or nothing.
func fatal(text string) string {
	for _, p := range yamldoc.Read(source.New("x", []byte(text))).Problems {
		if p.Fatal {
			return p.Message
		}
	}
	return ""
}
