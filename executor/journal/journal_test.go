package journal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var target = Target{Server: "http://127.0.0.1:4200/api", File: "prefect.yaml"} //nolint:gochecknoglobals // a constant

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func begin(t *testing.T, s *Store, carried ...Record) *Journal {
	t.Helper()
	j, err := s.Begin(target, "abc", carried)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func write(t *testing.T, j *Journal, records ...Record) {
	t.Helper()
	for _, r := range records {
		if err := j.Write(r); err != nil {
			t.Fatal(err)
		}
	}
}

func create(name, id string) []Record {
	return []Record{
		{Event: Intended, Deployment: name, Config: "c-" + name, Action: "create"},
		{Event: Done, Deployment: name, Config: "c-" + name, Action: "create", ID: id, Automations: []string{"a-" + id}},
	}
}

// An apply that comes to its end is in the state, and the directory keeps itself out of version control.
func TestAnApplyIsRemembered(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	j := begin(t, s)
	write(t, j, create("f/a", "1")...)
	if err := j.End(true); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, Dir, ".gitignore")); err != nil || string(text) != "*\n" {
		t.Errorf(".gitignore is %q, %v", text, err)
	}
	state, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if d := state.Owned(target)["f/a"]; d == nil || d.ID != "1" || len(d.Automations) != 1 {
		t.Errorf("remembered is %+v", d)
	}
	if len(state.Owned(Target{Server: target.Server, File: "other.yaml"})) != 0 {
		t.Error("another file owns something")
	}
}

// Wherever the journal of a create is cut off, the state is what was certain then, and says what was not.
func TestACutJournalIsTrue(t *testing.T) {
	whole := t.TempDir()
	s := open(t, whole)
	j := begin(t, s)
	write(t, j, create("f/a", "1")...)
	if err := errors.Join(j.End(true), s.Close()); err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(s.logName(target))
	text, err := os.ReadFile(s.logName(target))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	intended, done := len(lines[0]+lines[1]), len(lines[0]+lines[1]+lines[2])
	for cut := range len(text) + 1 {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, Dir), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, Dir, name), text[:cut], 0o666); err != nil {
			t.Fatal(err)
		}
		state, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		d := state.Of(target)["f/a"]
		switch {
		case cut < intended && d != nil, cut >= intended && cut < done && (d == nil || !d.Pending || d.ID != ""),
			cut >= done && (d == nil || d.Pending || d.ID != "1" || !d.Created):
			t.Fatalf("cut at %d of %d: %+v", cut, len(text), d)
		}
		if cut%16 != 0 && cut != len(text) {
			continue // opening syncs, which takes long
		}
		s := open(t, dir)
		log, err := s.Last(target)
		if err != nil {
			t.Fatal(err)
		}
		if complete := cut == 0 || cut == len(text); log.Complete() != complete && cut >= len(lines[0]) {
			t.Fatalf("cut at %d of %d: complete is %v", cut, len(text), log.Complete())
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A deployment whose creation was begun is taken for ours when it turns out to be there just as we would have made it, and
// for somebody else's when it is there in another way.
func TestAPendingCreationIsSettled(t *testing.T) {
	for _, same := range []bool{true, false} {
		dir := t.TempDir()
		s := open(t, dir)
		j := begin(t, s)
		write(t, j, create("f/a", "")[0])
		if err := errors.Join(j.file.Close(), s.Close()); err != nil { // killed
			t.Fatal(err)
		}
		s = open(t, dir)
		j = begin(t, s)
		write(t, j, Record{Event: Done, Deployment: "f/a", Action: "none", ID: "9", Same: same})
		if err := errors.Join(j.End(true), s.Close()); err != nil {
			t.Fatal(err)
		}
		if _, owned := s.State().Owned(target)["f/a"]; owned != same {
			t.Errorf("same is %v, owned is %v", same, owned)
		}
	}
}

// What was there before is never owned; what was created stays owned through updates and until it is deleted.
func TestOwnership(t *testing.T) {
	s := open(t, t.TempDir())
	j := begin(t, s)
	write(t, j, Record{Event: Done, Deployment: "f/old", Action: "update", ID: "7"})
	write(t, j, create("f/a", "1")...)
	write(t, j, Record{Event: Done, Deployment: "f/a", Action: "update", ID: "1", Automations: []string{"b"}})
	write(t, j, create("f/b", "2")...)
	write(t, j, Record{Event: Done, Deployment: "f/b", Action: "delete", ID: "2"})
	write(t, j, create("f/c", "3")...)
	write(t, j, Record{Event: Done, Deployment: "f/c", Action: "none", ID: "33"}) // somebody made it anew
	write(t, j, Record{Event: Failed, Deployment: "f/d", Action: "create", ID: "4"})
	if err := errors.Join(j.End(false), s.Close()); err != nil {
		t.Fatal(err)
	}
	owned := s.State().Owned(target)
	if len(owned) != 2 || owned["f/a"] == nil || owned["f/d"] == nil {
		t.Fatalf("owned are %v", owned)
	}
	if got := strings.Join(owned["f/a"].Automations, " "); got != "b" {
		t.Errorf("automations are %q", got)
	}
}

// A deployment that was being written to may have more automations than are known of, until it has been written to whole.
func TestAnUnsureWrite(t *testing.T) {
	s := open(t, t.TempDir())
	intended := Record{Event: Intended, Deployment: "f/a", Action: "update", ID: "1"}
	for _, c := range []struct {
		about  string
		then   []Record
		unsure bool
	}{
		{"created", create("f/a", "1"), false},
		{"stopped", []Record{intended}, true},
		{"failed", []Record{intended, {Event: Failed, Deployment: "f/a", Action: "update", ID: "1"}}, true},
		{"failed before anything was sent", []Record{{Event: Failed, Deployment: "f/a", Action: "update"}}, true},
		{"done", []Record{intended, {Event: Done, Deployment: "f/a", Action: "update", ID: "1"}}, false},
		{"failed before anything was sent, after that", []Record{{Event: Failed, Deployment: "f/a", Action: "update"}}, false},
	} {
		j := begin(t, s)
		write(t, j, c.then...)
		if err := j.End(false); err != nil {
			t.Fatal(err)
		}
		if d := s.State().Of(target)["f/a"]; d.Unsure != c.unsure || !d.Created {
			t.Errorf("%s: unsure is %v, created %v", c.about, d.Unsure, d.Created)
		}
	}
}

// What another file of the project registers after us is its own.
func TestAnotherFileTakesOver(t *testing.T) {
	s := open(t, t.TempDir())
	j := begin(t, s)
	write(t, j, create("f/a", "1")...)
	if err := j.End(true); err != nil {
		t.Fatal(err)
	}
	j, err := s.Begin(Target{Server: target.Server, File: "other.yaml"}, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	write(t, j, Record{Event: Done, Deployment: "f/a", Action: "none", ID: "1"})
	if err := errors.Join(j.End(true), s.Close()); err != nil {
		t.Fatal(err)
	}
	if owned := s.State().Owned(target); len(owned) != 0 {
		t.Errorf("owned are %v", owned)
	}
}

// What an unfinished apply has done is known by what made it, and carried over by the apply that resumes it.
func TestResuming(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	j := begin(t, s)
	write(t, j, create("f/a", "1")...)
	write(t, j, create("f/b", "2")[0])
	if err := errors.Join(j.file.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	for range 2 { // killed again at once
		s = open(t, dir)
		log, err := s.Last(target)
		if err != nil {
			t.Fatal(err)
		}
		done := log.DoneByConfig()
		if log.Complete() || len(done) != 1 || done["c-f/a"].ID != "1" {
			t.Fatalf("complete is %v, done are %v", log.Complete(), done)
		}
		j = begin(t, s, done["c-f/a"])
		if err := errors.Join(j.file.Close(), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTwoAppliesAtOnce(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, err := Open(dir)
	var locked *LockedError
	if !errors.As(err, &locked) || !strings.Contains(err.Error(), "process ") {
		t.Fatalf("the second got %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
}

// A journal that cannot be written says so, and goes on saying so.
func TestADiskThatIsFull(t *testing.T) {
	s := open(t, t.TempDir())
	j := begin(t, s)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		if _, missing := os.Stat("/dev/full"); missing != nil { // systems without it
			full, _ = os.OpenFile(s.logName(target), os.O_RDONLY, 0)
		} else {
			t.Fatal(err)
		}
	}
	_ = j.file.Close()
	j.file = full
	for range 2 {
		if err := j.Write(create("f/a", "")[0]); err == nil || !strings.HasPrefix(err.Error(), "writing the journal: ") {
			t.Fatalf("writing gave %v", err)
		}
	}
	if err := j.End(true); err == nil {
		t.Error("it ended as if nothing were wrong")
	}
}

func TestDamagedFiles(t *testing.T) {
	for name, text := range map[string]string{"damaged": "{", "newer": `{"version": 99}`, "no object": "[]"} {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, Dir), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, Dir, stateFile), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), stateFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"event":"begun"}`+"\n"+`{"event":"done","deployment":"f/a","action":"create","id":"1"}`+"\n"), []byte(`{"version":1,"scopes":[null]}`))
	f.Add([]byte("\n\n{\n"), []byte(`{"version":1,"scopes":[{"deployments":{"a":null}}]}`))
	f.Fuzz(func(t *testing.T, log, state []byte) {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, Dir), 0o777); err != nil {
			t.Fatal(err)
		}
		_ = os.WriteFile(filepath.Join(dir, Dir, "journal-0.jsonl"), log, 0o666)
		_ = os.WriteFile(filepath.Join(dir, Dir, stateFile), state, 0o666)
		s, err := Read(dir)
		if err == nil {
			s.Owned(target)
		}
		l := parseLog(log)
		l.Complete()
		l.DoneByConfig()
	})
}

func BenchmarkWrite(b *testing.B) {
	s, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	j, err := s.Begin(target, "", nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := j.Write(create("f/a", "1")[0]); err != nil {
			b.Fatal(err)
		}
	}
}
