package cli

import (
	"runtime/debug"

	"github.com/prefectc/prefectc/compiler/source"
)

// smallInput is what can be checked without the heap growing beyond some tens of megabytes.
const smallInput = 256 << 10

// A check may take 12 times its files and 40 MB of memory. The program itself takes about 17 MB of that.
const (
	timesInput = 12
	heapBase   = 23 << 20
)

// boundMemory lets a check of small files end before the garbage collector would have paid off - with Go's default it takes a
// fifth of the time - and one of larger files collect more often rather than take more memory.
func boundMemory(files []*source.File) {
	total := 0
	for _, f := range files {
		total += len(f.Text)
	}
	if total < smallInput {
		debug.SetGCPercent(800)
	}
	debug.SetMemoryLimit(int64(timesInput*total + heapBase))
}
