// Command bench measures apply against its floor: a plain program that sends the same requests over the same number of
// connections. It records what one apply sends, and then runs apply and the replay of that record in turns, each
// after emptying the server. See docs/benchmarks.md.
//
//	go run ./internal/bench -api URL -dir PROJECT -apply ./bin/prefectc [-prefect …/bin/prefect] [-runs 5] [-parallel 2]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var b bench
	flag.StringVar(&b.api, "api", "", "URL of a Prefect server whose deployments may be deleted")
	flag.StringVar(&b.dir, "dir", ".", "project to deploy")
	flag.StringVar(&b.apply, "apply", "bin/prefectc", "prefectc")
	flag.StringVar(&b.prefect, "prefect", "", "the real prefect, to compare an apply without changes with")
	flag.IntVar(&b.runs, "runs", 5, "rounds; medians are reported")
	flag.IntVar(&b.parallel, "parallel", 2, "connections of the plain program; apply finds its own number")
	flag.Parse()
	if b.api == "" {
		fmt.Fprintln(os.Stderr, "bench: -api is missing")
		os.Exit(2)
	}
	if err := b.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type bench struct {
	api, dir, apply, prefect string
	runs, parallel           int
}

func (b *bench) run(ctx context.Context) error {
	if err := empty(ctx, b.api); err != nil {
		return err
	}
	sent, err := b.record(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("requests of an apply: %s\n", summary(sent))
	again, err := b.record(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("requests of an apply without changes: %s\n", summary(again))
	var apply, floor, idle, real []time.Duration
	for range b.runs {
		for _, one := range []struct {
			into   *[]time.Duration
			before bool // empty the server first
			work   func() error
		}{
			{&floor, true, func() error { return replay(ctx, b.api, sent, b.parallel) }},
			{&apply, true, func() error { return b.command(ctx, b.api) }},
			{&idle, false, func() error { return b.command(ctx, b.api) }},
		} {
			took, err := timed(func() error {
				if one.before {
					return empty(ctx, b.api)
				}
				return nil
			}, one.work)
			if err != nil {
				return err
			}
			*one.into = append(*one.into, took)
		}
		if b.prefect != "" {
			took, err := timed(nil, func() error {
				return b.process(ctx, b.api, b.prefect, "--no-prompt", "deploy", "--all")
			})
			if err != nil {
				return err
			}
			real = append(real, took)
		}
	}
	fmt.Printf("floor   %8.3f s   %v\n", median(floor).Seconds(), floor)
	fmt.Printf("apply   %8.3f s   %v   ratio to the floor %.2f\n", median(apply).Seconds(), apply, ratio(apply, floor))
	fmt.Printf("again   %8.3f s   %v\n", median(idle).Seconds(), idle)
	if b.prefect != "" {
		fmt.Printf("prefect %8.3f s   %v   ratio to apply without changes %.1f\n", median(real).Seconds(), real, ratio(real, idle))
	}
	return nil
}

func timed(before, work func() error) (time.Duration, error) {
	if before != nil {
		if err := before(); err != nil {
			return 0, err
		}
	}
	began := time.Now()
	err := work()
	return time.Since(began).Round(time.Millisecond), err
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

func ratio(a, b []time.Duration) float64 { return float64(median(a)) / float64(median(b)) }

// command runs an apply of everything.
func (b *bench) command(ctx context.Context, api string) error {
	return b.process(ctx, api, b.apply, "apply", "--all", "--yes")
}

func (b *bench) process(ctx context.Context, api, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "PREFECT_API_URL="+api, "DO_NOT_TRACK=1", "NO_COLOR=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %v: %w\n%s", name, args, err, out)
	}
	return nil
}
