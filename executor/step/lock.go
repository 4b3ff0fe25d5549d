package step

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	lockPoll  = 100 * time.Millisecond
	lockStale = 5 * time.Second // age at which a lock file without a process id is taken for abandoned
)

// lock takes Prefect 3's lock file, so that a worker or another deploy that pulls into the same directory waits for us
// and we for it. The file holds the process id; the file of a process that is gone is removed.
func (r *run) lock(ctx context.Context, path string) (release func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, osErrorOf(err, filepath.Dir(path))
	}
	said := false
	for {
		err := writeLock(path)
		if err == nil {
			return func() { _ = os.Remove(path) }, nil // a lock file that is gone is released too
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("locking the clone: %w", err)
		}
		removeStaleLock(path)
		if !said {
			r.say(fmt.Sprintf("waiting for %s, held by another process", path))
			said = true
		}
		timer := time.NewTimer(lockPoll)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
	}
}

func osErrorOf(err error, path string) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return osError(pathError.Err, pathError.Path, "")
	}
	return osError(err, path, "")
}

// writeLock creates the file with its content in one step, by linking a finished file to the name.
func writeLock(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".lock_")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(strconv.Itoa(os.Getpid()))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// No hard links on this file system.
	f, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteString(strconv.Itoa(os.Getpid()))
	return errors.Join(err, f.Close())
}

// removeStaleLock removes the file of a dead process, unless somebody replaced it meanwhile.
func removeStaleLock(path string) {
	before, err := os.Stat(path)
	if err != nil {
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		if time.Since(before.ModTime()) <= lockStale {
			return
		}
	} else if processAlive(pid) {
		return
	}
	if now, err := os.Stat(path); err == nil && os.SameFile(before, now) {
		_ = os.Remove(path) // if it fails, the next round tries again
	}
}
