package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// interactive reports whether somebody sits at both ends, and Prefect's setting does not say otherwise.
func (p *Process) interactive() bool {
	setting, _ := p.Getenv("PREFECT_CLI_PROMPT")
	if wanted, err := strconv.ParseBool(strings.ToLower(setting)); err == nil && !wanted {
		return false
	}
	stdin, isFile := p.Stdin.(*os.File)
	return p.Terminal && isFile && isTerminal(stdin)
}

// dialog asks questions on a terminal.
type dialog struct {
	process *Process
	answers *bufio.Reader // one for all questions, since it reads ahead
}

func (p *Process) dialog() *dialog { return &dialog{p, bufio.NewReader(p.Stdin)} }

func (d *dialog) say(format string, args ...any) {
	_, _ = fmt.Fprintf(d.process.Stdout, format, args...)
}

var errNoAnswer = errors.New("nothing was done: no answer")

// ask waits for one line, or for the context's end. After an error the dialog is over.
func (d *dialog) ask(ctx context.Context, question string) (string, error) {
	d.say("%s", question)
	type read struct {
		line string
		err  error
	}
	done := make(chan read, 1)
	go func() {
		line, err := d.answers.ReadString('\n')
		done <- read{line, err}
	}()
	select {
	case r := <-done:
		if r.err != nil && (r.line == "" || !errors.Is(r.err, io.EOF)) {
			d.say("\n")
			return "", failed("not-confirmed", errNoAnswer)
		}
		return strings.TrimSpace(r.line), nil
	case <-ctx.Done():
		d.say("\n")
		return "", stoppedOr(ctx.Err())
	}
}
