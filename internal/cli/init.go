package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/internal/recipe"
	"github.com/prefectc/prefectc/schema"
)

// initFlags are the flags of "prefect init", with the same meaning.
type initFlags struct {
	name, recipe string
	fields       []string
	generation   int
}

func newInit(p *Process) *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "start a project, in place of prefect init",
		Long: `init writes prefect.yaml and .prefectignore into the working directory, the same that "prefect init" writes, and leaves files
that are there as they are.

A recipe says where code is stored and how it comes to the worker. Without --recipe a terminal is asked, and elsewhere the
directory decides: a git remote means git, a Dockerfile docker, both docker-git, neither local. Fields that a recipe needs are
asked for on a terminal, or given:

  prefectc init --recipe s3 --field bucket=my-code`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runInit(cmd.Context(), p, &f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.name, "name", "", "name of the project; without it the directory's")
	flags.StringVar(&f.recipe, "recipe", "", "recipe to start from")
	flags.StringArrayVarP(&f.fields, "field", "f", nil, "value for a field of the recipe, as `KEY=VALUE`; repeatable")
	flags.IntVar(&f.generation, "prefect", 0, "major `VERSION` of Prefect, 2 or 3; without it that of prefectc.cue, else 3")
	_ = cmd.RegisterFlagCompletionFunc("recipe", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		all, _ := recipe.All()
		var names []string
		for _, r := range all {
			names = append(names, r.Name+"\t"+r.Description)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

// newProject is what init knows before it writes.
type newProject struct {
	process    *Process
	flags      *initFlags
	generation schema.Generation
	dir, base  string     // as Prefect sees it, without symbolic links, and its last part
	values     *value.Map // what fills in the recipe
	guess      string     // the recipe that suits the directory
}

func runInit(ctx context.Context, p *Process, f *initFlags) error {
	n, err := p.newProject(ctx, f)
	if err != nil {
		return err
	}
	all, err := recipe.All()
	if err != nil {
		return &exit{code: exitInternal, err: err}
	}
	r, given := recipe.Named(all, f.recipe)
	if f.recipe != "" && !given {
		return usage("there is no recipe %q: the recipes are %s", f.recipe, strings.Join(names(all), ", "))
	}
	var files []newFile
	if _, err := os.Stat(p.abs(DefaultFile)); errors.Is(err, fs.ErrNotExist) {
		text, err := n.file(ctx, all, r)
		if err != nil {
			return err
		}
		files = append(files, newFile{DefaultFile, []byte(text)})
	}
	ignore, err := schema.IgnoreFile()
	if err != nil {
		return &exit{code: exitInternal, err: err}
	}
	return p.create(n.dir, append([]newFile{{".prefectignore", ignore}}, files...))
}

func names(all []recipe.Recipe) []string {
	out := make([]string, 0, len(all))
	for _, r := range all {
		out = append(out, r.Name)
	}
	return out
}

// newProject looks at the directory and the flags.
func (p *Process) newProject(ctx context.Context, f *initFlags) (*newProject, error) {
	g, err := p.initGeneration(ctx, f.generation)
	if err != nil {
		return nil, err
	}
	dir, err := filepath.EvalSymlinks(p.Dir)
	if err != nil {
		return nil, plainError(err)
	}
	base := filepath.Base(dir)
	if base == string(filepath.Separator) {
		base = "" // as Python's basename
	}
	n := &newProject{process: p, flags: f, generation: g, dir: dir, base: base, values: value.NewMap("directory", dir, "name", base)}
	if remote := p.git(ctx, "config", "--get", "remote.origin.url"); remote != "" {
		clean := executor.WithoutCredentials(remote)
		if clean != remote {
			_, _ = fmt.Fprintln(p.Stderr, "prefectc: the git remote has credentials in its URL, which are left out: give git_clone an access token or credentials block")
		}
		branch := p.git(ctx, "rev-parse", "--abbrev-ref", "HEAD")
		if branch == "" {
			branch = "main"
		}
		n.values.Set("repository", clean)
		n.values.Set("branch", branch)
	}
	_, err = os.Stat(p.abs("Dockerfile"))
	_, remote := n.values.Get("repository")
	n.guess = recipe.Guess(remote, err == nil)
	if err == nil {
		n.values.Set("dockerfile", "Dockerfile")
	}
	for _, field := range f.fields {
		key, v, ok := strings.Cut(field, "=")
		if !ok {
			return nil, usage("--field %q has no value: write %s=VALUE", field, key)
		}
		n.values.Set(key, v)
	}
	return n, nil
}

func (p *Process) initGeneration(ctx context.Context, flag int) (schema.Generation, error) {
	g, err := generation(flag)
	if err != nil || g != 0 {
		return g, err
	}
	engine, err := compiler.Shared()
	if err != nil {
		return 0, &exit{code: exitInternal, err: err}
	}
	config, err := p.configs(engine, false).of(ctx, DefaultFile)
	if err != nil {
		return 0, err
	}
	if config != nil && config.Generation != 0 {
		return config.Generation, nil
	}
	return schema.Prefect3, nil
}

// git is what a git command prints, "" when it fails or there is no git.
func (p *Process) git(ctx context.Context, args ...string) string {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Env = p.Dir, p.Env
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// file is the text of prefect.yaml: of the recipe that was asked for, that is chosen now, or that suits the directory.
func (n *newProject) file(ctx context.Context, all []recipe.Recipe, r recipe.Recipe) (string, error) {
	p := n.process
	var asks *dialog
	if p.interactive() {
		asks = p.dialog()
	}
	if r.Name == "" {
		r, _ = recipe.Named(all, n.guess)
		if asks != nil {
			var err error
			if r, err = choose(ctx, asks, all, n.guess); err != nil {
				return "", err
			}
		}
	}
	if _, has := n.values.Get("dockerfile"); !has && strings.Contains(r.Name, "docker") {
		n.values.Set("dockerfile", "auto")
	}
	for _, field := range n.flags.fields {
		if key, _, _ := strings.Cut(field, "="); !r.Takes(key) {
			_, _ = fmt.Fprintf(p.Stderr, "prefectc: the recipe %q has no field %q: it changes nothing\n", r.Name, key)
		}
	}
	missing := r.Missing(n.values)
	switch {
	case len(missing) > 0 && asks != nil:
		if err := fill(ctx, asks, r, missing, n.values); err != nil {
			return "", err
		}
	case len(missing) > 0 && n.flags.recipe != "":
		return "", missingFields(r, missing)
	case len(missing) > 0:
		_, _ = fmt.Fprintf(p.Stderr, "prefectc: the directory suits the recipe %q, which needs %s: the placeholders are left for you to fill in\n", r.Name, listed(missing))
	}
	name := n.flags.name
	if name == "" {
		name = n.base
	}
	text, err := r.File(n.generation, name, n.values)
	if err != nil {
		return "", failed("", err)
	}
	return text, nil
}

func missingFields(r recipe.Recipe, missing []recipe.Field) error {
	var add []string
	for _, f := range missing {
		add = append(add, "--field "+f.Name+"=…")
	}
	return usage("the recipe %q needs %s: add %s", r.Name, listed(missing), strings.Join(add, " "))
}

func listed(fields []recipe.Field) string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Name)
	}
	return strings.Join(out, ", ")
}

// newFile is a file to create.
type newFile struct {
	name string
	text []byte
}

// create writes the files that are not there, and says so.
func (p *Process) create(dir string, files []newFile) error {
	var made []string
	for _, f := range files {
		err := writeNew(p.abs(f.name), f.text)
		switch {
		case errors.Is(err, fs.ErrExist):
		case err != nil:
			return failed("", fmt.Errorf("cannot write %s: %w", f.name, plainError(err)))
		default:
			made = append(made, f.name)
		}
	}
	if len(made) == 0 {
		_, err := fmt.Fprintf(p.Stdout, "Created project in %s; no new files created.\n", dir)
		return err
	}
	_, err := fmt.Fprintf(p.Stdout, "Created project in %s with the following new files:\n%s\n", dir, strings.Join(made, "\n"))
	return err
}

// writeNew writes a file that must not be there yet, and leaves none that is half written.
func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(path)
	}
	return err
}
