package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/internal/golden"
	"github.com/prefectc/prefectc/schema"
)

var language = sync.OnceValues(schema.Load)

func graphOf(t testing.TB, name string, text []byte) Graph {
	t.Helper()
	lang, err := language()
	if err != nil {
		t.Fatal(err)
	}
	f := model.New(yamldoc.Read(source.New(name, text)), 0)
	return Graph{File: name, Generation: int(f.Generation), Graph: f.Link(lang).Graph()}
}

type drawing struct {
	ext  string
	draw func(io.Writer) error
}

func (g Graph) drawings() []drawing {
	return []drawing{{"dot", g.DOT}, {"mmd", g.Mermaid}, {"json", g.JSON}, {"svg", g.SVG}}
}

func TestGraphDrawings(t *testing.T) {
	files, err := filepath.Glob("testdata/graph/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files to draw", err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range graphOf(t, filepath.Base(path), text).drawings() {
			var b bytes.Buffer
			if err := d.draw(&b); err != nil {
				t.Fatal(err)
			}
			golden.Compare(t, strings.TrimSuffix(path, ".yaml")+"."+d.ext, b.Bytes())
		}
	}
}

// many is a file with n deployments in three pools, some with a build of their own.
func many(n int) []byte {
	var b strings.Builder
	b.WriteString(`build:
- prefect_docker.deployments.steps.build_docker_image: {id: build-image, image_name: registry.example/shop, tag: "1"}
- prefect.deployments.steps.run_shell_script: {id: hash, script: git rev-parse HEAD}
- prefect.deployments.steps.run_shell_script: {script: "echo {{ hash.stdout }} {{ image }}"}
deployments:
`)
	for i := range n {
		fmt.Fprintf(&b, "- name: deployment-%d\n  entrypoint: flows/module_%d.py:flow\n  work_pool: {name: pool-%d, job_variables: {image: \"{{ build-image.image }}\"}}\n", i, i%7, i%3)
		if i%20 == 3 {
			fmt.Fprintf(&b, "  build:\n  - prefect_docker.deployments.steps.build_docker_image: {id: build-image, image_name: registry.example/own, tag: %d}\n", i)
		}
	}
	return []byte(b.String())
}

// Nothing overlaps or leaves the page, however many deployments there are.
func TestGraphBoxesDoNotOverlap(t *testing.T) {
	for _, n := range []int{0, 1, 3, 60, 1000} {
		l := graphOf(t, "prefect.yaml", many(n)).layout()
		var all []*box
		for _, boxes := range [][]*box{l.actions, l.groups, l.pool} {
			all = append(all, boxes...)
		}
		rows := 0
		for _, b := range l.groups {
			rows += len(b.rows)
		}
		if rows != n {
			t.Errorf("%d deployments: %d rows", n, rows)
		}
		for i, a := range all {
			if a.x < margin || a.y < titleHeight || a.x+a.w > l.width-margin || a.y+a.h > l.height-legendSpace {
				t.Errorf("%d deployments: box %q leaves the page: %+v of %dx%d", n, a.head, *a, l.width, l.height)
			}
			for _, b := range all[:i] {
				if a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h {
					t.Errorf("%d deployments: boxes %q and %q overlap", n, a.head, b.head)
				}
			}
		}
		for _, line := range l.lines {
			if line.toY < line.to.y || line.toY > line.to.y+line.to.h || !line.loop && line.from.x+line.from.w >= line.to.x {
				t.Errorf("%d deployments: a line ends beside box %q", n, line.to.head)
			}
		}
	}
}

// Any file gives drawings that are well formed, and an SVG that asks for nothing from elsewhere.
func FuzzGraph(f *testing.F) {
	paths, err := filepath.Glob("testdata/graph/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("deployments: [{name: \"\x01\x7f\uffff\", build: {a.b: {id: ']]>'}}}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, d := range graphOf(t, "a<b>\".yaml", text).drawings() {
			var b bytes.Buffer
			if err := d.draw(&b); err != nil {
				t.Fatal(err)
			}
			switch d.ext {
			case "json":
				if !json.Valid(b.Bytes()) {
					t.Fatalf("not JSON: %s", b.Bytes())
				}
			case "svg":
				if bytes.Contains(b.Bytes(), []byte("href")) && !bytes.Contains(text, []byte("href")) {
					t.Fatal("the drawing refers to something")
				}
				wellFormed(t, b.Bytes())
			}
		}
	})
}

func wellFormed(t *testing.T, text []byte) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("not XML: %v\n%s", err, text)
		}
	}
}
