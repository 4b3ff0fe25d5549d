package compiler_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/plan"
)

// sizes are the numbers of deployments that are measured.
var sizes = []int{1, 10, 100, 1000}

// document is a clean prefect.yaml of n deployments with anchors, merge keys, templates, steps and every kind of schedule.
func document(n int) []byte {
	var b strings.Builder
	b.WriteString(`prefect-version: 3.8.8
name: bench
definitions:
  pools:
    process: &process
      name: my-process-pool
      work_queue_name: default
      job_variables: &job_variables
        env: &env {REGION: eu, LOG_LEVEL: INFO}
        image: "{{ image.stdout }}"
  schedules:
    nightly: &nightly {cron: "0 2 * * *", timezone: Europe/Berlin}
build:
- prefect.deployments.steps.run_shell_script:
    id: image
    script: echo repo/image:1.2.3
    stream_output: false
pull:
- prefect.deployments.steps.git_clone:
    id: clone
    repository: https://github.com/org/repo.git
    branch: main
- prefect.deployments.steps.set_working_directory:
    directory: "{{ clone.directory }}/flows"
deployments:
`)
	for i := range n {
		fmt.Fprintf(&b, `# deployment number %[1]d
- name: bench-%04[1]d
  entrypoint: flows/bench.py:bench_flow
  description: "one of many, größer als %[1]d"
  version: "{{ image.stdout }}"
  tags: [bench, "group-%[1]d"]
  parameters:
    number: %[1]d
    message: run %[1]d
    names: [a, b%[1]d]
`, i)
		switch i % 3 {
		case 0:
			b.WriteString("  schedules:\n  - *nightly\n")
		case 1:
			b.WriteString("  schedules:\n  - interval: 600\n    anchor_date: \"2024-01-01T00:00:00+00:00\"\n    timezone: UTC\n    active: false\n")
		case 2:
			b.WriteString("  schedules:\n  - rrule: FREQ=WEEKLY;BYDAY=MO\n    timezone: America/New_York\n")
		}
		fmt.Fprintf(&b, `  work_pool:
    <<: *process
    job_variables:
      <<: *job_variables
      env:
        <<: *env
        SHARD: "%d"
`, i)
	}
	return []byte(b.String())
}

const flowFile = `from typing import List, Optional

from prefect import flow


@flow(log_prints=True)
def bench_flow(number: int = 1, message: str = "hi", ratio: float = 0.5, names: Optional[List[str]] = None):
    """Does next to nothing."""
`

func read(string) ([]byte, error) { return []byte(flowFile), nil }

func forSizes(b *testing.B, run func(b *testing.B, text []byte)) {
	for _, n := range sizes {
		text := document(n)
		b.Run(fmt.Sprintf("deployments=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			run(b, text)
		})
	}
}

// BenchmarkYAML is the floor: yaml.v3 alone, to nodes.
func BenchmarkYAML(b *testing.B) {
	forSizes(b, func(b *testing.B, text []byte) {
		for b.Loop() {
			var n yaml.Node
			if err := yaml.Unmarshal(text, &n); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	forSizes(b, func(b *testing.B, text []byte) {
		for b.Loop() {
			yamldoc.Read(source.New("prefect.yaml", text))
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	c, err := compiler.New()
	if err != nil {
		b.Fatal(err)
	}
	forSizes(b, func(b *testing.B, text []byte) {
		for b.Loop() {
			r, err := c.Check(context.Background(), compiler.Input{File: source.New("prefect.yaml", text), Read: read})
			if err != nil {
				b.Fatal(err)
			}
			for _, d := range r.Diagnostics {
				if d.Blocks {
					b.Fatal(d.Rule, d.Message)
				}
			}
		}
	})
}

func BenchmarkPlan(b *testing.B) {
	c, err := compiler.New()
	if err != nil {
		b.Fatal(err)
	}
	env := func(string) (string, bool) { return "", false }
	forSizes(b, func(b *testing.B, text []byte) {
		for b.Loop() {
			r := c.Compile(compiler.Input{File: source.New("prefect.yaml", text), Read: read})
			p, _, err := c.Plan(context.Background(), r, plan.Input{Dir: "/srv/project", Env: env, Selection: plan.Selection{All: true}}, read)
			if err != nil {
				b.Fatal(err)
			}
			for _, d := range p.Deployments {
				if _, err := d.Evaluate(plan.Evaluation{Generation: p.Generation, Env: env, Partial: true}); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
