package python

import (
	"os"
	"os/exec"
)

// connect gives the child its pipes. Windows inherits three only: requests are standard input, replies standard output,
// and child.py lets its own standard output join standard error.
func connect(cmd *exec.Cmd, p pipes, _ *os.File) {
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.request.child, p.reply.child, p.stderr.child
}
