package step

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
)

func TestLoginForm(t *testing.T) {
	m := value.NewMap
	for _, c := range []struct {
		name, url   string
		credentials *value.Map
		v2, v3      string // the URL cloned from, or the error
	}{
		{"github", "https://github.com/o/r.git", m("token", "t/k"), "https://t/k@github.com/o/r.git", "https://t%2Fk@github.com/o/r.git"},
		{"github with a user in the token", "https://github.com/o/r.git", m("token", "u:t"), "https://u:t@github.com/o/r.git", "https://u%3At@github.com/o/r.git"},
		{"user name", "https://github.com/o/r.git", m("username", "me@x", "password", "p"), "https://me@x:p@github.com/o/r.git", "https://me%40x:p@github.com/o/r.git"},
		{"access_token goes before token", "https://github.com/o/r.git", m("token", "b", "access_token", "a"), "https://a@github.com/o/r.git", "https://a@github.com/o/r.git"},
		{"gitlab", "https://gitlab.com/o/r.git", m("access_token", "t"), "https://oauth2:t@gitlab.com/o/r.git", "https://oauth2:t@gitlab.com/o/r.git"},
		{"gitlab with prefix", "https://gitlab.com/o/r.git", m("token", "oauth2:t"), "https://oauth2:t@gitlab.com/o/r.git", "https://oauth2:t@gitlab.com/o/r.git"},
		{"gitlab deploy token", "https://gitlab.com/o/r.git", m("token", "u:t"), "https://oauth2:u:t@gitlab.com/o/r.git", "https://u:t@gitlab.com/o/r.git"},
		{"bitbucket", "https://bitbucket.org/o/r.git", m("token", "t"), "https://x-token-auth:t@bitbucket.org/o/r.git", "https://x-token-auth:t@bitbucket.org/o/r.git"},
		{"bitbucket with user", "https://bitbucket.org/o/r.git", m("token", "u:t"), "https://u:t@bitbucket.org/o/r.git", "https://u:t@bitbucket.org/o/r.git"},
		{"bitbucket server without user", "https://bitbucketserver.x/o/r.git", m("token", "t"), "ValueError", "ValueError"},
		{"bitbucket server", "https://bitbucketserver.x/o/r.git", m("token", "u:t"), "https://u:t@bitbucketserver.x/o/r.git", "https://u:t@bitbucketserver.x/o/r.git"},
		{"http takes none", "http://github.com/o/r.git", m("token", "t"), "http://github.com/o/r.git", "http://github.com/o/r.git"},
		{"ssh takes none", "git@github.com:o/r.git", m("token", "t"), "git@github.com:o/r.git", "git@github.com:o/r.git"},
		{"no token", "https://github.com/o/r.git", m("user", "t"), "ValueError", "ValueError"},
		{"port and query stay", "https://h.x:8443/o/r.git?a=b", m("token", "t"), "https://t@h.x:8443/o/r.git?a=b", "https://t@h.x:8443/o/r.git?a=b"},
	} {
		for _, v3 := range []bool{false, true} {
			want := c.v2
			if v3 {
				want = c.v3
			}
			repo := &repository{url: c.url, credentials: c.credentials}
			got, err := repo.login(v3)
			var e *Error
			if errors.As(err, &e) {
				got = e.Type
			}
			if got != want {
				t.Errorf("%s, Prefect 3 %v: got %s, %v; want %s", c.name, v3, got, err, want)
			}
		}
	}
}

func TestCloneTwice(t *testing.T) {
	repos := newRemotes(t)
	url := "file://" + repos.root + "/org/repo.git"
	for _, generation := range []int{2, 3} {
		r := &Runner{Generation: generation, Env: repos.env, Dir: t.TempDir()}
		clone := func(keys ...value.Value) (string, error) {
			out, err := r.Run(t.Context(), Call{Path: "prefect.deployments.steps.git_clone", Inputs: value.NewMap(append([]value.Value{"repository", url}, keys...)...)})
			if err != nil {
				return "", err
			}
			return filepath.Join(r.Dir, value.Str(first(out.Get("directory")))), nil
		}
		dir, err := clone("branch", "dev")
		if err != nil {
			t.Fatal(err)
		}
		if n := repos.git(t, dir, "rev-list", "--count", "HEAD"); n != "1" {
			t.Errorf("depth %s", n)
		}
		// A commit made meanwhile arrives with the second run.
		work := filepath.Join(repos.root, "work")
		repos.git(t, work, "checkout", "-q", "dev")
		name := "new-" + string(rune('0'+generation))
		write(t, filepath.Join(work, name), "x")
		repos.git(t, work, "add", ".")
		repos.git(t, work, "commit", "-qm", name)
		repos.git(t, work, "push", "-q", filepath.Join(repos.root, "org/repo.git"), "dev")
		if _, err := clone("branch", "dev"); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("Prefect %d: the second run did not pull: %v", generation, err)
		}
		// A clone that cannot be pulled into is made anew.
		write(t, filepath.Join(dir, "flow.py"), "local change\n")
		write(t, filepath.Join(work, "flow.py"), "remote change "+name+"\n")
		repos.git(t, work, "commit", "-qam", "change")
		repos.git(t, work, "push", "-q", filepath.Join(repos.root, "org/repo.git"), "dev")
		if _, err := clone("branch", "dev"); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(filepath.Join(dir, "flow.py")); err != nil || !strings.HasPrefix(string(text), "remote") {
			t.Errorf("Prefect %d: got %q, %v", generation, text, err)
		}
		// Another repository's clone is refused.
		repos.git(t, dir, "remote", "set-url", "origin", "https://other.example/x.git")
		_, err = clone("branch", "dev")
		var e *Error
		if !errors.As(err, &e) || e.Type != "ValueError" || !strings.Contains(e.Message, "does not match the configured repository "+url) {
			t.Errorf("Prefect %d: got %v", generation, err)
		}
		if left, _ := filepath.Glob(filepath.Join(r.Dir, "*.lock")); len(left) > 0 {
			t.Errorf("lock files left: %q", left)
		}
	}
}

func TestSparseAndCommit(t *testing.T) {
	repos := newRemotes(t)
	r := &Runner{Generation: 3, Env: repos.env, Dir: t.TempDir()}
	run := func(keys ...value.Value) string {
		t.Helper()
		out, err := r.Run(t.Context(), Call{Path: "prefect.deployments.steps.pull:git_clone",
			Inputs: value.NewMap(append([]value.Value{"repository", "file://" + repos.root + "/org/repo.git"}, keys...)...)})
		if err != nil {
			t.Fatal(err)
		}
		return filepath.Join(r.Dir, value.Str(first(out.Get("directory"))))
	}
	dir := run("directories", []value.Value{"a"}, "clone_directory_name", "sparse")
	if _, err := os.Stat(filepath.Join(dir, "a/in.py")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "b")); err == nil {
		t.Error("b was checked out too")
	}
	for range 2 {
		dir = run("commit_sha", repos.sha, "clone_directory_name", "pinned")
		if got := repos.git(t, dir, "rev-parse", "HEAD"); got != repos.sha {
			t.Errorf("at %s, want %s", got, repos.sha)
		}
	}
	short := run("commit_sha", repos.sha, "clone_directory_name", "sparse") // a shallow clone is deepened
	if got := repos.git(t, short, "rev-parse", "HEAD"); got != repos.sha {
		t.Errorf("at %s, want %s", got, repos.sha)
	}
}

func TestCloneNeverShowsCredentials(t *testing.T) {
	repos := newRemotes(t)
	for _, generation := range []int{2, 3} {
		out := &printed{}
		var waits []time.Duration
		r := &Runner{Generation: generation, Env: append(slices.Clone(repos.env), "GIT_TERMINAL_PROMPT=0"), Dir: t.TempDir(), Output: out.add,
			wait: func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }}
		for _, inputs := range []*value.Map{
			value.NewMap("repository", "https://127.0.0.1:9/o/r.git", "access_token", "t0ps3cret", "include_submodules", true),
			value.NewMap("repository", "https://user:t0ps3cret@127.0.0.1:9/o/r.git"),
			value.NewMap("repository", "https://127.0.0.1:9/o/r.git", "credentials", value.NewMap("username", "me", "password", "t0ps3cret")),
		} {
			_, err := r.Run(t.Context(), Call{Path: "prefect.deployments.steps.git_clone", Inputs: inputs})
			var e *Error
			if !errors.As(err, &e) || e.Type != "RuntimeError" {
				t.Fatalf("got %v", err)
			}
			for _, text := range append([]string{e.Error(), e.Traceback}, append(out.stdout, out.stderr...)...) {
				if strings.Contains(text, "t0ps3cret") {
					t.Errorf("shown: %s", text)
				}
			}
		}
		if want := map[int]int{2: 0, 3: 6}[generation]; len(waits) != want {
			t.Errorf("Prefect %d: waited %v", generation, waits)
		}
	}
}

func TestWorkingDirectoryIsNeverRemoved(t *testing.T) {
	repos := newRemotes(t)
	for _, generation := range []int{2, 3} {
		dir := filepath.Join(t.TempDir(), "mine")
		repos.git(t, repos.root, "clone", "-q", filepath.Join(repos.root, "org/repo.git"), dir)
		url := "file://" + repos.root + "/org/repo.git/"
		repos.git(t, dir, "remote", "set-url", "origin", url)
		write(t, filepath.Join(dir, "precious"), "x")
		r := &Runner{Generation: generation, Env: repos.env, Dir: dir}
		_, err := r.Run(t.Context(), Call{Path: "prefect.deployments.steps.git_clone", Inputs: value.NewMap("repository", url, "branch", "nope", "clone_directory_name", ".")})
		if generation == 2 { // no such input there; the name comes from the URL, which ends in a slash
			repos.git(t, dir, "remote", "set-url", "--push", "origin", "nowhere")
			repos.git(t, dir, "config", "remote.origin.uploadpack", "false")
			_, err = r.Run(t.Context(), Call{Path: "prefect.deployments.steps.git_clone", Inputs: value.NewMap("repository", url)})
		}
		if err == nil || !strings.Contains(err.Error(), "holds the working directory") {
			t.Errorf("Prefect %d: got %v", generation, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "precious")); err != nil {
			t.Errorf("Prefect %d: %v", generation, err)
		}
	}
}

func TestLockOfADeadProcessIsTaken(t *testing.T) {
	r := &run{Runner: &Runner{Dir: t.TempDir()}}
	path := filepath.Join(r.Dir, "deep", "repo.lock")
	write(t, path, "999999999")
	release, err := r.lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := r.lock(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a held lock was taken: %v", err)
	}
	release()
	if release, err = r.lock(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	release()
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
