package step

import (
	"context"
	"fmt"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/step/python"
)

// interpreter is the user's Python.
func (r *Runner) interpreter() (string, error) {
	if r.Python != "" {
		return r.Python, nil
	}
	p, err := r.children().find(r.Env)
	r.Python = p
	return p, err
}

// python gives a child until it is given back.
func (r *Runner) python() (child *python.Child, giveBack func(), err error) {
	p, err := r.interpreter()
	if err != nil {
		return nil, nil, err
	}
	c := r.children()
	child = c.take(func() *python.Child {
		return python.New(python.Options{Path: p, Env: r.Env, Dir: c.dir, Stdin: r.Stdin, Hurry: r.Hurry})
	})
	return child, func() { c.giveBack(child) }, nil
}

func (r *Runner) children() *Children {
	r.rememberHome()
	if r.Children == nil {
		r.Children, r.own = NewChildren(r.home), true
	}
	return r.Children
}

func (r *Runner) scene(m mask) python.Scene {
	s := python.Scene{Dir: r.Dir, Env: r.Env}
	if r.Output != nil {
		s.Output = func(line string, stream Stream) { r.Output(m.text(line), stream) }
	}
	return s
}

// follow takes over what a request did to the working directory and the environment.
func (r *Runner) follow(res python.Result) {
	if res.Dir != "" {
		r.Dir, r.Env = res.Dir, res.Env
	}
}

// runPython runs a step in the child, with Prefect's own loader.
func (r *Runner) runPython(ctx context.Context, path string, in *value.Map, requires []string, m mask) (*value.Map, error) {
	if len(requires) > 0 {
		if err := r.require(ctx, path, requires, m); err != nil {
			return nil, err
		}
	}
	child, giveBack, err := r.python()
	if err != nil {
		return nil, err
	}
	defer giveBack()
	res, err := child.Run(ctx, r.scene(m), path, in, requires)
	r.follow(res)
	if err != nil {
		return nil, withHint(path, err)
	}
	return res.Outputs, nil
}

// require lets Prefect import, and where that fails install, what a step says it needs. One installs at a time.
func (r *Runner) require(ctx context.Context, path string, requires []string, m mask) error {
	child, giveBack, err := r.python()
	if err != nil {
		return err
	}
	defer giveBack()
	installing := &r.children().installing
	installing.Lock()
	defer installing.Unlock()
	res, err := child.Require(ctx, r.scene(m), path, requires)
	r.follow(res)
	return withHint(path, err)
}

// Flow asks Prefect for what it reads off a flow when it deploys it.
func (r *Runner) Flow(ctx context.Context, entrypoint string) (python.Flow, error) {
	child, giveBack, err := r.python()
	if err != nil {
		return python.Flow{}, err
	}
	defer giveBack()
	f, res, err := child.Flow(ctx, r.scene(mask{redact: r.Redact}), entrypoint)
	r.follow(res)
	if err != nil {
		return f, fmt.Errorf("loading %s: %w", entrypoint, err)
	}
	return f, nil
}

// Versions tells which Prefect and Python run the steps.
func (r *Runner) Versions(ctx context.Context) (python.Versions, error) {
	child, giveBack, err := r.python()
	if err != nil {
		return python.Versions{}, err
	}
	defer giveBack()
	return child.Version(ctx, r.scene(mask{redact: r.Redact}))
}

// rememberHome keeps the first working directory: the interpreter starts there, so that a relative PYTHONPATH means
// what it means to Prefect, and a virtual environment is looked for there.
func (r *Runner) rememberHome() {
	if r.home == "" {
		r.home = r.Dir
	}
}
