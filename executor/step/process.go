package step

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/step/python"
)

// command is one process to run to its end.
type command struct {
	args []string
	dir  string   // absolute; empty: the runner's
	env  []string // nil: the runner's
	// shown is the directory as the user wrote it, for errors.
	shown string
}

// captured is what a process left behind.
type captured struct {
	code           int // negative: the signal that ended it, as in Python
	stdout, stderr string
}

// How long an interrupted command may take to end by itself.
const grace = 3 * time.Second

// start finds the program as Python's subprocess does, in the PATH of the command's own environment, and tries every
// directory of it until one starts.
func (r *run) start(c command, stdout, stderr *os.File) (*exec.Cmd, error) {
	name := c.args[0]
	for _, a := range c.args {
		if strings.ContainsRune(a, 0) {
			return nil, pyError("ValueError", "embedded null byte", "a command cannot contain a NUL character")
		}
	}
	if info, err := os.Stat(c.dir); err != nil {
		return nil, osError(err, c.shown, "")
	} else if !info.IsDir() {
		return nil, osError(syscall.ENOTDIR, c.shown, "")
	}
	failure := error(syscall.ENOENT)
	for _, program := range candidates(name, c.dir, c.env) {
		cmd := &exec.Cmd{Path: program, Args: c.args, Dir: c.dir, Env: c.env, Stdout: stdout, Stderr: stderr}
		if r.Stdin != nil {
			cmd.Stdin = r.Stdin
		} else {
			python.Detach(cmd)
		}
		err := cmd.Start()
		if err == nil {
			return cmd, nil
		}
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) && failure == error(syscall.ENOENT) {
			failure = err
		}
	}
	return nil, osError(failure, name, commandHint(name))
}

// candidates are the files a command name may stand for.
func candidates(name, dir string, env []string) []string {
	if runtime.GOOS == "windows" {
		if path, err := exec.LookPath(name); err == nil {
			return []string{path}
		}
		return nil
	}
	absolute := func(p string) string {
		if filepath.IsAbs(p) {
			return p
		}
		return dir + "/" + p
	}
	if name == "" {
		return nil
	}
	if strings.Contains(name, "/") {
		return []string{absolute(name)}
	}
	path, ok := getenv(env, "PATH")
	if !ok {
		path = "/bin:/usr/bin"
	}
	var files []string
	for _, d := range strings.Split(path, ":") {
		file := absolute(name)
		if d != "" {
			file = absolute(strings.TrimSuffix(d, "/") + "/" + name)
		}
		if _, err := os.Stat(file); err == nil {
			files = append(files, file)
		}
	}
	return files
}

func commandHint(name string) string {
	switch name {
	case "cd", "export", "source", ".", "set", "unset", "alias", "if", "for", "while", "#":
		return fmt.Sprintf("%q is not a program; lines run without a shell, put them into one: bash -c \"...\"", name)
	}
	if strings.ContainsAny(name, "=|&;<>") {
		return "lines run without a shell; put shell syntax into one: bash -c \"...\""
	}
	return ""
}

// osError is an error of the operating system as Python's OSError.
func osError(err error, path, hint string) error {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return fmt.Errorf("%s: %w", path, err)
	}
	class := "OSError"
	switch errno {
	case syscall.ENOENT:
		class = "FileNotFoundError"
	case syscall.EACCES, syscall.EPERM:
		class = "PermissionError"
	case syscall.ENOTDIR:
		class = "NotADirectoryError"
	case syscall.EEXIST:
		class = "FileExistsError"
	}
	text := errno.Error()
	e := pyError(class, fmt.Sprintf("[Errno %d] %s: %s", int(errno), strings.ToUpper(text[:1])+text[1:], value.Repr(path)), hint)
	e.Err = err
	return e
}

// execute runs a command to its end and captures what it prints; with stream, lines are also passed on as they come.
// Like Prefect it waits until both streams are closed, so a process left in the background holds it up.
func (r *run) execute(ctx context.Context, c command, stream bool) (captured, error) {
	if c.dir == "" {
		c.dir, c.shown = r.Dir, r.Dir
	}
	if c.env == nil {
		c.env = r.Env
	}
	if err := ctx.Err(); err != nil {
		return captured{}, err
	}
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return captured{}, fmt.Errorf("making a pipe: %w", err)
	}
	errRead, errWrite, err := os.Pipe()
	if err != nil {
		outRead.Close()
		outWrite.Close()
		return captured{}, fmt.Errorf("making a pipe: %w", err)
	}
	cmd, err := r.start(c, outWrite, errWrite)
	outWrite.Close()
	errWrite.Close()
	if err != nil {
		outRead.Close()
		errRead.Close()
		return captured{}, err
	}
	var stdout, stderr bytes.Buffer
	var readers sync.WaitGroup
	readers.Add(2)
	go func() { defer readers.Done(); r.collect(outRead, &stdout, stream, Stdout) }()
	go func() { defer readers.Done(); r.collect(errRead, &stderr, stream, Stderr) }()
	done := make(chan struct{})
	go func() {
		readers.Wait()
		_ = cmd.Wait() // the exit status is read from ProcessState
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		r.interrupt(cmd, done)
		outRead.Close()
		errRead.Close()
		<-done
		return captured{}, ctx.Err()
	}
	return captured{python.ExitCode(cmd.ProcessState), decode(stdout.Bytes()), decode(stderr.Bytes())}, nil
}

// interrupt ends a process and what it started, gently first.
func (r *run) interrupt(cmd *exec.Cmd, done <-chan struct{}) {
	group := r.Stdin == nil
	python.Terminate(cmd, group)
	select {
	case <-done:
		return
	case <-r.Hurry:
	case <-time.After(grace):
	}
	python.Kill(cmd, group)
	select {
	case <-done:
	case <-time.After(grace):
	}
}

func (r *run) collect(f *os.File, sink *bytes.Buffer, stream bool, s Stream) {
	defer f.Close()
	var w io.Writer = sink
	if stream && r.Output != nil {
		lines := python.NewLineWriter(func(line string) { r.emit(line, s) })
		defer lines.Flush()
		w = io.MultiWriter(sink, lines)
	}
	_, _ = io.Copy(w, f) // a read error is the end of the stream
}

// emit passes one line of output on. Both streams may call it at once.
func (r *run) emit(line string, s Stream) {
	r.lines.Lock()
	defer r.lines.Unlock()
	r.Output(r.mask.text(line), s)
}

func getenv(env []string, name string) (string, bool) {
	for i := len(env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(env[i], name+"="); ok {
			return v, true
		}
	}
	return "", false
}
