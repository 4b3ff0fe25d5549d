package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/plan"
)

// deployFlags are the flags of "prefect deploy", with the same meaning.
type deployFlags struct {
	names       []string
	all         bool
	files       []string
	pool, queue string

	jobVariables, tags, params, cron, rrule, triggers, slas []string
	interval                                                []int64

	version, versionType, description, paramsJSON, anchorDate, timezone, collision string
	concurrency                                                                    int64
	enforce                                                                        bool

	prefectFlags

	generation int
	profile    string
	color      string
	format     string
	allow      []string
	resolve    bool
	onDrift    string
	prune      bool

	set *pflag.FlagSet
}

func (f *deployFlags) bind(flags *pflag.FlagSet) {
	f.set = flags
	flags.StringArrayVarP(&f.names, "name", "n", nil, "deployment to take: `NAME` or flow/name, * stands for any text; repeatable")
	flags.BoolVar(&f.all, "all", false, "take all deployments of the file")
	flags.StringArrayVar(&f.files, "prefect-file", []string{DefaultFile}, "`FILE` that declares the deployments; paths in it stay relative to the working directory. Several are deployed each from its own directory")
	flags.StringVarP(&f.pool, "pool", "p", "", "work pool")
	flags.StringVarP(&f.queue, "work-queue", "q", "", "work queue")
	flags.StringArrayVar(&f.jobVariables, "job-variable", nil, "job variable `k=v`, or a JSON object; merged into the file's; also -jv")
	flags.StringArrayVarP(&f.tags, "tag", "t", nil, "tag, in place of the file's; repeatable")
	flags.StringVarP(&f.version, "version", "v", "", "version")
	flags.StringVar(&f.versionType, "version-type", "", "kind of version, such as vcs:github (Prefect 3)")
	flags.StringVarP(&f.description, "description", "d", "", "description")
	flags.StringArrayVar(&f.params, "param", nil, "parameter `k=v`; v is read as JSON if it is; repeatable")
	flags.StringVar(&f.paramsJSON, "params", "", "parameters as a JSON `OBJECT`")
	flags.StringArrayVar(&f.cron, "cron", nil, "add a cron schedule")
	flags.Int64SliceVar(&f.interval, "interval", nil, "add an interval schedule, in `SECONDS`")
	flags.StringVar(&f.anchorDate, "anchor-date", "", "anchor date of all interval schedules")
	flags.StringArrayVar(&f.rrule, "rrule", nil, "add an RRULE schedule")
	flags.StringVar(&f.timezone, "timezone", "", "time zone of all schedules")
	flags.StringArrayVar(&f.triggers, "trigger", nil, "trigger as JSON, or a .yaml or .json `FILE` with triggers; in place of the file's")
	flags.BoolVar(&f.enforce, "enforce-parameter-schema", true, "let the server check parameters; =false turns it off")
	flags.Int64Var(&f.concurrency, "concurrency-limit", 0, "runs at the same time (Prefect 3); also -cl")
	flags.StringVar(&f.collision, "collision-strategy", "", "ENQUEUE or CANCEL_NEW, with --concurrency-limit")
	flags.StringArrayVar(&f.slas, "sla", nil, "service level agreement as JSON, or a .yaml or .json `FILE` with sla (Prefect Cloud)")
	flags.IntVar(&f.generation, "prefect", 0, "major `VERSION` of Prefect, 2 or 3; without it the server's, else the file's")
	flags.StringVar(&f.profile, "profile", "", "profile of Prefect to connect with")
	flags.StringVar(&f.color, "color", "auto", "colours: auto, always or never")
	flags.StringVar(&f.format, "format", "text", "text or json")
	flags.StringSliceVar(&f.allow, "allow", nil, "let findings of these `RULES` pass")
	flags.BoolVar(&f.resolve, "resolve-blocks", false, "store blocks found in job variables by value, as Prefect 3 does")
	flags.StringVar(&f.onDrift, "on-drift", string(executor.Overwrite), "what was changed on the server since the last apply: overwrite it, keep it, or fail")
	flags.BoolVar(&f.prune, "prune", false, "delete deployments that this file created and no longer has")
	f.prefectFlags.bind(flags)
}

func (f *deployFlags) options(p *Process, read *readings) (plan.Options, error) {
	o := plan.Options{Tags: f.tags, NoTags: *f.empty["tag"], NoSLA: *f.empty["sla"], JobVariables: slices.Concat(f.jobVariables, f.variables), Cron: f.cron, Interval: f.interval, RRule: f.rrule, Param: f.params}
	for name, into := range map[string]struct {
		flag *string
		to   **string
	}{
		"pool": {&f.pool, &o.Pool}, "work-queue": {&f.queue, &o.WorkQueue}, "version": {&f.version, &o.Version},
		"version-type": {&f.versionType, &o.VersionType}, "description": {&f.description, &o.Description},
		"params": {&f.paramsJSON, &o.Params}, "anchor-date": {&f.anchorDate, &o.AnchorDate},
		"timezone": {&f.timezone, &o.Timezone}, "collision-strategy": {&f.collision, &o.CollisionStrategy},
	} {
		if f.set.Changed(name) {
			*into.to = into.flag
		}
	}
	if f.set.Changed("concurrency-limit") {
		o.ConcurrencyLimit = &f.concurrency
	}
	if f.set.Changed("enforce-parameter-schema") {
		o.EnforceParameterSchema = &f.enforce
	}
	var err error
	if o.Triggers, err = p.specs(read, "--trigger", "triggers", "trigger-unparsable", f.triggers); err != nil {
		return o, err
	}
	o.SLA, err = p.specs(read, "--sla", "sla", "sla-unparsable", f.slas)
	return o, err
}

// specs reads flag values that are JSON text or name a file with a list under key.
func (p *Process) specs(read *readings, flag, key, kind string, given []string) ([]*value.Map, error) {
	var out []*value.Map
	for _, g := range given {
		v, err := p.spec(read, g)
		if err != nil {
			return nil, failed(kind, &plan.OptionError{Kind: kind, Flag: flag, Message: fmt.Sprintf("cannot read %q: %v", g, err)})
		}
		m, _ := v.(*value.Map)
		if list, has := m.Get(key); has && isFile(g) {
			items, _ := list.([]value.Value)
			for _, item := range items {
				if s, ok := item.(*value.Map); ok {
					out = append(out, s)
				}
			}
			continue
		}
		if m == nil || isFile(g) {
			return nil, failed(kind, &plan.OptionError{Kind: kind, Flag: flag, Message: fmt.Sprintf("%q is no JSON object, and no file with %q", g, key)})
		}
		out = append(out, m)
	}
	return out, nil
}

func isFile(s string) bool { return strings.HasSuffix(s, ".yaml") || strings.HasSuffix(s, ".json") }

func (p *Process) spec(read *readings, g string) (value.Value, error) {
	if !isFile(g) {
		return value.FromJSON([]byte(g))
	}
	text, err := os.ReadFile(p.abs(g))
	if err != nil {
		return nil, plainError(err)
	}
	read.note(p.abs(g), text)
	if strings.HasSuffix(g, ".json") {
		return value.FromJSON(text)
	}
	doc := yamldoc.Read(source.New(g, text))
	for _, problem := range doc.Problems {
		if problem.Fatal {
			return nil, errors.New(problem.Message)
		}
	}
	return doc.Root.Python()
}

func planError(err error) error {
	var selection *plan.SelectionError
	var option *plan.OptionError
	switch {
	case errors.As(err, &selection):
		return failed(selection.Kind, selection)
	case errors.As(err, &option):
		return failed(option.Kind, option)
	case err != nil:
		return failed("", err)
	}
	return nil
}

// blocking are the findings that stop a plan from being carried out.
func blocking(found []diag.Diagnostic, allow []string) (stop, rest []diag.Diagnostic) {
	allowed := map[string]bool{}
	for _, a := range allow {
		allowed[a] = true
	}
	for _, d := range found {
		if d.Blocks && !allowed[d.Rule] {
			stop = append(stop, d)
		} else {
			rest = append(rest, d)
		}
	}
	return stop, rest
}
