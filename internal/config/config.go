package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// Name is the file's name.
const Name = compiler.ConfigName

// maxSize is how much of a file is read at most; what is larger is refused when it is parsed.
const maxSize = 1 << 20

// maxLevels bounds the way up.
const maxLevels = 256

// Loader finds and reads configurations. It is safe for concurrent use.
type Loader struct {
	// Cache keeps what was read; nil reads each time.
	Cache *Cache

	// Read gives the bytes of a file by its absolute name; nil reads it from disk. A missing file is an error that is fs.ErrNotExist.
	Read func(name string) ([]byte, error)

	// Shown is how a file is called in messages; nil calls it by its absolute name.
	Shown func(name string) string
}

// Cache keeps configurations: each is made again only when its text has changed. The zero Cache is ready to use.
type Cache struct {
	mu   sync.Mutex
	kept map[string]*kept // by absolute name
}

type kept struct {
	text  []byte
	once  sync.Once
	value *compiler.Config
	found []diag.Diagnostic
}

// Error is a configuration that cannot be used.
type Error struct {
	Findings []diag.Diagnostic // at least one, all in the prefectc.cue
}

func (e *Error) Error() string {
	d := &e.Findings[0]
	at := d.File.Position(d.Span.Start)
	msg := fmt.Sprintf("%s:%d:%d: %s", d.File.Path, at.Line, at.Column, d.Message)
	if n := len(e.Findings) - 1; n > 0 {
		msg += fmt.Sprintf(" (and %d more)", n)
	}
	return msg
}

// For is the configuration that holds for the files of an absolute directory, nil without one. An unusable one is an [Error].
func (l *Loader) For(ctx context.Context, c *compiler.Compiler, dir string) (*compiler.Config, error) {
	name, text, err := l.find(dir)
	if err != nil || name == "" {
		return nil, err
	}
	k := l.Cache.keep(name, text)
	k.once.Do(func() {
		// Who comes later must not get the answer of someone who gave up.
		k.value, k.found = c.ReadConfig(context.WithoutCancel(ctx), source.New(l.shown(name), text))
	})
	if len(k.found) > 0 {
		return nil, &Error{k.found}
	}
	return k.value, nil
}

func (l *Loader) shown(name string) string {
	if l.Shown == nil {
		return name
	}
	return l.Shown(name)
}

func (c *Cache) keep(name string, text []byte) *kept {
	if c == nil {
		return &kept{text: text}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.kept[name]; k != nil && bytes.Equal(k.text, text) {
		return k
	}
	if c.kept == nil {
		c.kept = map[string]*kept{}
	}
	c.kept[name] = &kept{text: text}
	return c.kept[name]
}

// find walks up from a directory; the name is empty when there is no configuration.
func (l *Loader) find(dir string) (name string, text []byte, err error) {
	dir = filepath.Clean(dir)
	for range maxLevels {
		name := filepath.Join(dir, Name)
		text, err := l.read(name)
		switch {
		case err == nil:
			return name, text, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", nil, fmt.Errorf("cannot read %s: %w", l.shown(name), plain(err))
		}
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return "", nil, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return "", nil, nil
}

func (l *Loader) read(name string) ([]byte, error) {
	if l.Read != nil {
		return l.Read(name)
	}
	info, err := os.Stat(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) || !errors.Is(err, fs.ErrPermission) {
			return nil, fs.ErrNotExist // also where a part of the way is no directory
		}
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSize {
		return nil, fmt.Errorf("it is no regular file below %d bytes", maxSize)
	}
	return os.ReadFile(name)
}

// plain is a file error without operation and path, which the message around it gives.
func plain(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
