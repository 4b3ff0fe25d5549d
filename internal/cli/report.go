package cli

import (
	"bytes"
	"context"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/internal/report"
)

type reportFlags struct {
	output, plan, zone, now string
	generation              int
}

func newReport(p *Process) *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report [PATH…]",
		Short: "write one HTML page: deployments, the next seven days, the graph, findings, the plan",
		Long: `report checks files and directories (without any, ./prefect.yaml) and writes one self-contained HTML page about them: a
table of the deployments, a timeline of the runs of the next seven days with those that start in the same minute of a work
pool, the graph of steps and work pools, the findings, and with --plan what "prefectc plan -o" wrote. It runs no code and
opens no connection, and nor does the page.

  prefectc report -o report.html
  prefectc plan --all -o plan.json && prefectc report --plan plan.json -o report.html`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.writeHTML(cmd.Context(), f, args) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.output, "output", "o", "", "write the page to `FILE` instead of standard output")
	flags.StringVar(&f.plan, "plan", "", "show the plan in `FILE` too")
	flags.StringVar(&f.zone, "timezone", "UTC", "time `ZONE` of the dates on the page")
	flags.StringVar(&f.now, "now", "", "`TIME` the seven days begin at, as 2026-01-31T08:00:00Z; without it now")
	flags.IntVar(&f.generation, "prefect", 0, "major `VERSION` of Prefect to read the files for, 2 or 3; without it each file's")
	return cmd
}

func (p *Process) writeHTML(ctx context.Context, f reportFlags, args []string) error {
	in, err := p.reportInput(f)
	if err != nil {
		return err
	}
	gen, err := generation(f.generation)
	if err != nil {
		return err
	}
	files, missing := p.inputs(args, DefaultFile)
	if len(missing) > 0 {
		return usageAll(missing)
	}
	engine, err := compiler.Shared()
	if err != nil {
		return &exit{code: exitInternal, err: err}
	}
	inputs, _, err := p.checkInputs(ctx, engine, &checked{generation: gen}, files, nil)
	if err != nil {
		return err
	}
	for _, each := range inputs {
		r, err := engine.Check(ctx, each)
		if err != nil {
			return stoppedOr(err)
		}
		in.Files = append(in.Files, r)
	}
	var page bytes.Buffer
	if err := report.Write(&page, *in); err != nil {
		return &exit{code: exitInternal, err: err}
	}
	if f.output == "" {
		_, err = page.WriteTo(p.Stdout)
		return err
	}
	if err := os.WriteFile(p.abs(f.output), page.Bytes(), 0o644); err != nil { //nolint:gosec // as readable as the files it shows
		return usage("cannot write %s: %v", f.output, plainError(err))
	}
	return nil
}

// reportInput reads the flags that say what goes on the page.
func (p *Process) reportInput(f reportFlags) (*report.Input, error) {
	in := &report.Input{Now: time.Now(), Version: Version}
	var err error
	if in.Zone, err = schedule.Zone(f.zone); err != nil {
		return nil, usage("--timezone: %v", err)
	}
	if f.now != "" {
		if in.Now, err = time.Parse(time.RFC3339, f.now); err != nil {
			return nil, usage("--now is a time such as 2026-01-31T08:00:00Z, not %q", f.now)
		}
	}
	if f.plan == "" {
		return in, nil
	}
	data, err := os.ReadFile(p.abs(f.plan))
	if err != nil {
		return nil, usage("cannot read %s: %v", f.plan, plainError(err))
	}
	if in.Plan, err = report.ReadPlan(data); err != nil {
		return nil, usage("%s is %v", f.plan, err)
	}
	return in, nil
}
