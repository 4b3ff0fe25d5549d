package compiler_test

import (
	"strings"
	"testing"
)

// Where looking ends before the file does, the check says so and fails.
func TestMoreMistakesThanAreLookedAtIsSaid(t *testing.T) {
	found := example{name: "keys"}.check(t, keys(12_000), "unknown-key", "too-large").Diagnostics
	if len(found) == 0 || found[0].Rule != "too-large" || !found[0].Blocks {
		t.Fatalf("%d findings, the first %+v", len(found), found[0])
	}
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("k" + strings.Repeat("x", i%97) + string(rune('a'+i%26)) + strings.Repeat("y", i/97) + ": 1\n")
	}
	return b.String()
}
