package lsp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Bounds on what is read from disk.
const (
	maxDiskFile   = 16 << 20 // bytes of one file
	maxWalkFiles  = 200_000  // directory entries looked at when the workspace is searched
	maxWalkDepth  = 24
	maxCachedDisk = 64 << 20 // bytes of all cached files
)

// pathOf returns the file name a file: URI stands for.
func pathOf(uri string) (string, bool) {
	u, err := url.Parse(uri)
	if err != nil || !strings.EqualFold(u.Scheme, "file") || u.Path == "" {
		return "", false
	}
	name := u.Path
	if len(name) >= 3 && name[0] == '/' && name[2] == ':' && isLetter(name[1]) {
		name = strings.ToUpper(name[1:2]) + name[2:] // /c:/x is C:/x
	} else if u.Host != "" && !strings.EqualFold(u.Host, "localhost") {
		name = "//" + u.Host + name
	}
	return filepath.Clean(filepath.FromSlash(name)), true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// uriOf is the URI of a file name, written as editors write it.
func uriOf(name string) string {
	slashed := filepath.ToSlash(name)
	if host, rest, ok := strings.Cut(strings.TrimPrefix(slashed, "//"), "/"); ok && strings.HasPrefix(slashed, "//") {
		return (&url.URL{Scheme: "file", Host: host, Path: "/" + rest}).String()
	}
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed
	}
	return (&url.URL{Scheme: "file", Path: slashed}).String()
}

// diskCache keeps the contents of files as long as their size and time stay the same.
type diskCache struct {
	mu    sync.Mutex
	bytes int
	kept  map[string]cachedFile
}

type cachedFile struct {
	size int64
	mod  time.Time
	text []byte
}

func newDiskCache() *diskCache { return &diskCache{kept: map[string]cachedFile{}} }

func (c *diskCache) read(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	if info.Size() > maxDiskFile {
		return nil, fmt.Errorf("%s is larger than %d bytes", name, maxDiskFile)
	}
	c.mu.Lock()
	hit, ok := c.kept[name]
	c.mu.Unlock()
	if ok && hit.size == info.Size() && hit.mod.Equal(info.ModTime()) {
		return hit.text, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bytes+len(text) > maxCachedDisk {
		c.bytes, c.kept = 0, map[string]cachedFile{}
	}
	c.bytes += len(text) - len(c.kept[name].text)
	c.kept[name] = cachedFile{info.Size(), info.ModTime(), text}
	return text, nil
}

// readFile reads a file as the editor sees it: an open document hides the file on disk.
func (s *snapshot) readFile(name string) ([]byte, error) {
	name = filepath.Clean(name)
	if d := s.byPath[name]; d != nil {
		return d.file.Text, nil
	}
	return s.disk.read(name)
}

// skipped are directories that hold other people's files; "prefectc check" leaves the same ones out.
var skipped = []string{".git", "node_modules", ".venv", "venv", "site-packages", "__pycache__"}

// find lists what may be prefect files on disk below the workspace folders. Editors ask again and again, so the list is kept until the
// editor reports a change, or for a while if it reports none.
func (s *snapshot) find(ctx context.Context) ([]string, error) {
	s.projects.mu.Lock()
	kept := s.projects.list
	s.projects.mu.Unlock()
	if !kept.made.IsZero() && kept.world == s.world && (s.client.watchDynamic || time.Since(kept.made) < unwatchedListAge) {
		return kept.names, nil
	}
	names, err := s.search(ctx)
	if err != nil {
		return nil, err
	}
	s.projects.mu.Lock()
	s.projects.list = fileList{s.world, time.Now(), names}
	s.projects.mu.Unlock()
	return names, nil
}

// unwatchedListAge is how long a list of files is kept when the editor does not watch them.
const unwatchedListAge = 10 * time.Second

type fileList struct {
	world int
	made  time.Time
	names []string
}

func (s *snapshot) search(ctx context.Context) ([]string, error) {
	var out []string
	seen := 0
	for _, root := range s.folders {
		err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				return nil // unreadable: not ours to report
			}
			if seen++; seen > maxWalkFiles {
				return fs.SkipAll
			}
			if e.IsDir() {
				rel, _ := filepath.Rel(root, name)
				if name != root && slices.Contains(skipped, e.Name()) ||
					strings.Count(rel, string(filepath.Separator)) >= maxWalkDepth {
					return fs.SkipDir
				}
				return nil
			}
			if base := strings.ToLower(e.Name()); s.settings.names(base) || mayBePrefect(base) {
				out = append(out, name)
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.SkipAll) {
			return nil, err
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
