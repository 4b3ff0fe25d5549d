//go:build unix

package python

import (
	"os"
	"os/exec"
)

// connect gives the child its pipes: requests on descriptor 3, replies on 4.
func connect(cmd *exec.Cmd, p pipes, stdin *os.File) {
	if stdin != nil {
		cmd.Stdin = stdin
	}
	cmd.Stdout, cmd.Stderr = p.stdout.child, p.stderr.child
	cmd.ExtraFiles = []*os.File{p.request.child, p.reply.child}
}
