//go:build unix

package cli

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/diff"
)

// thirty is a project of thirty deployments: every second one with schedules, every third with triggers, and shared steps. Its versions differ
// in all of that.
func thirty(version int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "build:\n- prefect.deployments.steps.run_shell_script: {id: shared, script: echo %d}\n", version)
	b.WriteString("pull: [{prefect.deployments.steps.set_working_directory: {directory: /opt}}]\ndeployments:\n")
	for i := range 30 {
		fmt.Fprintf(&b, "- name: d%d\n  version: \"%d\"\n  tags: [\"{{ shared.stdout }}x\"]\n  work_pool: {name: pool}\n  entrypoint: flows.py:%s\n",
			i, version, []string{"hello", "other"}[i%2])
		if i%2 == 0 {
			fmt.Fprintf(&b, "  schedules: [{cron: \"0 %d * * *\", slug: one}, {cron: \"0 1 * * *\", slug: two}]\n", version)
		}
		if i%3 == 0 {
			fmt.Fprintf(&b, "  triggers: [{name: same-%d, expect: [x]}, {expect: [v%d]}, {name: v%d-%d, expect: [y]}]\n", i, version, version, i)
		}
	}
	return b.String()
}

// Killed at fifty random moments of applies of thirty deployments, on an empty server and on one that holds another version, several
// times in a row, an apply that is let be ends where an undisturbed one does.
func TestApplyKilledAtRandom(t *testing.T) {
	const rounds, kills = 10, 5
	var want [2]string // on an empty server, and over another version
	var took time.Duration
	for before := range want {
		k := newKilled(t)
		if before == 1 {
			k.write("prefect.yaml", thirty(1))
			k.apply()
		}
		k.write("prefect.yaml", thirty(2))
		begin := time.Now()
		k.apply()
		took = time.Since(begin)
		want[before] = k.snapshot()
	}
	for round := range rounds {
		random := rand.New(rand.NewPCG(uint64(round), 0)) //nolint:gosec // no secret
		k := newKilled(t)
		if round%2 == 1 {
			k.write("prefect.yaml", thirty(1))
			k.apply()
		}
		k.write("prefect.yaml", thirty(2))
		hit := 0
		for range kills {
			cmd := k.command("apply", "--all", "--resume")
			if random.IntN(2) == 0 {
				cmd = k.command("apply", "--all")
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			moment := time.AfterFunc(time.Duration(random.Float64()*float64(took)), func() { _ = cmd.Process.Kill() })
			if cmd.Wait() != nil {
				hit++
			}
			moment.Stop()
			k.journalIsTrue()
		}
		args := [][]string{{"--resume"}, {}}[round/2%2]
		k.apply(args...)
		if got := k.snapshot(); got != want[round%2] {
			t.Errorf("round %d, killed %d times, then applied %v: the server holds another thing\n%s", round, hit, args,
				diff.Diff("undisturbed", []byte(want[round%2]), "killed", []byte(got)))
		}
		if known, owned := k.journalIsTrue(); known != 30 || owned != 30 {
			t.Errorf("round %d: %d are known and %d ours, not all 30", round, known, owned)
		}
		if again := k.apply(); !strings.Contains(again, "30 unchanged") && !strings.Contains(again, "29 unchanged") {
			t.Errorf("round %d: applied again, it is not done\n%s", round, again)
		}
	}
}
