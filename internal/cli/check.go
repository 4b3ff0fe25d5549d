package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/internal/render"
	"github.com/prefectc/prefectc/schema"
)

// checkFlags are the flags of check.
type checkFlags struct {
	format, output, color, failOn, stdinName string
	selected, ignored                        []string
	generation                               int
	fix, unsafeFixes, diff                   bool
}

func newCheck(p *Process) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "say everything that is wrong with prefect.yaml files",
		Long: `check reads files, directories, globs or - (standard input); without any, ./prefect.yaml. It runs no code, starts no
process and opens no connection.

Exit code 0: nothing at or above --fail-on; 1: there is; 2: no input or wrong usage.`,
		RunE: func(cmd *cobra.Command, args []string) error { return runCheck(cmd.Context(), p, f, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "how findings are written: text, concise or json")
	flags.StringVarP(&f.output, "output", "o", "", "write them to `FILE` instead of standard output")
	flags.StringVar(&f.color, "color", "auto", "colours: auto, always or never")
	flags.StringVar(&f.failOn, "fail-on", "error", "least `SEVERITY` that makes the exit code 1: error, warning or info")
	flags.StringSliceVar(&f.selected, "select", nil, "run only these `RULES`")
	flags.StringSliceVar(&f.ignored, "ignore", nil, "leave these `RULES` out")
	flags.StringVar(&f.stdinName, "stdin-filename", "prefect.yaml", "`NAME` of the file that comes in on standard input")
	flags.IntVar(&f.generation, "prefect", 0, "major `VERSION` of Prefect to check for, 2 or 3; without it the file's")
	flags.BoolVar(&f.fix, "fix", false, "change the files: apply all safe fixes")
	flags.BoolVar(&f.unsafeFixes, "unsafe-fixes", false, "with --fix or --diff, apply fixes that may change more than the mistake too")
	flags.BoolVar(&f.diff, "diff", false, "show what --fix would change, and change nothing")
	return cmd
}

func runCheck(ctx context.Context, p *Process, f checkFlags, args []string) error {
	threshold, err := severityNamed(f.failOn)
	if err != nil {
		return err
	}
	gen, err := generation(f.generation)
	if err != nil {
		return err
	}
	color, err := p.colored(f.color)
	if err != nil {
		return err
	}
	files, err := p.inputs(args, f.stdinName)
	if err != nil {
		return err
	}
	c, err := compiler.Shared()
	if err != nil {
		return &exit{code: exitInternal, err: err}
	}
	var found []diag.Diagnostic
	suppressed := 0
	for _, file := range files {
		in := compiler.Input{File: file, Generation: gen, Read: p.reader(file.Path), Select: f.selected, Ignore: f.ignored}
		if f.fix || f.diff {
			if err := p.fix(ctx, c, &in, f); err != nil {
				return err
			}
		}
		r, err := c.Check(ctx, in)
		if err != nil {
			return usage("%v", err)
		}
		found = append(found, r.Diagnostics...)
		suppressed += r.Suppressed
	}
	if f.diff {
		return nil
	}
	out, done, err := p.output(f.output)
	if err != nil {
		return err
	}
	counts := render.Count(len(files), found)
	err = writeFindings(out, f.format, color && f.output == "", found, counts, suppressed)
	if closeErr := done(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	for i := range found {
		if found[i].Severity <= threshold {
			return &exit{code: exitFindings}
		}
	}
	return nil
}

func writeFindings(w io.Writer, format string, color bool, found []diag.Diagnostic, counts render.Counts, suppressed int) error {
	switch format {
	case "text":
		t := render.Text{Color: color}
		if err := t.Diagnostics(w, found); err != nil {
			return err
		}
		return t.Summary(w, counts, suppressed)
	case "concise":
		return render.Concise(w, found)
	case "json":
		return render.JSON(w, found, counts)
	}
	return usage("--format is text, concise or json, not %q", format)
}

func severityNamed(name string) (diag.Severity, error) {
	for _, s := range []diag.Severity{diag.Error, diag.Warning, diag.Info} {
		if s.String() == name {
			return s, nil
		}
	}
	return 0, usage("--fail-on is error, warning or info, not %q", name)
}

func generation(n int) (schema.Generation, error) {
	switch n {
	case 0, 2, 3:
		return schema.Generation(n), nil
	}
	return 0, usage("--prefect is 2 or 3, not %d", n)
}

// colored decides on colour: the flag, then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, then whether this is a terminal.
func (p *Process) colored(flag string) (bool, error) {
	switch flag {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
	default:
		return false, usage("--color is auto, always or never, not %q", flag)
	}
	if v, _ := p.Getenv("NO_COLOR"); v != "" {
		return false, nil
	}
	for _, name := range []string{"FORCE_COLOR", "CLICOLOR_FORCE"} {
		if v, _ := p.Getenv(name); v != "" && v != "0" {
			return true, nil
		}
	}
	if term, _ := p.Getenv("TERM"); term == "dumb" {
		return false, nil
	}
	return p.Terminal, nil
}

// DefaultFile is the file Prefect reads.
const DefaultFile = "prefect.yaml"

// inputs reads the files that the arguments name.
func (p *Process) inputs(args []string, stdinName string) ([]*source.File, error) {
	if len(args) == 0 {
		args = []string{DefaultFile}
	}
	var files []*source.File
	seen := map[string]bool{}
	for _, arg := range args {
		if arg == "-" {
			text, err := io.ReadAll(p.Stdin)
			if err != nil {
				return nil, usage("reading standard input: %v", err)
			}
			files = append(files, source.New(stdinName, text))
			continue
		}
		names, err := p.expand(arg)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if seen[filepath.Clean(name)] {
				continue
			}
			seen[filepath.Clean(name)] = true
			text, err := os.ReadFile(p.abs(name))
			if err != nil {
				return nil, usage("cannot read %s: %v", name, plainError(err))
			}
			files = append(files, source.New(filepath.ToSlash(name), text))
		}
	}
	return files, nil
}

// expand turns an argument into file names: a directory into every prefect.yaml below it, a glob into what it matches.
func (p *Process) expand(arg string) ([]string, error) {
	info, err := os.Stat(p.abs(arg))
	switch {
	case err == nil && info.IsDir():
		names, err := p.findBelow(arg)
		if err == nil && len(names) == 0 {
			err = usage("there is no %s in or below %s", DefaultFile, arg)
		}
		return names, err
	case err == nil:
		return []string{arg}, nil
	case strings.ContainsAny(arg, "*?["):
		matches, err := filepath.Glob(p.abs(arg))
		if err != nil {
			return nil, usage("%q is no pattern for file names: %v", arg, err)
		}
		if len(matches) == 0 {
			return nil, usage("no file matches %q", arg)
		}
		for i := range matches {
			matches[i] = p.shown(matches[i], arg)
		}
		return matches, nil
	case arg == DefaultFile:
		return nil, usage("there is no %s here: name a file or directory, or make one with prefect init", DefaultFile)
	}
	return nil, usage("cannot read %s: %v", arg, plainError(err))
}

// skipped are directories that hold other people's files.
var skipped = map[string]bool{".git": true, "node_modules": true, ".venv": true, "venv": true, "site-packages": true, "__pycache__": true}

func (p *Process) findBelow(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(p.abs(dir), func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // what cannot be read is not ours
		case d.IsDir() && skipped[d.Name()]:
			return filepath.SkipDir
		case d.Name() == DefaultFile && d.Type().IsRegular():
			names = append(names, p.shown(path, dir))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking through %s: %w", dir, err)
	}
	return names, nil
}

// shown names a file the way its argument was written: relative if that was.
func (p *Process) shown(path, arg string) string {
	if filepath.IsAbs(arg) {
		return path
	}
	if rel, err := filepath.Rel(p.Dir, path); err == nil {
		return rel
	}
	return path
}

func (p *Process) abs(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.Dir, name)
}

// plainError is a file error without operation and path, which the message around it gives.
func plainError(err error) error {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Err
	}
	return err
}

// reader reads the project's files for a prefect.yaml. Prefect resolves entrypoints against the directory it runs in, which
// for a file in another directory is taken to be that one, unless only the working directory has it.
func (p *Process) reader(file string) func(string) ([]byte, error) {
	dirs := []string{p.abs(filepath.Dir(file))}
	if dirs[0] != p.Dir {
		dirs = append(dirs, p.Dir)
	}
	return func(name string) ([]byte, error) {
		if filepath.IsAbs(name) {
			return readBounded(name)
		}
		var first error
		for _, dir := range dirs {
			text, err := readBounded(filepath.Join(dir, filepath.FromSlash(name)))
			if err == nil {
				return text, nil
			}
			if first == nil {
				first = err
			}
		}
		return nil, first
	}
}

const maxFlowFile = 8 << 20

// readBounded reads a regular file of a sane size.
func readBounded(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFlowFile {
		return nil, fmt.Errorf("%s is no regular file below %d bytes", name, maxFlowFile)
	}
	return os.ReadFile(name)
}

// output opens where findings go.
func (p *Process) output(name string) (io.Writer, func() error, error) {
	if name == "" {
		return p.Stdout, func() error { return nil }, nil
	}
	var b bytes.Buffer
	return &b, func() error {
		if err := os.WriteFile(p.abs(name), b.Bytes(), 0o644); err != nil {
			return usage("cannot write %s: %v", name, plainError(err))
		}
		return nil
	}, nil
}
