package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
)

// DefaultFile is the file Prefect reads.
const DefaultFile = "prefect.yaml"

// inputs reads the files that the arguments name; missing says why the others could not be read.
func (p *Process) inputs(args []string, stdinName string) (files []*source.File, missing []error) {
	if len(args) == 0 {
		args = []string{DefaultFile}
	}
	seen := map[string]bool{}
	for _, arg := range args {
		if arg == "-" {
			text, err := readUpTo(p.Stdin)
			if err != nil {
				missing = append(missing, fmt.Errorf("cannot read standard input: %w", err))
				continue
			}
			files = append(files, source.New(stdinName, text))
			continue
		}
		names, err := p.expand(arg)
		if err != nil {
			missing = append(missing, err)
		}
		for _, name := range names {
			if seen[filepath.Clean(name)] {
				continue
			}
			seen[filepath.Clean(name)] = true
			text, err := p.readInput(name)
			if err != nil {
				missing = append(missing, fmt.Errorf("cannot read %s: %w", name, plainError(err)))
				continue
			}
			files = append(files, source.New(filepath.ToSlash(filepath.Clean(name)), text))
		}
	}
	return files, missing
}

// inputsUntil is inputs that ends with the context: a pipe, or a terminal, may never give what it is asked for.
func (p *Process) inputsUntil(ctx context.Context, args []string, stdinName string) ([]*source.File, []error, error) {
	type read struct {
		files   []*source.File
		missing []error
	}
	done := make(chan read, 1)
	go func() {
		files, missing := p.inputs(args, stdinName)
		done <- read{files, missing}
	}()
	select {
	case r := <-done:
		return r.files, r.missing, nil
	case <-ctx.Done():
		return nil, nil, stoppedOr(ctx.Err())
	}
}

// readUpTo reads what is at most maxInput long, from where the length is not known before.
func readUpTo(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	if err == nil && len(text) > maxInput {
		err = errTooLarge
	}
	return text, err
}

var errTooLarge = fmt.Errorf("it is larger than %d MiB", maxInput>>20)

// maxInput is the size of file that is still read: far beyond what anybody writes, and within memory.
const maxInput = 64 << 20

func (p *Process) readInput(name string) ([]byte, error) {
	info, err := os.Stat(p.abs(name))
	switch {
	case err != nil:
		return nil, err
	case info.Mode().IsRegular() && info.Size() > maxInput:
		return nil, errTooLarge
	}
	f, err := os.Open(p.abs(name))
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	return readUpTo(f)
}

// expand turns an argument into file names: a directory into every prefect.yaml below it, a glob into what it matches.
func (p *Process) expand(arg string) ([]string, error) {
	info, err := os.Stat(p.abs(arg))
	switch {
	case err == nil && info.IsDir():
		names, err := p.findBelow(arg)
		if err == nil && len(names) == 0 {
			err = fmt.Errorf("there is no %s in or below %s", DefaultFile, arg)
		}
		return names, err
	case err == nil:
		return []string{arg}, nil
	case strings.ContainsAny(arg, "*?["):
		matches, err := filepath.Glob(p.abs(arg))
		if err != nil {
			return nil, fmt.Errorf("%q is no pattern for file names: %v", arg, err)
		}
		if len(matches) == 0 {
			return nil, fmt.Errorf("no file matches %q", arg)
		}
		for i := range matches {
			matches[i] = p.shown(matches[i], arg)
		}
		return matches, nil
	case arg == DefaultFile:
		return nil, fmt.Errorf("there is no %s here: name a file or directory, or make one with prefect init", DefaultFile)
	}
	return nil, fmt.Errorf("cannot read %s: %w", arg, plainError(err))
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
func (p *Process) reader(file string) func(string) ([]byte, error) { return p.watchedReader(file, nil) }

// watchedReader is a reader that notes in w, if that is given, what it looks for.
func (p *Process) watchedReader(file string, w *watched) func(string) ([]byte, error) {
	dirs := p.roots(file)
	return func(name string) ([]byte, error) {
		if filepath.IsAbs(name) {
			w.note(name)
			return readBounded(name)
		}
		var first error
		for _, dir := range dirs {
			full := filepath.Join(dir, filepath.FromSlash(name))
			w.note(full)
			text, err := readBounded(full)
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

// roots are the directories that a prefect.yaml's entrypoints may be relative to.
func (p *Process) roots(file string) []string {
	dirs := []string{p.abs(filepath.Dir(file))}
	if dirs[0] != p.Dir {
		dirs = append(dirs, p.Dir)
	}
	return dirs
}

// lister lists the project's directories for a prefect.yaml, as [Process.reader] reads its files.
func (p *Process) lister(file string) func(string) []string {
	dirs := p.roots(file)
	return func(name string) []string {
		for _, dir := range dirs {
			if entries, err := readDirBounded(filepath.Join(dir, filepath.FromSlash(name))); err == nil {
				return entries
			}
		}
		return nil
	}
}

// maxNames bounds how many names of a directory are looked at.
const maxNames = 2000

func readDirBounded(dir string) ([]string, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	names, err := f.Readdirnames(maxNames)
	if err != nil && len(names) == 0 {
		return nil, err
	}
	slices.Sort(names)
	return names, nil
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
