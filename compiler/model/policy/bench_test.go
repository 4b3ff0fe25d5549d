package policy

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

const fivePolicies = `_pools: {prod: "kubernetes-prod", test: "kubernetes-test"}
policies: {
	"tags-required": {message: "m", deployment: tags: [_, ...]}
	for env, pool in _pools {
		"pool-of-\(env)": {message: "m", when: name: =~"-\(env)$", deployment: work_pool: name: pool}
	}
	"no-latest": {message: "m", deployment: work_pool: job_variables: image?: !~":latest$"}
	"time-zone": {message: "m", deployment: schedules: [...({timezone!: string} | {interval!: _})]}
}
`

func deployments(n int) *model.File {
	var b strings.Builder
	b.WriteString("build:\n- my.step: {id: image, tag: \"1\"}\ndeployments:\n")
	for i := range n {
		fmt.Fprintf(&b, `- name: flow%d-prod
  entrypoint: flows/f.py:f
  tags: [etl, "%d"]
  parameters: {day: monday, limit: %d, deep: {a: [1, 2, 3]}}
  work_pool: {name: kubernetes-prod, job_variables: {image: "{{ image.image }}", env: {A: b, C: d}}}
  schedules:
  - {cron: "0 6 * * *", timezone: Europe/Paris}
`, i, i, i)
	}
	return model.New(yamldoc.Read(source.New("prefect.yaml", []byte(b.String()))), 0)
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if c, found := Read(context.Background(), source.New(FileName, []byte(fivePolicies)), known); c == nil {
			b.Fatal(found[0].Message)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	c, found := Read(context.Background(), source.New(FileName, []byte(fivePolicies)), known)
	if c == nil {
		b.Fatal(found[0].Message)
	}
	for _, n := range []int{1, 100, 1000} {
		m := deployments(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if broken, err := c.Check(context.Background(), Input{Model: m}); err != nil || len(broken) > 0 {
					b.Fatal(broken, err)
				}
			}
		})
	}
}
