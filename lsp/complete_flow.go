package lsp

import (
	"context"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
)

// parameters is the schema that Prefect will register for the flow of a deployment. Where that cannot be told exactly, it still
// has the names.
func (c *completer) parameters(d *model.Deployment) shape {
	if d == nil {
		return shape{}
	}
	r := c.made.Facts.Flow(d)
	if r.Flow == nil {
		return shape{}
	}
	s, exact, _ := r.Flow.ParameterSchema(int(c.generation()))
	if !exact {
		properties := &value.Map{}
		for _, p := range r.Flow.Params {
			properties.Set(p.Name.Text, value.NewMap("type", p.Annotation.Text))
		}
		s = value.NewMap("properties", properties)
	}
	return shapeOf(s)
}

// entrypoints proposes the flows in the files around the document.
func (c *completer) entrypoints() {
	if !c.doc.onDisk {
		return
	}
	for file, fl := range c.snap.projectFlows(c.ctx, filepath.Dir(c.doc.path)) {
		c.value(completionItem{kind: protocol.CompletionItemKindFunction, detail: clip(oneLine(fl.Description.Text))}, file+":"+fl.Qualname)
	}
}

// Bounds of the search for flows.
const (
	maxFlowEntries = 4000
	maxFlowFiles   = 300
)

// projectFlows goes through the flows in the Python files below a directory, each with its file's name from there.
func (s *snapshot) projectFlows(ctx context.Context, dir string) iter.Seq2[string, *pyflow.Flow] {
	return func(yield func(string, *pyflow.Flow) bool) {
		for _, name := range pythonFiles(dir) {
			text, err := s.readFile(name)
			rel, err2 := filepath.Rel(dir, name)
			if err != nil || err2 != nil {
				continue
			}
			if ctx.Err() != nil {
				return
			}
			m := pyflow.Scan(source.New(name, text))
			for _, f := range m.Functions {
				if fl, status := m.Lookup(f.Qualname); status == pyflow.IsFlow && fl != nil && !yield(filepath.ToSlash(rel), fl) {
					return
				}
			}
		}
	}
}

func pythonFiles(dir string) []string {
	var out []string
	seen := 0
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil // unreadable: nothing to propose from it
		}
		if seen++; seen > maxFlowEntries || len(out) >= maxFlowFiles {
			return fs.SkipAll
		}
		if e.IsDir() {
			if name != dir && (strings.HasPrefix(e.Name(), ".") || slices.Contains(skipped, e.Name())) {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(e.Name(), ".py") {
			out = append(out, name)
		}
		return nil
	})
	if err != nil {
		return nil
	}
	return out
}
