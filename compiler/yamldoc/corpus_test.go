package yamldoc

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/prefectc/prefectc/compiler/source"
)

// corpus is the recorded files beside the module; the tests over it run only where it is present.
func corpus(t *testing.T) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("../../../shared/corpus/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("no corpus beside the module")
	}
	files := map[string][]byte{}
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(p)] = text
	}
	return files
}

// Eleven real files do not load in Prefect. Each must say why, in kind and line, and still show its deployments.
func TestCorpusRefusals(t *testing.T) {
	want := map[string]struct {
		kind        ProblemKind
		line        int
		deployments int
	}{
		"CBIIT__icdc-dataloader__2.yaml":                                    {UnquotedTemplate, 48, 2},
		"RJ-SMTR__pipelines_v3__7.yaml":                                     {UnquotedTemplate, 1, 2},
		"Ben-Epstein__prefect-modal__2.yaml":                                {ConflictMarker, 35, 1},
		"CBIIT__EntryRemoval-Prefect__3.yaml":                               {UnquotedStar, 42, 1},
		"PrefectHQ__prefect-demos.yaml":                                     {UnknownAlias, 3, 0},
		"NSLS2__hex-workflows__3.yaml":                                      {Syntax, 39, 3},
		"CBIIT__ChildhoodCancerDataInitiative-cBioPortal-Workflows__3.yaml": {Syntax, 333, 10},
		"billybjork__heaters__2.yaml":                                       {Syntax, 45, 4},
		"CamilleLarpin__pea-pme-pulse__3.yaml":                              {Syntax, 136, 11},
		"prefeitura-rio__prefect_rj_iplanrio__15.yaml":                      {Syntax, 182, 2},
		"sureshdsk__vuln-hunter__2.yaml":                                    {Syntax, 1, 1},
	}
	for name, text := range corpus(t) {
		f := source.New(name, text)
		d := Read(f)
		first := firstFatal(d)
		w, refused := want[name]
		switch {
		case refused && first == nil:
			t.Errorf("%s: reads without a fatal problem, but Prefect refuses it", name)
		case !refused && first != nil:
			t.Errorf("%s: line %d: %s; Prefect loads the file", name, f.Position(first.Span.Start).Line, first.Message)
		case refused:
			n := 0
			if e, ok := d.Root.Get("deployments"); ok {
				n = len(e.Value.Deref().Items)
			}
			if line := f.Position(first.Span.Start).Line; first.Kind != w.kind || line != w.line || n != w.deployments {
				t.Errorf("%s: %s in line %d with %d deployments, want %s in line %d with %d (%s)", name, first.Kind, line, n, w.kind, w.line, w.deployments, first.Message)
			}
		}
	}
}

func firstFatal(d *Document) *Problem {
	for i := range d.Problems {
		if d.Problems[i].Fatal {
			return &d.Problems[i]
		}
	}
	return nil
}

func TestCorpusSpans(t *testing.T) {
	for name, text := range corpus(t) {
		d := Read(source.New(name, text))
		checkSpans(t, name, d)
	}
}
