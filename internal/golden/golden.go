package golden

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

//nolint:gochecknoglobals // a flag
var update = flag.Bool("update", false, "rewrite the files that hold expected output")

// Update reports whether expected output is to be rewritten.
func Update() bool { return *update }

// Compare holds got against the file at path.
func Compare(t testing.TB, path string, got []byte) {
	t.Helper()
	want, err := os.ReadFile(path) //nolint:gosec // a file of the test's own
	if err == nil && bytes.Equal(got, want) {
		return
	}
	if !*update {
		if err != nil {
			t.Errorf("no expected output: %v\nit would be:\n%s(go test -update writes it)", err, got)
			return
		}
		t.Errorf("%s differs\n--- expected\n%s--- got\n%s(go test -update rewrites it)", path, want, got)
		return
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // source, read by everybody
		t.Fatal(err)
	}
	if err := os.WriteFile(path, got, 0o644); err != nil { //nolint:gosec // source, read by everybody
		t.Fatal(err)
	}
}
