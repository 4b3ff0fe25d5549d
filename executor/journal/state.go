package journal

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Dir is the directory beside the project that holds state and journals.
const Dir = ".prefectc"

const (
	stateFile    = "state.json"
	stateVersion = 1
)

// State is what a project's applies registered.
type State struct {
	Version int      `json:"version"`
	Key     []byte   `json:"key"`               // of the digests
	Project string   `json:"project,omitempty"` // the directory it was written for
	Scopes  []*Scope `json:"scopes"`

	original string // see Original
	file     []byte // what the file holds
}

// Original is the directory that the state was copied from, together with the project, while that still has it: what it says
// was created is the original's. It is "" for a state that was not copied, and for one whose project was moved here.
func (s *State) Original() string { return s.original }

// settle finds out whose state it is.
func (s *State) settle(project string) {
	here := realPath(project)
	if s.Project == "" || s.Project == here {
		s.Project = here
		return
	}
	other, err := readState(filepath.Join(s.Project, Dir))
	if err == nil && len(s.Key) > 0 && bytes.Equal(other.Key, s.Key) {
		s.original = s.Project
		return
	}
	s.Project = here
}

// realPath is the absolute path of a directory without symbolic links, as far as that can be told.
func realPath(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return dir
}

// Target is one file on one server: what an apply, its journal and its part of the state are about.
type Target struct {
	Server string `json:"server"` // the API's URL without credentials; it names the workspace too
	File   string `json:"file"`   // relative to the project's directory, with slashes; "" for an entrypoint alone
}

// Scope is what the applies of a file registered on a server.
type Scope struct {
	Target
	Deployments map[string]*Deployment `json:"deployments"` // by flow/name
}

// Deployment is what is remembered of a registered deployment.
type Deployment struct {
	ID      string `json:"id,omitempty"`
	Created bool   `json:"created,omitempty"` // it did not exist before
	Pending bool   `json:"pending,omitempty"` // to create it was begun, and how that ended is not known

	Config      string            `json:"config,omitempty"`      // digest of everything that made it
	Fields      map[string]string `json:"fields,omitempty"`      // digests of what was registered, by path
	Automations []string          `json:"automations,omitempty"` // ids of those its triggers became
	Unsure      bool              `json:"unsure,omitempty"`      // it was being written to, so that it may have more of them
	Applied     time.Time         `json:"applied,omitzero"`
}

// Of is what was registered from a file on a server, by flow/name; nil when nothing was.
func (s *State) Of(t Target) map[string]*Deployment {
	if s == nil {
		return nil
	}
	for _, scope := range s.Scopes {
		if scope.Target == t {
			return scope.Deployments
		}
	}
	return nil
}

// elsewhere reports whether another file of the project has registered the deployment of this id later.
func (s *State) elsewhere(t Target, d *Deployment) bool {
	for _, scope := range s.Scopes {
		if scope.Server != t.Server || scope.File == t.File {
			continue
		}
		for _, other := range scope.Deployments {
			if other.ID == d.ID && other.Applied.After(d.Applied) {
				return true
			}
		}
	}
	return false
}

// Owned are the deployments that a file created on a server and that no other file of the project has taken over, by
// flow/name.
func (s *State) Owned(t Target) map[string]*Deployment {
	owned := map[string]*Deployment{}
	for name, d := range s.Of(t) {
		if d.Created && d.ID != "" && !s.elsewhere(t, d) {
			owned[name] = d
		}
	}
	return owned
}

// Since reports whether anything was registered after a moment.
func (s *State) Since(t time.Time) bool {
	for _, scope := range s.Scopes {
		for _, d := range scope.Deployments {
			if d.Applied.After(t) {
				return true
			}
		}
	}
	return false
}

// scope finds or adds the part of a target.
func (s *State) scope(t Target) map[string]*Deployment {
	if found := s.Of(t); found != nil {
		return found
	}
	added := &Scope{t, map[string]*Deployment{}}
	s.Scopes = append(s.Scopes, added)
	return added.Deployments
}

// fold brings a record into the state. Folding the same journal again changes nothing.
func (s *State) fold(r *Record) {
	if r.Deployment == "" {
		return
	}
	scope := s.scope(r.Target)
	before := scope[r.Deployment]
	switch r.Event {
	case Intended:
		switch {
		case before != nil:
			before.Unsure = true
		case r.Action == "create":
			scope[r.Deployment] = &Deployment{Pending: true}
		}
	case Failed:
		if r.ID != "" && r.Action == "create" {
			scope[r.Deployment] = &Deployment{ID: r.ID, Created: true, Unsure: true, Automations: r.Automations, Applied: r.Time}
		}
	case Done:
		if r.Action == "delete" {
			delete(scope, r.Deployment)
			return
		}
		scope[r.Deployment] = registered(before, r)
	}
}

// registered is what is remembered after a deployment was registered. It counts as created by the file when it was, or when it had
// been begun and turned out to be there exactly as it would have been created.
func registered(before *Deployment, r *Record) *Deployment {
	after := &Deployment{ID: r.ID, Created: r.Action == "create", Config: r.Config, Fields: r.Fields, Automations: r.Automations, Applied: r.Time}
	switch {
	case before == nil:
	case before.Pending:
		after.Created = after.Created || r.Same
	case before.ID == r.ID:
		after.Created = after.Created || before.Created
	}
	return after
}

// Read reads a project's state, with what its journals add to it, and changes nothing. A project without one has an empty
// state.
func Read(project string) (*State, error) {
	s, err := readState(filepath.Join(project, Dir))
	if err != nil {
		return nil, err
	}
	s.settle(project)
	return s, s.foldAll(filepath.Join(project, Dir))
}

func readState(dir string) (*State, error) {
	name := filepath.Join(dir, stateFile)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &State{Version: stateVersion}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the state: %w", err)
	}
	s := &State{file: text}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w; remove it, and prefectc forgets which deployments it created", name, err)
	}
	if s.Version != stateVersion {
		return nil, fmt.Errorf("%s is of version %d, which this prefectc does not know: use a newer one, or remove the file", name, s.Version)
	}
	s.Scopes = slices.DeleteFunc(s.Scopes, func(scope *Scope) bool { return scope == nil })
	for _, scope := range s.Scopes {
		if scope.Deployments == nil {
			scope.Deployments = map[string]*Deployment{}
		}
		for name, d := range scope.Deployments {
			if d == nil {
				delete(scope.Deployments, name)
			}
		}
	}
	return s, nil
}

// foldAll folds every journal. Each is about another target, so that their order does not matter.
func (s *State) foldAll(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "journal-*.jsonl"))
	if err != nil {
		return fmt.Errorf("looking for journals: %w", err)
	}
	for _, name := range names {
		log, err := readLog(name)
		if err != nil {
			return err
		}
		for i := range log.Records {
			s.fold(&log.Records[i])
		}
	}
	return nil
}

// write replaces the state file by a whole new one, if anything is new.
func (s *State) write(dir string) error {
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return fmt.Errorf("writing the state: %w", err)
	}
	text = append(text, '\n')
	if bytes.Equal(text, s.file) {
		return nil
	}
	if err := replace(filepath.Join(dir, stateFile), text); err != nil {
		return err
	}
	s.file = text
	return nil
}

// replace writes a file so that a kill leaves the old one or the new one.
func replace(name string, text []byte) error {
	f, err := os.OpenFile(name+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		_ = os.Remove(name + ".new") // of a full disk; the old file stands
		return err
	}
	return nil
}

func newKey() []byte {
	key := make([]byte, 16)
	_, _ = rand.Read(key) // never fails, by its contract
	return key
}
