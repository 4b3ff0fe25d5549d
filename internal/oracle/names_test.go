package oracle

import (
	"fmt"
	"slices"
	"testing"

	"github.com/prefectc/prefectc/prefect"
)

// TestNamesOfBothServers reads what things on real servers are called, as the editor proposes it.
func TestNamesOfBothServers(t *testing.T) {
	for _, generation := range []int{2, 3} {
		t.Run(fmt.Sprint(generation), func(t *testing.T) {
			t.Parallel()
			s := startServer(t, generation)
			client, err := prefect.New(prefect.Settings{URL: s.api}, prefect.Extra{})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			names, err := client.ReadNames(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(names.Pools, func(p *prefect.Pool) bool { return p.Name == "my-process-work-pool" && p.Type == "process" })
			if at < 0 || names.Pools[at].JobTemplate == nil {
				t.Errorf("no pool, or one without a job template, among %d", len(names.Pools))
			}
			if got := names.Queues["my-process-work-pool"]; !slices.Contains(got, "primary-queue") || !slices.Contains(got, "default") {
				t.Errorf("queues %q", got)
			}
			if !slices.Contains(names.Variables, "some_common_tag") {
				t.Errorf("variables %q", names.Variables)
			}
			if got := names.Blocks["secret"]; len(got) == 0 {
				t.Errorf("blocks %q", names.Blocks)
			}
		})
	}
}
