package yamldoc

import (
	"bytes"
	"fmt"
	"testing"

	yaml "gopkg.in/yaml.v3"

	"github.com/prefectc/prefectc/compiler/source"
)

// fleet is a file with n deployments: anchors, merge keys, templates, block scalars and every kind of schedule.
func fleet(n int) []byte {
	var b bytes.Buffer
	b.WriteString("# fleet\nname: fleet\nprefect-version: 3.8.8\n\ndefinitions:\n  tags: &common_tags [fleet, \"{{ $DEPLOY_ENV }}\"]\n" +
		"  docker: &docker_pool\n    name: docker-pool\n    job_variables: &docker_vars\n      image: \"{{ build-image.stdout }}\"\n" +
		"      env:\n        COMMIT: \"{{ get-commit-hash.stdout }}\"\n  nightly: &nightly\n    cron: \"0 2 * * *\"\n    timezone: Europe/Berlin\n\ndeployments:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - name: job-%04d\n    entrypoint: flows/team_%02d/etl_%02d.py:flow_%04d\n", i, i%17, i%97, i)
		if i%3 == 0 {
			fmt.Fprintf(&b, "    description: |\n      Loads table %d \u2014 caf\u00e9 data.\n      Owner: team-%02d\n", i, i%17)
		}
		fmt.Fprintf(&b, "    tags: *common_tags\n    parameters:\n      table: table_%d\n      limit: %d\n      dry_run: false  # nothing is written\n      day: 2024-01-01\n", i, i*10)
		switch i % 3 {
		case 0:
			b.WriteString("    work_pool: *docker_pool\n    schedules:\n      - *nightly\n      - cron: 15 3 * * 1-5\n        active: false\n")
		case 1:
			fmt.Fprintf(&b, "    work_pool:\n      <<: *docker_pool\n      job_variables:\n        <<: *docker_vars\n        memory: %dGi\n    schedules:\n      - interval: 600\n        slug: 'every ten'\n", i%8)
		default:
			b.WriteString("    work_pool: {name: process-pool, work_queue_name: \"primary\"}\n    schedules: []\n")
		}
	}
	return b.Bytes()
}

func BenchmarkRead(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		text := fleet(n)
		b.Run(fmt.Sprintf("read/%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if d := Read(source.New("prefect.yaml", text)); len(d.Problems) > 0 {
					b.Fatal(d.Problems)
				}
			}
		})
		b.Run(fmt.Sprintf("yaml.v3/%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				var node yaml.Node
				if err := yaml.Unmarshal(text, &node); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A file in which every tenth deployment is broken.
func BenchmarkReadBroken(b *testing.B) {
	text := bytes.ReplaceAll(fleet(200), []byte("0 limit: 50"), nil)
	text = bytes.ReplaceAll(text, []byte("limit: 500\n"), []byte("limit: {{ x }}-y\n"))
	text = bytes.ReplaceAll(text, []byte("limit: 700\n"), []byte("limit 700\n"))
	text = bytes.ReplaceAll(text, []byte("limit: 1100\n"), []byte("  limit: 1100\n"))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if d := Read(source.New("prefect.yaml", text)); len(d.Problems) < 3 {
			b.Fatal(d.Problems)
		}
	}
}
