package config

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/prefectc/prefectc/compiler"
)

// tree makes files in a temporary directory.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func shared(t testing.TB) *compiler.Compiler {
	t.Helper()
	c, err := compiler.Shared()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestWhichFileHolds shows how far up a configuration is looked for: the generation tells which one was found.
func TestWhichFileHolds(t *testing.T) {
	dir := tree(t, map[string]string{
		".git/HEAD":                "",
		"prefectc.cue":             "prefect: 3\n",
		"a/b/c/prefect.yaml":       "",
		"a/near/prefectc.cue":      "prefect: 2\n",
		"a/near/d/prefect.yaml":    "",
		"other/.git/HEAD":          "",
		"other/x/prefect.yaml":     "",
		"worktree/.git":            "gitdir: elsewhere\n",
		"worktree/x/prefect.yaml":  "",
		"directory/prefectc.cue/x": "",
	})
	for name, want := range map[string]int{".": 3, "a/b/c": 3, "a/near/d": 2, "a/near": 2, "other/x": 0, "worktree/x": 0, "not/there": 3} {
		l := &Loader{Cache: &Cache{}}
		c, err := l.For(context.Background(), shared(t), filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		if c != nil {
			got = int(c.Generation)
		}
		if got != want {
			t.Errorf("%s: got %d, want %d", name, got, want)
		}
	}
	if _, err := (&Loader{}).For(context.Background(), shared(t), filepath.Join(dir, "directory")); err == nil {
		t.Error("a directory of that name is no configuration, and is not passed over in silence")
	}
}

// TestReadOnce shows that a configuration is made anew only when its text changes.
func TestReadOnce(t *testing.T) {
	dir := tree(t, map[string]string{".git/HEAD": "", "prefectc.cue": "prefect: 3\n"})
	l := &Loader{Cache: &Cache{}}
	load := func() *compiler.Config {
		c, err := l.For(context.Background(), shared(t), dir)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := load()
	if load() != first {
		t.Error("made anew without a change")
	}
	if err := os.WriteFile(filepath.Join(dir, Name), []byte("prefect: 2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if second := load(); second == first || second.Generation != 2 {
		t.Error("the change is not seen")
	}
	if err := os.WriteFile(filepath.Join(dir, Name), []byte("prefect: 4\n\nrule: 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := l.For(context.Background(), shared(t), dir)
	var bad *Error
	if !errors.As(err, &bad) || len(bad.Findings) != 2 {
		t.Fatalf("got %v, want two findings", err)
	}
	if want := filepath.Join(dir, Name) + `:1:10: "prefect" must be 2 or 3, not 4 (and 1 more)`; err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
}

// BenchmarkNone is what a project without a configuration pays for each file.
func BenchmarkNone(b *testing.B) {
	dir := filepath.Join(tree(b, map[string]string{".git/HEAD": "", "a/b/c/prefect.yaml": ""}), "a", "b", "c")
	l, c := &Loader{Cache: &Cache{}}, shared(b)
	for b.Loop() {
		if found, err := l.For(context.Background(), c, dir); found != nil || err != nil {
			b.Fatal(found, err)
		}
	}
}
