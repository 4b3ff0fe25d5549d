package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/prefectc/prefectc/compiler"
)

// addIgnores writes a comment for every finding of a file, or shows what that would change with --diff, and returns how many
// findings that keeps silent.
func (p *Process) addIgnores(ctx context.Context, c *compiler.Compiler, in *compiler.Input, onlyShow bool) (int, error) {
	before := in.File
	after, added, err := c.AddIgnores(ctx, *in)
	switch {
	case err != nil:
		return 0, stoppedOr(err)
	case added == 0:
		return 0, nil
	case onlyShow:
		return added, p.showDiff(before.Path, before.Text, after.Text)
	}
	if err := replaceFile(p.abs(filepath.FromSlash(before.Path)), before.Text, after.Text); err != nil {
		return 0, usage("cannot write %s: %v", before.Path, plainError(err))
	}
	in.File = after
	_, _ = fmt.Fprintf(p.Stderr, "%s: %d findings are ignored by comments now: write behind each why\n", before.Path, added)
	return added, nil
}
