package oracle

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var (
	all     = flag.Bool("oracle.all", false, "run all cases, not only the required ones (about 15 minutes)")
	command = flag.String("oracle.cmd", "", "what deploys: prefect for the real one, or a command in which {args} becomes the case's arguments; default: prefectc apply, built from this tree")
)

// required are the cases that every run of the tests goes through: one for each feature.
var required = []string{
	"basic_all",
	"seed_three_deployments",
	"seed_reuse_aliases",
	"seed_templating",
	"seed_commit_hash_image",
	"seed_push_pull_secret",
	"anchors_merge",
	"templates_everywhere",
	"schedules_cron",
	"schedules_interval",
	"schedules_interval_text",
	"schedules_legacy",
	"schedules_list",
	"schedules_rrule",
	"schedules_templated",
	"override_steps",
	"steps_shell_chained",
	"params_values",
	"metadata_fields",
	"select_names",
	"cli_flags",
	"redeploy_everything",
	"templates_outputs_nested",
	"triggers_nested",
}

// TestApplyRegistersWhatPrefectDeployRegisters runs each generation's cases one after another on one server (a case
// starts by emptying it), and the two generations side by side.
func TestApplyRegistersWhatPrefectDeployRegisters(t *testing.T) {
	for _, generation := range []int{2, 3} {
		t.Run(fmt.Sprintf("prefect-%d", generation), func(t *testing.T) {
			t.Parallel()
			s := startServer(t, generation)
			for _, name := range cases(t) {
				t.Run(name, func(t *testing.T) {
					for _, complaint := range s.judgeCase(t, name) {
						t.Error(complaint)
					}
				})
			}
		})
	}
}

// TestAnEmptyHandedCommandIsCaught proves the judge: a command that succeeds and registers nothing must not pass.
func TestAnEmptyHandedCommandIsCaught(t *testing.T) {
	t.Parallel()
	s := startServer(t, 3)
	found := s.compare(t, "basic_all", s.deploy(t, "basic_all", "true {args}"))
	if !slices.ContainsFunc(found, func(d deviation) bool { return strings.HasPrefix(d.path, "snapshot.deployments") }) {
		t.Errorf("nothing was registered and the comparison did not mind: %v", found)
	}
}

func (s server) judgeCase(t *testing.T, name string) []string {
	t.Helper()
	line, meant := "", []difference(nil)
	switch *command {
	case "prefect":
	case "":
		line = fmt.Sprintf("env PREFECTC_ERROR_KIND=1 %s apply {args}", prefectc(t))
		line += allowances[name].text(s.generation)
		meant = differences[name][s.generation]
	default:
		line = *command
	}
	return judge(s.compare(t, name, s.deploy(t, name, line)), meant)
}

// cases are those to run: the required ones first, with -oracle.all followed by all others.
func cases(t *testing.T) []string {
	t.Helper()
	if !*all {
		return required
	}
	entries, err := os.ReadDir(filepath.Join(kit, "cases"))
	if err != nil {
		t.Fatal(err)
	}
	list := slices.Clone(required)
	for _, entry := range entries {
		if !slices.Contains(required, entry.Name()) {
			list = append(list, entry.Name())
		}
	}
	return list
}

// prefectc builds the command under test, once.
func prefectc(t *testing.T) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var build = sync.OnceValues(func() (string, error) {
	path := filepath.Join(buildDir, "prefectc")
	if out, err := exec.Command("go", "build", "-o", path, "../../cmd/prefectc").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build prefectc: %w\n%s", err, out)
	}
	return path, nil
})

var buildDir string

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if buildDir, err = os.MkdirTemp("", "prefectc-oracle-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(buildDir)
	os.Exit(code)
}
