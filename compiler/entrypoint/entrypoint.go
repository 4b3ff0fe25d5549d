package entrypoint

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/source"
)

// Form is an entrypoint taken apart. Prefect splits at the last colon, without one at the last dot; what has ".py:" in it
// is a file, everything else a module.
type Form struct {
	Path     string // file, relative to the deploying directory; "" for a module
	Module   string // dotted; "" for a file
	Function string // "my_flow" or "Class.method"
	Split    int    // offset of the colon or dot in the entrypoint
}

// Parse takes an entrypoint apart; false when it has neither colon nor dot.
func Parse(text string) (Form, bool) {
	split := strings.LastIndexByte(text, ':')
	if split < 0 {
		split = strings.LastIndexByte(text, '.')
	}
	if split < 0 {
		return Form{}, false
	}
	f := Form{Function: text[split+1:], Split: split}
	if strings.Contains(text, ".py:") {
		f.Path = text[:split]
	} else {
		f.Module = text[:split]
	}
	return f, true
}

// Status is how the search for a flow ended.
type Status int

// Ends of a search.
const (
	Unknown         Status = iota // cannot be decided from the files at hand
	Found                         // it is a flow
	BadForm                       // no entrypoint at all
	FileMissing                   // there is no such file
	FunctionMissing               // the file does not define the name
	NotAFlow                      // it defines it, but not as a flow
)

// Result is what was found for one entrypoint.
type Result struct {
	Form
	Status Status
	File   *source.File   // nil when no file was found
	Code   *pyflow.Module // nil when no file was found
	Flow   *pyflow.Flow   // nil unless Found
}

// Local reports whether the entrypoint's module belongs to a package that is a directory of the project.
func (l *Loader) Local(f Form) bool {
	top, rest, _ := strings.Cut(f.Module, ".")
	return rest != "" && hasPython(l.Names(top))
}

func hasPython(names []string) bool {
	for _, n := range names {
		if strings.HasSuffix(n, ".py") {
			return true
		}
	}
	return false
}

// Loader finds flows, reading each file once. It is safe for concurrent use.
type Loader struct {
	read func(name string) ([]byte, error)
	list func(dir string) []string

	mu    sync.Mutex
	files map[string]*loaded
	found map[string]*Result
	names map[string][]string
}

type loaded struct {
	file *source.File
	code *pyflow.Module
	err  error
}

// NewLoader makes a loader. read gives the bytes of a file named relative to the deploying directory, with slashes, or
// absolutely; a nil read makes everything Unknown.
func NewLoader(read func(name string) ([]byte, error)) *Loader {
	return &Loader{read: read, files: map[string]*loaded{}, found: map[string]*Result{}, names: map[string][]string{}}
}

// Listing makes the loader see which files there are: list gives the names in a directory, itself named as for read; nil for
// one that does not exist. It returns the loader.
func (l *Loader) Listing(list func(dir string) []string) *Loader {
	l.list = list
	return l
}

// Names are the files and directories in a directory of the project, nil if there is none or the loader cannot see it.
func (l *Loader) Names(dir string) []string {
	if l.list == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	names, known := l.names[dir]
	if !known {
		names = l.list(dir)
		l.names[dir] = names
	}
	return names
}

// Load finds the flow behind an entrypoint. The text must be free of templates.
func (l *Loader) Load(text string) *Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.found[text]; ok {
		return r
	}
	r := l.load(text)
	l.found[text] = r
	return r
}

func (l *Loader) load(text string) *Result {
	form, ok := Parse(text)
	r := &Result{Form: form}
	switch {
	case !ok:
		r.Status = BadForm
		return r
	case l.read == nil:
		return r
	}
	in := l.open(form)
	if in == nil {
		return r
	}
	if in.err != nil {
		if form.Path != "" && errors.Is(in.err, fs.ErrNotExist) {
			r.Status = FileMissing
		}
		return r
	}
	r.File, r.Code = in.file, in.code
	flow, status := in.code.Lookup(form.Function)
	switch status {
	case pyflow.IsFlow:
		r.Status, r.Flow = Found, flow
	case pyflow.NotAFlow:
		r.Status = NotAFlow
	case pyflow.NotFound:
		r.Status = FunctionMissing
	}
	return r
}

// open reads the file of an entrypoint; nil for a module that is not one of the project's files.
func (l *Loader) open(form Form) *loaded {
	if form.Path != "" {
		return l.file(path.Clean(form.Path))
	}
	base := strings.ReplaceAll(form.Module, ".", "/")
	for _, name := range []string{base + ".py", base + "/__init__.py"} {
		if in := l.file(name); in.err == nil {
			return in
		}
	}
	return nil
}

func (l *Loader) file(name string) *loaded {
	if in, ok := l.files[name]; ok {
		return in
	}
	in := &loaded{}
	l.files[name] = in
	text, err := l.read(name)
	if err != nil {
		in.err = err
		return in
	}
	in.file = source.New(name, text)
	in.code = pyflow.Scan(in.file)
	return in
}

// Has reports whether the project has a file of this name, whatever is in it.
func (l *Loader) Has(name string) bool {
	if l.read == nil {
		return false
	}
	_, err := l.read(name)
	return err == nil
}
