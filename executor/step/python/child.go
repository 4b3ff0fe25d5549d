package python

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/prefectc/prefectc/compiler/value"
)

//go:embed child.py
var program string

// Options say how the interpreter is started.
type Options struct {
	Path  string          // the interpreter
	Env   []string        // its environment; nil: this process's
	Dir   string          // where it starts; requests name their own directory
	Stdin *os.File        // standard input of steps; nil: empty, and the child runs in a session of its own
	Hurry <-chan struct{} // once closed, an interrupted interpreter is ended at once; may be nil
}

// Child is the interpreter. It is safe for concurrent use: requests run one after the other, because the working
// directory and the environment belong to the whole process.
type Child struct {
	options Options

	mu     sync.Mutex
	proc   *process // nil before the first request and after the process died
	nextID int64
}

// New makes a Child; nothing is started before the first request.
func New(o Options) *Child { return &Child{options: o} }

// Path is the interpreter.
func (c *Child) Path() string { return c.options.Path }

// Scene is where a request takes place. A step may change the directory and the environment; the reply tells.
type Scene struct {
	Dir    string
	Env    []string
	Output func(line string, s Stream) // may be nil; called from other goroutines, one call at a time
}

// Result is what a step returned and did.
type Result struct {
	Outputs *value.Map // nil when the step did not return a mapping
	Dir     string     // working directory afterwards
	Env     []string   // environment afterwards
}

// Flow is what Prefect reads off a flow function when it is deployed.
type Flow struct {
	Name        string
	Description string // "" when the flow has none
	Version     string // "" when Prefect knows none
	Schema      *value.Map
}

// Versions of what runs.
type Versions struct{ Prefect, Python, Executable string }

// Exception is a Python exception raised by what was asked for.
type Exception struct {
	Type, Message string
	Traceback     string // at most the last 20000 characters
	Cause         string // "Type: message" of the exception behind it; may be empty
}

func (e *Exception) Error() string {
	if e.Message == "" {
		return e.Type
	}
	return e.Type + ": " + e.Message
}

// Crash is the end of the interpreter while it was working on a request.
type Crash struct {
	Path   string
	Doing  string
	Code   int    // exit status, or minus the signal
	Stderr string // last lines it wrote to standard error; may be empty
}

func (e *Crash) Error() string {
	how := fmt.Sprintf("ended with exit status %d", e.Code)
	if e.Code < 0 {
		how = fmt.Sprintf("was ended by signal %d", -e.Code)
	}
	s := fmt.Sprintf("%s %s while %s", e.Path, how, e.Doing)
	if e.Stderr != "" {
		s += ":\n" + e.Stderr
	}
	return s
}

// Run runs a step: imports its function with Prefect's loader, which installs requires when an import fails, and calls it
// with the inputs.
func (c *Child) Run(ctx context.Context, scene Scene, path string, inputs *value.Map, requires []string) (Result, error) {
	wire, err := toWire(inputs)
	if err != nil {
		return Result{}, err
	}
	request := value.NewMap("op", "run", "path", path, "inputs", wire, "requires", requirements(requires))
	result, r, err := c.ask(ctx, scene, request, "running the step "+path)
	if err != nil {
		return r, err
	}
	notes, _ := get(result, "notes").([]value.Value)
	for _, n := range notes {
		if text, ok := n.(string); ok && scene.Output != nil {
			scene.Output(text, Stderr)
		}
	}
	outputs, err := fromWire(get(result, "outputs"))
	if err != nil {
		return r, fmt.Errorf("reading the outputs of %s: %w", path, err)
	}
	r.Outputs, _ = outputs.(*value.Map)
	return r, nil
}

// Require imports a step and its requirements, and installs them when an import fails, without calling the step.
func (c *Child) Require(ctx context.Context, scene Scene, path string, requires []string) (Result, error) {
	request := value.NewMap("op", "require", "path", path, "requires", requirements(requires))
	_, r, err := c.ask(ctx, scene, request, "installing what "+path+" requires")
	return r, err
}

// requirements is one text or a list, as in prefect.yaml; Prefect names it in its message.
func requirements(names []string) value.Value {
	switch len(names) {
	case 0:
		return nil
	case 1:
		return names[0]
	}
	var list []value.Value
	for _, n := range names {
		list = append(list, n)
	}
	return list
}

// Flow loads a flow the way `prefect deploy` does and tells what it reads off it.
func (c *Child) Flow(ctx context.Context, scene Scene, entrypoint string) (Flow, Result, error) {
	result, r, err := c.ask(ctx, scene, value.NewMap("op", "flow", "entrypoint", entrypoint), "loading the flow "+entrypoint)
	if err != nil {
		return Flow{}, r, err
	}
	text := func(key string) string { s, _ := get(result, key).(string); return s }
	f := Flow{Name: text("name"), Description: text("description"), Version: text("version")}
	f.Schema, _ = get(result, "schema").(*value.Map)
	return f, r, nil
}

// Version tells which Prefect and Python run; it fails with a way out when Prefect cannot be imported.
func (c *Child) Version(ctx context.Context, scene Scene) (Versions, error) {
	result, _, err := c.ask(ctx, scene, value.NewMap("op", "version"), "importing prefect")
	if err != nil {
		return Versions{}, err
	}
	text := func(key string) string { s, _ := get(result, key).(string); return s }
	return Versions{text("prefect"), text("python"), text("executable")}, nil
}

func get(v value.Value, key string) value.Value {
	m, _ := v.(*value.Map)
	x, _ := m.Get(key)
	return x
}

// Close ends the interpreter. The Child may be used again.
func (c *Child) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.proc == nil {
		return nil
	}
	c.proc.stop(false)
	c.proc = nil
	return nil
}

// ask sends a request and waits for its reply. When ctx ends first, the whole process group is ended.
func (c *Child) ask(ctx context.Context, scene Scene, request *value.Map, doing string) (value.Value, Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, Result{}, err
	}
	if c.proc != nil && c.proc.ended() {
		c.proc.stop(false)
		c.proc = nil
	}
	if c.proc == nil {
		p, err := start(c.options)
		if err != nil {
			return nil, Result{}, err
		}
		c.proc = p
	}
	c.nextID++
	request.Set("id", c.nextID)
	request.Set("dir", scene.Dir)
	request.Set("env", environment(scene.Env))
	request.Set("marker", c.proc.marker)
	reply, err := c.proc.roundTrip(ctx, request, scene.Output)
	if err != nil {
		c.proc.stop(!c.proc.ended())
		if cause := ctx.Err(); cause != nil {
			err = cause
		} else if errors.Is(err, errEnded) {
			err = &Crash{Path: c.options.Path, Doing: doing, Code: c.proc.exitCode(), Stderr: c.proc.tail.String()}
		}
		c.proc = nil
		return nil, Result{}, err
	}
	r := Result{Dir: scene.Dir, Env: changedEnv(scene.Env, reply)}
	if dir, ok := get(reply, "dir").(string); ok {
		r.Dir = dir
	}
	if failure, ok := get(reply, "error").(*value.Map); ok {
		return nil, r, c.exception(failure)
	}
	return get(reply, "result"), r, nil
}

// exception reads an error reply. That Prefect is missing is said with the way out.
func (c *Child) exception(failure *value.Map) error {
	text := func(key string) string { s, _ := get(failure, key).(string); return s }
	e := &Exception{text("type"), text("message"), text("traceback"), text("cause")}
	if e.Type == "ModuleNotFoundError" && e.Message == "No module named 'prefect'" {
		return &MissingPrefect{c.options.Path}
	}
	return e
}

func environment(env []string) *value.Map {
	m := value.NewMap()
	for _, e := range env {
		if name, text, ok := strings.Cut(e, "="); ok && name != "" {
			m.Set(name, text)
		}
	}
	return m
}

// changedEnv applies what the reply says a request did to the environment.
func changedEnv(env []string, reply value.Value) []string {
	env = slices.Clone(env)
	drop := func(name string) {
		env = slices.DeleteFunc(env, func(e string) bool { return strings.HasPrefix(e, name+"=") })
	}
	removed, _ := get(reply, "removed").([]value.Value)
	for _, n := range removed {
		drop(value.Str(n))
	}
	changed, _ := get(reply, "changed").(*value.Map)
	if changed == nil {
		return env
	}
	for _, p := range changed.Pairs {
		drop(value.Str(p.Key))
		env = append(env, value.Str(p.Key)+"="+value.Str(p.Value))
	}
	return env
}
