package lsp

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	protocol "github.com/tliron/glsp/protocol_3_16"

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

// bracketed is what people write on one line.
const bracketed = `definitions: {pool: &pool {name: k8s}, daily: &daily {cron: "0 6 * * *"}}
build: [{prefect.deployments.steps.run_shell_script: {id: hash, script: date}}]
deployments:
- {name: one, entrypoint: 'flows.py:main', tags: [a, "b"], parameters: {mode: fast, n: 1}}
- name: two
  entrypoint: flows.py:main
  work_pool: {<<: *pool, work_queue_name: "q", job_variables: {image: "{{ hash.stdout }}"}}
  schedules: [*daily, {interval: 3600, anchor_date: "2025-01-01T00:00:00+00:00"}, {rrule: "FREQ=DAILY;BYHOUR=6"}]
  concurrency_limit: {limit: 1, collision_strategy: ENQUEUE} # so many
`

// half is a file in the middle of being written.
const half = `prefect-version: 3
# what is shared
x-pool: &pool
  name: "k8s
deployments:
  - name: one
    entrypoint
    schedules:
      - cron: "0 6 * *
    version: {{ hash.
  -
  - name: two
    work_pool: *po
    tags: [a,
    description: |
      text {{
`

const flowFile = `from typing import Literal
from prefect import flow

@flow
def main(mode: Literal["fast", "a: b", "#1"] = "fast", on: bool = True, n: int | None = None): ...
`

// completing is a server with a project whose flow and policies give values, for one kind of editor.
type completing struct {
	s    *Server
	snap *snapshot
	dir  string
}

func newCompleting(t testing.TB, caps string) *completing {
	c := &completing{dir: t.TempDir()}
	write(t, c.dir, "flows.py", flowFile)
	write(t, c.dir, "prefectc.cue", `policies: pools: {message: "m", deployment: work_pool: name: "k8s" | "a: b" | "*" | "it's"}`)
	c.s = newServer(context.Background(), &lockedBuffer{}, &lockedBuffer{}, Options{Environ: []string{"HOME=/", "GIT_SHA=x", "a.b=c"},
		now: func() time.Time { return time.Date(2025, 3, 28, 12, 0, 0, 0, time.UTC) }})
	t.Cleanup(c.s.out.close)
	c.snap = c.s.session.change(func(next *snapshot) { next.client = parseClient(json.RawMessage(caps)) })
	return c
}

// proposed is what is offered at a place of a text.
func (c *completing) proposed(t testing.TB, text string, off int) []proposal {
	path := c.dir + "/prefect.yaml"
	d := &document{uri: doc, path: path, onDisk: true, file: source.New(path, []byte(text))}
	got, err := c.s.completion(context.Background(), c.snap, d,
		&protocol.CompletionParams{TextDocumentPositionParams: protocol.TextDocumentPositionParams{Position: d.position(off)}})
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Items []proposal }
	body, err := json.Marshal(got)
	if err == nil {
		err = json.Unmarshal(body, &list)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list.Items
}

// try takes every proposal at a place, of long lists some: if the text can be read without the word being typed, it can be read
// with the proposal. It returns how many were taken.
func (c *completing) try(t testing.TB, text string, off int) int {
	f := source.New("prefect.yaml", []byte(text))
	line := f.LineSpan(f.LineOf(off))
	at := locate(f, off)
	without := text[:max(line.Start, at.from)] + text[line.End:]
	if at.kind == nowhere && at.braces >= 0 || at.colon { // what follows on the line stays
		without = text
	}
	items := c.proposed(t, text, off)
	problems := unreadable(without)
	taken := 0
	for i := range items {
		p := &items[i]
		if len(items) > 40 && i%(len(items)/20) != off%(len(items)/20) {
			continue
		}
		taken++
		after := p.apply(f)
		if now := unreadable(after); len(now) > len(problems) {
			t.Errorf("%q at %d:%d: taking %q breaks the file: %s\n%s", f.Slice(line), f.LineOf(off)+1, off-line.Start+1, p.Label, now[0], after)
		}
	}
	return taken
}

// unreadable says why a text, or parts of it, cannot be read.
func unreadable(text string) []string {
	var out []string
	for _, p := range yamldoc.Read(source.New("x", []byte(text))).Problems {
		if p.Fatal {
			out = append(out, p.Message)
		}
	}
	return out
}

var completionEditors = []struct{ name, caps string }{
	{"plain", `{}`},
	{"snippets", `{"textDocument": {"completion": {"completionItem": {"snippetSupport": true}}}}`},
	{"snippets as they are", fullEditor},
}

// Whatever is proposed, at any point of typing a file, taking it leaves a file that YAML reads.
func TestCompletionNeverBreaksTheYAML(t *testing.T) {
	for e, editor := range completionEditors {
		t.Run(editor.name, func(t *testing.T) {
			t.Parallel()
			c := newCompleting(t, editor.caps)
			taken := 0
			for n, text := range []string{typed, bracketed, half, strings.ReplaceAll(typed, "\n", "\r\n")} {
				for off := e; off < len(text); off += len(completionEditors) { // each place in one of the editors
					end := off + strings.IndexByte(text[off:], '\n')
					switch (off/len(completionEditors) + n) % 3 { // and in one of three states
					case 0:
						taken += c.try(t, text, off) // in the finished file
					case 1:
						taken += c.try(t, text[:off]+text[end:], off) // with the rest of the line still to come
					default:
						taken += c.try(t, text[:off], off) // with everything still to come
					}
				}
			}
			for _, words := range []string{"{{ ", "{{", "{{ im", "\"{{ ", "'x {{ i", "*", "*po", "x{{ ", "t", "{", "{na", "[", "[a, ", "{a: ", "[\"", "{cron: '"} {
				for _, before := range []string{"    name: ", "    work_pool: ", "    tags:\n      - ", "    schedule:\n      cron: ", "    ", "      ", "    schedules:\n      - "} {
					text := typed + before + words
					taken += c.try(t, text, len(text))
					taken += c.try(t, text+"\n", len(text))
					if !strings.ContainsAny(words[:1], "\"'") {
						taken += c.try(t, text+"\n  - name: three\n", len(text))
					}
				}
			}
			if taken < 2000 {
				t.Errorf("only %d proposals were taken", taken)
			}
		})
	}
}

// FuzzCompletion takes what is proposed at any place of any text.
func FuzzCompletion(f *testing.F) {
	for _, text := range []string{typed, bracketed, half} {
		for _, at := range []int{7, 4, 3, 2} {
			f.Add([]byte(text), len(text)/at, byte(at))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, off int, editor byte) {
		if off < 0 || off > len(text) || len(text) > 1<<13 || !utf8.Valid(text) { // the protocol brings nothing else
			return
		}
		newCompleting(t, completionEditors[int(editor)%len(completionEditors)].caps).try(t, string(text), off)
	})
}
