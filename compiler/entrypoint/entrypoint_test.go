package entrypoint

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestLoad(t *testing.T) {
	project := fstest.MapFS{
		"flows/hello.py":    {Data: []byte("from prefect import flow\n\n@flow\ndef my_flow(number: int = 1): ...\n\ndef helper(): ...\n")},
		"pkg/__init__.py":   {Data: []byte("from prefect import flow\n@flow\ndef main(): ...\n")},
		"pkg/mod.py":        {Data: []byte("import prefect\nclass Jobs:\n    @prefect.flow\n    def nightly(self): ...\n")},
		"flows/imported.py": {Data: []byte("from flows.hello import my_flow\n")},
	}
	l := NewLoader(func(name string) ([]byte, error) { return fs.ReadFile(project, name) })
	for text, want := range map[string]Status{
		"flows/hello.py:my_flow":    Found,
		"./flows/hello.py:my_flow":  Found,
		"flows/hello.py:helper":     NotAFlow,
		"flows/hello.py:my-flow":    FunctionMissing,
		"flows/hello.py:":           FunctionMissing,
		"flows/none.py:my_flow":     FileMissing,
		`flows\hello.py:my_flow`:    FileMissing,
		"flows/imported.py:my_flow": Unknown,
		"pkg:main":                  Found,
		"pkg.main":                  Found,
		"pkg.mod:Jobs.nightly":      Found,
		"elsewhere.mod:main":        Unknown,
		"hello":                     BadForm,
	} {
		if got := l.Load(text).Status; got != want {
			t.Errorf("%s: got %d, want %d", text, got, want)
		}
	}
	if r := NewLoader(nil).Load("a.py:f"); r.Status != Unknown {
		t.Errorf("without files: %d", r.Status)
	}
}
