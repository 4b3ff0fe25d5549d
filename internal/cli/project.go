package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/executor/journal"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/prefect"
	"github.com/prefectc/prefectc/schema"
)

// project is one prefect.yaml and the directory it is deployed from.
type project struct {
	*Process         // with the project's directory
	file      string // relative to it, or absolute
	shown     string // how the file is called in messages
	required  bool   // it has to be there
	selection plan.Selection
	read      *readings // the files that were looked at
}

// projects are what the arguments and --prefect-file name: directories, or files, or an entrypoint of the working directory.
func (f *deployFlags) projects(p *Process, args []string) ([]*project, error) {
	chosen := plan.Selection{Names: f.names, All: f.all && !f.notAll}
	var dirs []string
	for _, arg := range args {
		if info, err := os.Stat(p.abs(arg)); err == nil && info.IsDir() {
			dirs = append(dirs, arg)
		} else if len(args) > 1 {
			return nil, usage("%q is no directory: several arguments are directories with a %s each", arg, DefaultFile)
		} else {
			chosen.Entrypoint = arg
		}
	}
	named := f.set.Changed("prefect-file")
	switch {
	case len(dirs) > 0 && named:
		return nil, usage("--prefect-file does not go with a directory: name files or directories")
	case len(f.files) > 1 && chosen.Entrypoint != "":
		return nil, usage("an entrypoint goes with one --prefect-file")
	case len(dirs) == 0 && len(f.files) < 2:
		return []*project{{p, f.files[0], filepath.ToSlash(f.files[0]), named || chosen.Entrypoint == "", chosen, newReadings()}}, nil
	}
	var list []*project
	seen := map[string]string{}
	add := func(dir, file, shown string) error {
		abs := p.abs(dir)
		if real, err := filepath.EvalSymlinks(filepath.Join(abs, file)); err == nil {
			if before, twice := seen[real]; twice {
				return usage("%s and %s are the same file: name it once", before, shown)
			}
			seen[real] = shown
		}
		own := *p
		own.Dir = abs
		list = append(list, &project{&own, file, filepath.ToSlash(filepath.Clean(shown)), true, chosen, newReadings()})
		return nil
	}
	for _, dir := range dirs {
		if err := add(dir, DefaultFile, filepath.Join(dir, DefaultFile)); err != nil {
			return nil, err
		}
	}
	if len(dirs) == 0 {
		for _, file := range f.files {
			if err := add(filepath.Dir(file), filepath.Base(file), file); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// work is everything a plan or apply has found out about one project before it does anything.
type work struct {
	*project
	early    *executor.Live // asked of the server before the plan was made
	compiler *compiler.Compiler
	result   *compiler.Result // nil without a file
	hash     string           // of the file
	plan     *plan.Plan
	found    []diag.Diagnostic
	client   *prefect.Client // nil offline
	server   string          // how the server is called: "prefect 3.8.8 at http://…"

	memory   *executor.Memory   // nil offline
	executor *executor.Executor // nil offline
	store    *journal.Store     // nil while only planning
}

// prepare reads a project's file, connects unless offline, and makes the plan.
func (b *batch) prepare(ctx context.Context, pr *project, opt plan.Options) (*work, error) {
	f, p := b.flags, pr.Process
	gen, err := generation(f.generation)
	if err != nil {
		return nil, err
	}
	w := &work{project: pr}
	if w.compiler, err = compiler.Shared(); err != nil {
		return nil, &exit{code: exitInternal, err: err}
	}
	config := p.configs(w.compiler, b.color)
	config.loader.Read = pr.read.file
	settled, err := config.of(ctx, pr.file)
	if err != nil {
		return nil, err
	}
	if gen == 0 && settled != nil {
		gen = settled.Generation
	}
	settings, err := p.settings(f.profile, gen)
	if err != nil {
		return nil, err
	}
	if !b.offline {
		if gen, err = b.connect(ctx, w, settings, gen); err != nil {
			return nil, err
		}
	}
	dir, err := filepath.EvalSymlinks(p.Dir)
	if err != nil {
		return nil, fmt.Errorf("finding the working directory: %w", err)
	}
	in := plan.Input{
		Generation: gen, Dir: dir, Env: p.Getenv, DefaultPool: settings.DefaultPool, Options: opt, Selection: pr.selection,
		IgnoreOptions: slices.Contains(f.allow, plan.OptionsForSeveral),
	}
	if err := w.compile(settled, gen); err != nil {
		return nil, err
	}
	if gen == 0 && w.result != nil {
		in.Generation = w.result.Model.Generation
	}
	if in.Generation == 0 {
		in.Generation = schema.Prefect3
	}
	if err := f.ofGeneration(in.Generation); err != nil {
		return nil, err
	}
	var none bool
	if in.Selection.Names, none = b.namesFor(w); none {
		w.plan = &plan.Plan{Generation: in.Generation, File: w.result.Model.Source, Dir: dir}
		return w, nil
	}
	w.readEarly(ctx, p, in)
	in.Version = p.version(ctx, in.Generation, dir, b.offline)
	if w.plan, w.found, err = w.compiler.Plan(ctx, w.result, in, pr.reader()); err != nil {
		return nil, planError(err)
	}
	for _, ignored := range w.plan.Ignored {
		_, _ = fmt.Fprintf(p.Stderr, "prefectc: warning: ignored %s\n", ignored)
	}
	return w, nil
}

// reader reads the project's files, and remembers which.
func (pr *project) reader() func(string) ([]byte, error) {
	open := pr.Process.reader(DefaultFile)
	return func(name string) ([]byte, error) {
		text, err := open(name)
		if err == nil {
			pr.read.note(pr.abs(filepath.FromSlash(name)), text)
		}
		return text, err
	}
}

// compile reads the prefect.yaml. A missing one is fine when an entrypoint is given.
func (w *work) compile(config *compiler.Config, gen schema.Generation) error {
	text, err := os.ReadFile(w.abs(w.file))
	if errors.Is(err, os.ErrNotExist) && !w.required {
		return nil
	}
	if errors.Is(err, os.ErrNotExist) && w.shown != w.file {
		return failed("config-unreadable", fmt.Errorf("there is no %s", w.shown))
	}
	if errors.Is(err, os.ErrNotExist) {
		return failed("config-unreadable", fmt.Errorf("there is no %s here: name it with --prefect-file, or give an entrypoint such as flows/hello.py:my_flow", w.shown))
	}
	if err != nil {
		return failed("config-unreadable", fmt.Errorf("cannot read %s: %w", w.shown, plainError(err)))
	}
	w.read.note(w.abs(w.file), text)
	w.hash = hashOf(text)
	w.result = w.compiler.Compile(compiler.Input{
		File: source.New(w.shown, text), Generation: gen, Config: config, Read: w.reader(), List: w.lister(DefaultFile),
	})
	return nil
}

// target is what the project's applies are remembered under.
func (w *work) target(server string) journal.Target {
	t := journal.Target{Server: server}
	if w.result != nil {
		t.File = w.file
		if rel, err := filepath.Rel(w.Dir, w.abs(w.file)); err == nil {
			t.File = filepath.ToSlash(rel)
		}
	}
	return t
}
