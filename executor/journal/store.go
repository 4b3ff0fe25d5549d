package journal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ErrReadOnly is matched when a project's directory cannot be written to: then nothing can be remembered.
var ErrReadOnly = errors.New("the project's directory cannot be written to")

// LockedError is the attempt to apply a project that is being applied.
type LockedError struct {
	Dir string
	By  string // "process 123, since 2025-01-01T00:00:00Z", "" when that is not known
}

func (e *LockedError) Error() string {
	by := e.By
	if by == "" {
		by = "another process"
	}
	return fmt.Sprintf("%s is being applied by %s: wait until it is done", e.Dir, by)
}

// Store is a project's directory, held by one process at a time. It is safe for concurrent use.
type Store struct {
	project, dir string
	lock         *os.File

	mu    sync.Mutex
	state *State
}

// Open makes a project's directory if there is none, locks it, and reads it. Close releases it.
func Open(project string) (*Store, error) {
	dir := filepath.Join(project, Dir)
	s := &Store{project: project, dir: dir}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, unwritable(err)
	}
	if err := ignoreAll(dir); err != nil {
		return nil, unwritable(err)
	}
	if err := s.take(); err != nil {
		return nil, err
	}
	state, err := Read(project)
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	if len(state.Key) == 0 {
		state.Key = newKey()
		if err := state.write(dir); err != nil {
			_ = s.Close()
			return nil, unwritable(err)
		}
	}
	s.state = state
	return s, nil
}

func unwritable(err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return fmt.Errorf("writing %s: %w", Dir, err)
}

// ignoreAll keeps the directory out of version control.
func ignoreAll(dir string) error {
	name := filepath.Join(dir, ".gitignore")
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	return os.WriteFile(name, []byte("*\n"), 0o666)
}

// take locks the directory. The lock ends with the process, however it ends.
func (s *Store) take() error {
	name := filepath.Join(s.dir, "lock")
	f, err := lockFile(name)
	if errors.Is(err, errLocked) {
		by, _ := os.ReadFile(name)
		return &LockedError{Dir: s.project, By: strings.TrimSpace(string(by))}
	}
	if err != nil {
		return unwritable(err)
	}
	s.lock = f
	if err = f.Truncate(0); err == nil {
		_, err = fmt.Fprintf(f, "process %d, since %s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339))
	}
	if err != nil {
		_ = f.Close()
		return unwritable(err)
	}
	return nil
}

// Close releases the directory.
func (s *Store) Close() error { return s.lock.Close() }

// State is what was registered, up to the last apply that ended.
func (s *Store) State() *State { return s.state }

// Digest is a text's digest under the project's key.
func (s *State) Digest(text []byte) string { return Digest(s.Key, text) }

// Digest is a text's digest under a key.
func Digest(key, text []byte) string {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Last reads the journal of the last apply of a target.
func (s *Store) Last(t Target) (*Log, error) { return readLog(s.logName(t)) }

func (s *Store) logName(t Target) string {
	sum := sha256.Sum256([]byte(t.Server + "\x00" + t.File))
	return filepath.Join(s.dir, "journal-"+hex.EncodeToString(sum[:6])+".jsonl")
}

// Journal records one apply of a target. It is safe for concurrent use.
type Journal struct {
	store  *Store
	target Target
	sha256 string
	id     string

	mu      sync.Mutex
	file    *os.File
	records []Record
	failed  error // of a write; nothing is written after it
}

// Begin starts the journal of an apply in place of the last one, whose lasting records are carried over in one stroke.
func (s *Store) Begin(t Target, fileHash string, carried []Record) (*Journal, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, err := s.Last(t)
	if err != nil {
		return nil, err
	}
	for i := range last.Records {
		s.state.fold(&last.Records[i])
	}
	if err := s.state.write(s.dir); err != nil {
		return nil, fmt.Errorf("writing the state: %w", err)
	}
	j := &Journal{store: s, target: t, sha256: fileHash, id: rand.Text()[:12]}
	lines, err := j.line(Record{Event: Begun})
	if err != nil {
		return nil, err
	}
	for _, r := range carried {
		more, err := json.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("writing the journal: %w", err)
		}
		lines = append(append(lines, more...), '\n')
	}
	if err := replace(s.logName(t), lines); err != nil {
		return nil, fmt.Errorf("writing the journal: %w", err)
	}
	if j.file, err = os.OpenFile(s.logName(t), os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, fmt.Errorf("writing the journal: %w", err)
	}
	return j, nil
}

func (j *Journal) line(r Record) ([]byte, error) {
	r.Apply, r.Target, r.SHA256, r.Time = j.id, j.target, j.sha256, time.Now().UTC()
	j.records = append(j.records, r)
	text, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("writing the journal: %w", err)
	}
	return append(text, '\n'), nil
}

// Write adds a record. It is on the disk when Write returns, unless it is one that nothing depends on: a deployment that
// the server held already.
func (j *Journal) Write(r Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return j.failed
	}
	text, err := j.line(r)
	if err == nil {
		_, err = j.file.Write(text)
	}
	if err == nil && (r.Event != Done || r.Action != "none") {
		err = j.file.Sync()
	}
	if err != nil {
		j.failed = fmt.Errorf("writing the journal: %w", err)
	}
	return j.failed
}

// End closes the journal and brings it into the state. complete says that nothing failed.
func (j *Journal) End(complete bool) error {
	err := j.Write(Record{Event: Ended, Complete: complete})
	j.mu.Lock()
	defer j.mu.Unlock()
	if closed := j.file.Close(); err == nil && closed != nil {
		err = fmt.Errorf("writing the journal: %w", closed)
	}
	if err != nil {
		return err
	}
	j.store.mu.Lock()
	defer j.store.mu.Unlock()
	for i := range j.records {
		j.store.state.fold(&j.records[i])
	}
	if err := j.store.state.write(j.store.dir); err != nil {
		return fmt.Errorf("writing the state: %w", err)
	}
	return nil
}
