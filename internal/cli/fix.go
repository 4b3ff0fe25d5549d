package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/prefectc/prefectc/compiler"
)

// fix mends a file, or shows how it would with --diff, and returns how many fixes that takes. in.File is replaced by the
// mended one.
func (p *Process) fix(ctx context.Context, c *compiler.Compiler, in *compiler.Input, f checkFlags) (int, error) {
	before := in.File
	after, made, err := c.Fix(ctx, *in, f.unsafeFixes)
	if err != nil {
		return 0, stoppedOr(err)
	}
	if len(made) == 0 {
		return 0, nil
	}
	if f.diff {
		return len(made), p.showDiff(before.Path, before.Text, after.Text)
	}
	name := p.abs(filepath.FromSlash(before.Path))
	if err := replaceFile(name, before.Text, after.Text); err != nil {
		return 0, usage("cannot write %s: %v", before.Path, plainError(err))
	}
	in.File = after
	for _, m := range made {
		_, _ = fmt.Fprintf(p.Stderr, "fixed %s:%d: %s (%s)\n", before.Path, m.Line, m.Title, m.Rule)
	}
	return len(made), nil
}

func (p *Process) showDiff(name string, before, after []byte) error {
	_, err := p.Stdout.Write(diff.Diff(name, before, name+" (fixed)", after))
	return err
}

// replaceFile writes a file anew in one step, unless it changed since it was read.
func replaceFile(name string, before, after []byte) error {
	now, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, before) {
		return fmt.Errorf("it changed in the meantime")
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".prefectc-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone after the rename
	if _, err := tmp.Write(after); err != nil {
		return err
	}
	if err := tmp.Chmod(info.Mode().Perm()); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}
