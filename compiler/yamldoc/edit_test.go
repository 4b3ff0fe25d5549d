package yamldoc

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/internal/typing"
)

// written describes a document with every offset and link, so that two that read the same are the same.
func written(d *Document) []string {
	var out []string
	id := map[*Node]string{nil: "nil"}
	name := func(n *Node) string {
		if s, ok := id[n]; ok {
			return s
		}
		return "unknown"
	}
	if d.Root != nil {
		d.Root.each(func(n *Node) { id[n] = fmt.Sprintf("%d@%v", len(id), n.Span) })
		d.Root.each(func(n *Node) {
			line := fmt.Sprintf("%s %d %d %q %v %q %#v %v %v -> %s", id[n], n.Kind, n.Style, n.Tag, n.TagAt, n.Text, n.Scalar, n.merge, n.tuples, name(n.Target))
			if n.Anchor != nil {
				line += fmt.Sprintf(" & %q %v", n.Anchor.Name, n.Anchor.Span)
			}
			for _, p := range n.Pairs {
				line += fmt.Sprintf(" pair %v", p.Span)
			}
			for _, e := range n.entries {
				line += fmt.Sprintf(" entry %s=%s<%s", name(e.Key), name(e.Value), name(e.Via))
			}
			out = append(out, line)
		})
	}
	for _, a := range d.Anchors {
		line := fmt.Sprintf("anchor %q %v %s", a.Name, a.Span, name(a.Node))
		for _, u := range a.Uses {
			line += " " + name(u)
		}
		out = append(out, line)
	}
	out = append(out, fmt.Sprint("comments ", d.Comments), fmt.Sprint("partial ", d.Partial))
	for _, p := range d.Problems {
		out = append(out, fmt.Sprintf("problem %+v", p))
	}
	return out
}

// editedDocument follows edits as long as they can be followed, and compares with reading anew.
type editedDocument struct {
	t     testing.TB
	doc   *Document
	local int
}

func (e *editedDocument) follow(edit typing.Edit, text string) {
	f := source.New("prefect.yaml", []byte(text))
	before := string(e.doc.File.Text)
	full := Read(f)
	next, ok := e.doc.Edit(f, source.Span{Start: edit.Start, End: edit.End}, len(edit.New))
	if !ok {
		e.doc = full
		return
	}
	next.Apply()
	e.local++
	if got, want := written(e.doc), written(full); !reflect.DeepEqual(got, want) {
		for i := range got {
			if i >= len(want) || got[i] != want[i] {
				e.t.Fatalf("%q\nwith %+v\n got %s\nwant %s", before, edit, got[i], append(want, strings.Repeat("nothing ", i+1))[min(i, len(want))])
			}
		}
		e.t.Fatalf("%q\nwith %+v: misses %s", before, edit, want[len(got):])
	}
}

const editedText = `# a file
name: fleet
definitions:
  pool: &pool {name: p, job_variables: &vars {image: a}}
  list: &tags [a, b]
deployments:
  # first
  - name: a
    entrypoint: flows/a.py:f
    tags: *tags
    work_pool:
      <<: *pool
      job_variables: {<<: *vars, env: {A: "1"}}
    description: |
      one
        two

  - name: b
    parameters: &own {x: 1, x: 2}
    other: *own
    when: 2024-01-01
  -
  - name: "c é 🚀"
    schedules:
    - cron: "0 0 * * *"
    - {interval: 600}
    pool: *pool # the same
  # last
after:
- x
- y: *pool
`

func editedTexts(t testing.TB) []string {
	t.Helper()
	out := []string{editedText, strings.ReplaceAll(editedText, "\n", "\r\n"), "\ufeff" + editedText, strings.ReplaceAll(editedText, "\n  ", "\n"),
		strings.Split(editedText, "after:")[0], "- a\n- b\n", "", "deployments:\n- a\n- \n- - b\n"}
	paths, err := filepath.Glob("../../testdata/oracle/cases/*/prefect.yaml")
	if err != nil || len(paths) < 20 {
		t.Fatalf("%d cases, %v", len(paths), err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	return out
}

// parses holds for text that the next edit can build on.
func parses(text string) bool { return Read(source.New("prefect.yaml", []byte(text))).as != nil }

func TestEditIsAsReadingAnew(t *testing.T) {
	edits := 60
	if testing.Short() {
		edits = 20
	}
	local, all := 0, 0
	for i, text := range editedTexts(t) {
		n := edits
		if i < 8 {
			n = 10 * edits
		}
		typist := typing.New(text, int64(i), parses)
		e := editedDocument{t: t, doc: Read(source.New("prefect.yaml", []byte(text)))}
		for range n {
			edit := typist.Next()
			e.follow(edit, typist.Text)
			all++
		}
		local += e.local
	}
	t.Logf("%d of %d edits were local", local, all)
	if local < all/10 {
		t.Errorf("only %d of %d edits were followed", local, all)
	}
}

func FuzzEdit(f *testing.F) {
	for i, text := range editedTexts(f) {
		f.Add(text, int64(i))
	}
	f.Fuzz(func(t *testing.T, text string, seed int64) {
		if len(text) > 1<<13 {
			return
		}
		typist := typing.New(strings.ToValidUTF8(text, "?"), seed, parses)
		e := editedDocument{t: t, doc: Read(source.New("prefect.yaml", []byte(typist.Text)))}
		for range 30 {
			edit := typist.Next()
			e.follow(edit, typist.Text)
		}
	})
}
