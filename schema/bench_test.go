package schema

import (
	"fmt"
	"strings"
	"testing"
)

// cleanDeployment is one deployment of the usual size, without mistakes.
const cleanDeployment = `
- name: deployment-%d
  version: "1.2"
  tags: [prod, nightly, etl]
  description: Loads the day's orders
  entrypoint: flows/orders.py:load_orders
  parameters: {day: today, limit: 1000, regions: [eu, us], retry: {times: 3, wait: 10}}
  schedules:
  - cron: "0 2 * * *"
    timezone: Europe/Paris
    active: true
  work_pool:
    name: my-pool
    work_queue_name: default
    job_variables:
      image: "{{ build-image.image }}"
      env: {LEVEL: debug}
  pull:
  - prefect.deployments.steps.git_clone:
      id: clone
      repository: https://example.com/org/repo.git
      branch: main
  - prefect.deployments.steps.pip_install_requirements:
      directory: "{{ clone.directory }}"
      requirements_file: requirements.txt
`

func cleanFile(n int) string {
	var b strings.Builder
	b.WriteString("name: project\nprefect-version: \"3.8.8\"\ndeployments:")
	for i := range n {
		fmt.Fprintf(&b, cleanDeployment, i)
	}
	return b.String()
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckClean(b *testing.B) {
	lang := load(b)
	for _, n := range []int{1, 10, 100, 1000} {
		d := parse(b, cleanFile(n))
		tree := snapshot(d)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if v := lang.Check("File", Prefect3, tree); v != nil {
					b.Fatal(v)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/deployment")
		})
	}
}

// One deployment of ten has a mistake: the price of explaining it, CUE's evaluation included.
func BenchmarkCheckOneRejected(b *testing.B) {
	lang := load(b)
	tree := snapshot(parse(b, strings.Replace(cleanFile(10), "name: my-pool", "name: 5", 1)))
	if v := lang.Check("File", Prefect3, tree); len(v) != 1 {
		b.Fatal(v)
	}
	b.ReportAllocs()
	for range b.N {
		lang.Check("File", Prefect3, tree)
	}
}

func BenchmarkDefine(b *testing.B) {
	lang := load(b)
	for range b.N {
		if _, err := define(lang, Prefect3); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSteps(b *testing.B) {
	for range b.N {
		newCatalogue(Prefect3)
	}
}

// tree is Data that costs nothing to read, as the adapters of the compiler are.
type tree struct {
	kind   Kind
	text   string
	number float64
	bool   bool
	items  []*tree
	keys   []*tree
}

func (t *tree) Kind() Kind               { return t.kind }
func (t *tree) Bool() bool               { return t.bool }
func (t *tree) Text() string             { return t.text }
func (t *tree) Number() float64          { return t.number }
func (t *tree) Len() int                 { return len(t.items) }
func (t *tree) Item(i int) Data          { return t.items[i] }
func (t *tree) Field(i int) (Data, Data) { return t.keys[i], t.items[i] }

func snapshot(d Data) *tree {
	t := &tree{kind: d.Kind()}
	switch t.kind {
	case KindBool:
		t.bool = d.Bool()
	case KindInt, KindFloat:
		t.number, t.text = d.Number(), d.Text()
	case KindString, KindDate, KindOther:
		t.text = d.Text()
	case KindList:
		for i := range d.Len() {
			t.items = append(t.items, snapshot(d.Item(i)))
		}
	case KindMap:
		for i := range d.Len() {
			k, v := d.Field(i)
			t.keys, t.items = append(t.keys, snapshot(k)), append(t.items, snapshot(v))
		}
	}
	return t
}
