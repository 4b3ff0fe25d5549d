package step

import (
	"context"
	"fmt"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/step/python"
)

// interpreter is the user's Python.
func (r *Runner) interpreter() (string, error) {
	if r.Python == "" {
		if r.Child != nil {
			return r.Child.Path(), nil
		}
		r.rememberHome()
		p, err := python.Find(r.Env, r.home)
		if err != nil {
			return "", err
		}
		r.Python = p
	}
	return r.Python, nil
}

// python gives the child, made on first need.
func (r *Runner) python() (*python.Child, error) {
	r.rememberHome()
	if r.Child == nil {
		p, err := r.interpreter()
		if err != nil {
			return nil, err
		}
		r.Child, r.ownChild = python.New(python.Options{Path: p, Env: r.Env, Dir: r.home, Stdin: r.Stdin}), true
	}
	return r.Child, nil
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
	child, err := r.python()
	if err != nil {
		return nil, err
	}
	res, err := child.Run(ctx, r.scene(m), path, in, requires)
	r.follow(res)
	if err != nil {
		return nil, withHint(path, err)
	}
	return res.Outputs, nil
}

// require lets Prefect import, and where that fails install, what a step says it needs.
func (r *Runner) require(ctx context.Context, path string, requires []string, m mask) error {
	child, err := r.python()
	if err != nil {
		return err
	}
	res, err := child.Require(ctx, r.scene(m), path, requires)
	r.follow(res)
	return err
}

// Flow asks Prefect for what it reads off a flow when it deploys it.
func (r *Runner) Flow(ctx context.Context, entrypoint string) (python.Flow, error) {
	child, err := r.python()
	if err != nil {
		return python.Flow{}, err
	}
	f, res, err := child.Flow(ctx, r.scene(mask{redact: r.Redact}), entrypoint)
	r.follow(res)
	if err != nil {
		return f, fmt.Errorf("loading %s: %w", entrypoint, err)
	}
	return f, nil
}

// Versions tells which Prefect and Python run the steps.
func (r *Runner) Versions(ctx context.Context) (python.Versions, error) {
	child, err := r.python()
	if err != nil {
		return python.Versions{}, err
	}
	return child.Version(ctx, r.scene(mask{redact: r.Redact}))
}

// rememberHome keeps the first working directory: the interpreter starts there, so that a relative PYTHONPATH means
// what it means to Prefect, and a virtual environment is looked for there.
func (r *Runner) rememberHome() {
	if r.home == "" {
		r.home = r.Dir
	}
}
