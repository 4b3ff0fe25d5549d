package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/prefect"
)

// onServer is what a server could be asked for.
func onServer() *prefect.Names {
	variables := value.NewMap("properties", value.NewMap(
		"image", value.NewMap("type", "string", "description", "what to run"),
		"pull_policy", value.NewMap("enum", []value.Value{"Always", "Never"}, "type", "string")))
	return &prefect.Names{
		Pools:     []*prefect.Pool{{Name: "k8s", Type: "kubernetes", JobTemplate: value.NewMap("variables", variables)}, {Name: "local one", Type: "process"}},
		Queues:    map[string][]string{"k8s": {"default", "urgent"}},
		Blocks:    map[string][]string{"secret": {"token"}, "gcp-credentials": {"prod"}},
		Variables: []string{"region"},
	}
}

const liveText = `pull:
  - prefect.deployments.steps.git_clone:
      repository: x
      access_token: "{{ ‹1›"
deployments:
  - name: one
    work_pool:
      name: ‹2›
  - name: two
    work_pool:
      name: k8s
      work_queue_name: ‹3›
      job_variables:
        pull_policy: ‹4›
        ‹5›
`

// TestLiveNames shows that names of the server are proposed when the user has turned that on, and that nothing is asked otherwise.
func TestLiveNames(t *testing.T) {
	var asked atomic.Int32
	begin := func(t *testing.T, live bool, read namesReader) (func(mark string) string, *editor) {
		e := launch(t, Options{names: func(ctx context.Context, environ []string, dir string) (*prefect.Names, error) {
			asked.Add(1)
			return read(ctx, environ, dir)
		}})
		caps := strings.Replace(fullEditor, `"experimental"`, `"window": {"workDoneProgress": true}, "experimental"`, 1)
		e.initialize(json.RawMessage(caps), map[string]any{"live": live}, t.TempDir())
		text, spots := marks(liveText)
		uri := uriOf(filepath.Join(t.TempDir(), "prefect.yaml"))
		e.open(uri, text)
		f := source.New("", []byte(text))
		return func(mark string) string {
			t.Helper()
			var out []string
			for _, p := range spots {
				if p.name != mark {
					continue
				}
				lc := f.LineChar(p.off, source.UTF16)
				for _, i := range e.complete(at(uri, lc.Line, lc.Character)) {
					if !strings.Contains(i.TextEdit.NewText, "NAME") {
						out = append(out, i.Label)
					}
				}
			}
			return strings.Join(out, " | ")
		}, e
	}

	t.Run("on", func(t *testing.T) {
		complete, e := begin(t, true, func(context.Context, []string, string) (*prefect.Names, error) { return onServer(), nil })
		for mark, want := range map[string]string{
			"1": "prefect.blocks.gcp-credentials.prod | prefect.blocks.secret.token | prefect.variables.region",
			"2": "k8s | local one", "3": "default | urgent", "4": "Always | Never", "5": "image",
		} {
			if got := complete(mark); got != want {
				t.Errorf("%s: got %s, want %s", mark, got, want)
			}
		}
		if n := asked.Load(); n != 1 {
			t.Errorf("the server was asked %d times", n)
		}
		e.until("a progress that begins and ends", func() bool {
			var kinds []string
			for _, m := range e.notes {
				var p struct{ Value struct{ Kind string } }
				if m.Method == "$/progress" && json.Unmarshal(m.Params, &p) == nil {
					kinds = append(kinds, p.Value.Kind)
				}
			}
			return strings.Join(kinds, " ") == "begin end"
		})
	})
	t.Run("a server that does not answer", func(t *testing.T) {
		complete, e := begin(t, true, func(context.Context, []string, string) (*prefect.Names, error) { return nil, errors.New("no route") })
		if got := complete("2"); got != "" {
			t.Errorf("got %s", got)
		}
		if !strings.Contains(e.log.String(), "no route") {
			t.Errorf("the log says %q", e.log.String())
		}
	})
	t.Run("off", func(t *testing.T) {
		before := asked.Load()
		complete, _ := begin(t, false, func(context.Context, []string, string) (*prefect.Names, error) { return onServer(), nil })
		if got := complete("2") + complete("3") + complete("5"); got != "" {
			t.Errorf("got %s", got)
		}
		if asked.Load() != before {
			t.Error("the server was asked")
		}
	})
}
