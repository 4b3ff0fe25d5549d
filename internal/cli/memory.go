package cli

import (
	"runtime/debug"

	"github.com/prefectc/prefectc/compiler/source"
)

// smallInput is what can be checked without the heap growing beyond some tens of megabytes.
const smallInput = 256 << 10

// collectLess lets a short check of small files end before the garbage collector would have paid off: with Go's default it
// takes a fifth of the time. Peak memory stays below 40 MiB.
func collectLess(files []*source.File) {
	total := 0
	for _, f := range files {
		total += len(f.Text)
	}
	if total < smallInput {
		debug.SetGCPercent(800)
	}
}
