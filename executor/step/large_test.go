package step

import (
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/value"
)

// TestAHundredMegabytesOfOutputComeThrough counts the lines that are passed on and the text that is returned.
func TestAHundredMegabytesOfOutputComeThrough(t *testing.T) {
	lines := 0
	r := &Runner{Dir: t.TempDir(), Env: []string{"PATH=/usr/bin:/bin"}, Output: func(string, Stream) { lines++ }}
	line := strings.Repeat("x", 9999)
	out, err := r.Run(t.Context(), Call{Path: shell, Inputs: value.NewMap("script", "sh -c 'yes "+line+" | head -n 10000'")})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := out.Get("stdout")
	if got := len(value.Str(text)); lines != 10000 || got != 100_000_000-1 {
		t.Errorf("%d lines, %d bytes", lines, got)
	}
}
