package cli

import (
	"strings"

	"github.com/spf13/pflag"

	"github.com/prefectc/prefectc/schema"
)

// prefectFlags are flags of "prefect deploy" that prefectc has other ways for. They are taken, so that a command line stays what it
// is, and left out of the help.
type prefectFlags struct {
	variables        []string // Prefect 2's old name of --job-variable
	notAll           bool
	prompt, noPrompt bool
	empty            map[string]*bool // by the flag that it empties
}

// emptied are the flags of which Prefect 3 has a form that gives an empty list.
var emptied = [...]string{"name", "tag", "job-variable", "cron", "interval", "rrule", "trigger", "param", "sla"}

func (f *prefectFlags) bind(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.variables, "variable", nil, "old name of --job-variable (Prefect 2)")
	flags.BoolVar(&f.notAll, "no-all", false, "do not take all deployments (Prefect 3)")
	flags.BoolVar(&f.prompt, "prompt", false, "ask before anything is done, terminal or not")
	flags.BoolVar(&f.noPrompt, "no-prompt", false, "do not ask")
	names := []string{"variable", "no-all", "prompt", "no-prompt"}
	f.empty = map[string]*bool{}
	for _, name := range emptied {
		f.empty[name] = flags.Bool("empty-"+name, false, "no --"+name+" (Prefect 3); of tag and sla the file's are left out too")
		names = append(names, "empty-"+name)
	}
	for _, name := range names {
		flags.Lookup(name).Hidden = true
	}
}

// otherForms are flags of "prefect deploy" that the flag library cannot be told of.
var otherForms = map[string]string{ //nolint:gochecknoglobals // a constant table
	"-jv": "--job-variable", "-cl": "--concurrency-limit", "--no-enforce-parameter-schema": "--enforce-parameter-schema=false",
}

// longForm rewrites them. -v is the version, but of Prefect 2 a job variable, which looks different.
func longForm(args []string) []string {
	out := make([]string, len(args))
	for i, a := range args {
		if a == "--" {
			copy(out[i:], args[i:])
			break
		}
		name, v, both := strings.Cut(a, "=")
		long := otherForms[name]
		if a == "-v" && i+1 < len(args) && (strings.Contains(args[i+1], "=") || strings.HasPrefix(args[i+1], "{")) {
			long = "--variable"
		}
		if long != "" {
			a = long
			if both {
				a += "=" + v
			}
		}
		out[i] = a
	}
	return out
}

// ofGeneration refuses flags that the generation does not have, as its own command line does.
func (f *deployFlags) ofGeneration(g schema.Generation) error {
	if g != schema.Prefect2 {
		if len(f.variables) > 0 {
			return usage("--variable (-v k=v) is for Prefect 2: write --job-variable %s, or --version for a version", f.variables[0])
		}
		return nil
	}
	three := []string{"concurrency-limit", "collision-strategy", "version-type", "sla", "no-all"}
	for _, name := range emptied {
		three = append(three, "empty-"+name)
	}
	for _, name := range three {
		if f.set.Changed(name) {
			return usage("--%s is for Prefect 3: Prefect 2 has nothing like it", name)
		}
	}
	if f.set.Changed("enforce-parameter-schema") && !f.enforce {
		return usage("--no-enforce-parameter-schema is for Prefect 3: with Prefect 2 leave the flag out, or write enforce_parameter_schema: false")
	}
	return nil
}
