package step

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/step/python"
)

// Call is one step to run. Inputs are the keyword arguments, templates already applied; nil means that the step has no
// body at all, which Prefect refuses. The keywords id and requires are not inputs and are left out if present.
type Call struct {
	Path     string // import path of the step's function
	Inputs   *value.Map
	Requires []string // packages to install when the import fails
}

// Stream says where a line of output came from.
type Stream = python.Stream

// The two streams of a process.
const (
	Stdout = python.Stdout
	Stderr = python.Stderr
)

// Runner runs steps one after the other. It is not safe for concurrent use: a step may move Dir and change Env, as in
// Prefect, where all steps share one process. Several runners may share Children.
type Runner struct {
	Generation int      // 2 or 3; 0 means 3
	Dir        string   // working directory, absolute
	Env        []string // environment of every process, as os.Environ gives it
	Python     string   // the user's interpreter; empty: [python.Find] looks for it
	// Children run Python steps. When nil, the Runner makes them on first need and Close ends them.
	Children *Children
	// Output receives what steps print, line by line and masked, without the line break. May be nil.
	Output func(line string, stream Stream)
	// Redact masks further secrets in output and errors. May be nil.
	Redact func(string) string
	// Hurry, once closed, ends what is being interrupted at once, without time to end by itself. May be nil.
	Hurry <-chan struct{}
	// Stdin, when set, is given to commands, which then also stay in the caller's process group so that they can ask
	// at the terminal. When nil, commands read nothing and run in a session of their own.
	Stdin *os.File

	own   bool                                       // Children are this Runner's
	home  string                                     // Dir at the first call
	lines sync.Mutex                                 // held while a line is passed to Output
	wait  func(context.Context, time.Duration) error // replaced in tests
}

// Run runs one step and returns its outputs: nil when the step returned anything but a mapping. Errors are *Error,
// except when ctx ended.
func (r *Runner) Run(ctx context.Context, c Call) (*value.Map, error) {
	r.rememberHome()
	inputs, requires, err := split(c)
	if err != nil {
		return nil, r.finish(ctx, c.Path, mask{}, err)
	}
	m := newMask(inputs, r.Redact)
	out, err := r.dispatch(ctx, c.Path, inputs, requires, m)
	if err != nil {
		return nil, r.finish(ctx, c.Path, m, err)
	}
	return out, nil
}

// Close ends the Python children this Runner started. The Runner may be used again.
func (r *Runner) Close() error {
	if !r.own {
		return nil
	}
	c := r.Children
	r.Children, r.own = nil, false
	return c.Close()
}

// split takes the reserved keywords out of the inputs and checks what Prefect's templating checks.
func split(c Call) (inputs *value.Map, requires []string, err error) {
	if c.Inputs == nil {
		return nil, nil, pyError("TypeError", "argument of type 'NoneType' is not iterable",
			"a step without inputs is written with {}")
	}
	inputs, requires = value.NewMap(), c.Requires
	for _, p := range c.Inputs.Pairs {
		switch p.Key {
		case "id":
			continue
		case "requires":
			if requires == nil {
				requires = packages(p.Value)
			}
			continue
		}
		if err := checkTypes(p.Value); err != nil {
			return nil, nil, err
		}
		inputs.Set(p.Key, p.Value)
	}
	return inputs, requires, nil
}

func packages(v value.Value) []string {
	if list, ok := v.([]value.Value); ok {
		var names []string
		for _, e := range list {
			names = append(names, value.Str(e))
		}
		return names
	}
	if value.Truthy(v) {
		return []string{value.Str(v)}
	}
	return nil
}

// checkTypes refuses what Prefect's templating refuses in step inputs: dates, binary and sets.
func checkTypes(v value.Value) error {
	switch v := v.(type) {
	case *value.Map:
		for _, p := range v.Pairs {
			if err := checkTypes(p.Value); err != nil {
				return err
			}
		}
	case []value.Value:
		for _, e := range v {
			if err := checkTypes(e); err != nil {
				return err
			}
		}
	case value.Date, value.DateTime, value.Bytes, value.Set:
		return pyError("ValueError", fmt.Sprintf("Unexpected template type %s", value.Repr(typeName(v))),
			fmt.Sprintf("a %s cannot be a step input; quote it to make it text", value.TypeName(v)))
	}
	return nil
}

func (r *Runner) dispatch(ctx context.Context, path string, in *value.Map, requires []string, m mask) (*value.Map, error) {
	if !strings.ContainsAny(path, ".:") {
		return nil, pyError("ValueError", fmt.Sprintf("Invalid format for object import. Received %s.", value.Repr(path)),
			"a step is named by module and function: package.module.function")
	}
	native, ok := r.native(path)
	if !ok {
		return r.runPython(ctx, path, in, requires, m)
	}
	if len(requires) > 0 {
		if err := r.require(ctx, path, requires, m); err != nil {
			return nil, err
		}
	}
	args, err := native.bind(in)
	if err != nil {
		return nil, err
	}
	return native.run(ctx, &run{Runner: r, mask: m}, args)
}

// run is one call of a native step.
type run struct {
	*Runner
	mask mask
}

// say prints a line of Prefect's own, such as a deprecation warning.
func (r *run) say(line string) {
	if r.Output != nil {
		r.Output(r.mask.text(line), Stdout)
	}
}

// join is a path relative to the working directory.
func (r *Runner) join(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	if path == "" {
		return r.Dir
	}
	// Not filepath.Join: "link/.." is resolved by the system, not by text.
	return r.Dir + string(filepath.Separator) + path
}

func (r *Runner) generation() int {
	if r.Generation == 2 {
		return 2
	}
	return 3
}
