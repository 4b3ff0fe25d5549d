package cli

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/internal/render"
)

// fileResult is what is kept of the check of one file.
type fileResult struct {
	found      []diag.Diagnostic
	suppressed int
	err        error
	panicked   any
}

// checkAll checks files at the same time, as many as there are processors, and adds what it finds to the report in the order
// of the files. When it is told to stop it does so at once, whatever a rule is busy with: nothing is changed by a check.
func checkAll(told context.Context, engine *compiler.Compiler, inputs []compiler.Input, report *render.Report) error {
	ctx, cancel := context.WithCancel(told)
	defer cancel()
	results := make([]fileResult, len(inputs))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(inputs)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(inputs); i = int(next.Add(1)) - 1 {
				results[i] = checkFile(ctx, engine, inputs[i])
				if results[i].err != nil || results[i].panicked != nil {
					cancel()
				}
			}
		})
	}
	done := make(chan struct{})
	go func() {
		workers.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-told.Done():
		return told.Err()
	}
	var stopped error
	for i, r := range results {
		switch {
		case r.panicked != nil:
			panic(r.panicked) // on the goroutine of the command, which reports it
		case r.err == context.Canceled: //nolint:errorlint // as the context gives it; a failure of another file comes first
			stopped = r.err
		case r.err != nil:
			return r.err
		}
		report.Files = append(report.Files, inputs[i].File.Path)
		report.Findings = append(report.Findings, r.found...)
		report.Suppressed += r.suppressed
	}
	return stopped
}

func checkFile(ctx context.Context, engine *compiler.Compiler, in compiler.Input) (out fileResult) {
	defer func() { out.panicked = recover() }()
	r, err := engine.Check(ctx, in)
	if err != nil {
		return fileResult{err: err}
	}
	return fileResult{found: r.Diagnostics, suppressed: r.Suppressed}
}
