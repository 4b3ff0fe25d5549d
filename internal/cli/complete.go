package cli

import (
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/internal/render"
)

// completer offers what a shell may put behind a flag or a command.
type completer = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective)

// complete teaches the commands what their flags take. Only a process that a shell asked to complete a line needs it.
func (p *Process) complete(root *cobra.Command) {
	quiet := *p
	quiet.Stderr = io.Discard // a shell shows it in the middle of the line
	formats := map[string][]string{
		"check": render.Formats(), "render": {"yaml", "json"}, "graph": {"dot", "mermaid", "json", "svg"}, "schema": {"json", "cue"},
	}
	flags := map[string]completer{
		"color": words("auto", "always", "never"), "fail-on": words("error", "warning", "info"), "prefect": words("2", "3"),
		"on-drift": words("overwrite", "keep", "fail"), "collision-strategy": words("ENQUEUE", "CANCEL_NEW"),
		"select": quiet.completeRules, "ignore": quiet.completeRules, "allow": quiet.completeRules,
		"name": quiet.completeDeployments, "pool": quiet.completePools,
	}
	for _, cmd := range root.Commands() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			offer := flags[f.Name]
			if f.Name == "format" {
				offer = words("text", "json")
				if own := formats[cmd.Name()]; own != nil {
					offer = words(own...)
				}
			}
			if offer != nil {
				_ = cmd.RegisterFlagCompletionFunc(f.Name, offer) // fails for a flag that has one
			}
		})
	}
}

func words(list ...string) completer {
	return cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder)
}

// completeRules offers the rules, and the policies of the project in the working directory.
func (p *Process) completeRules(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	names := ruleNames()
	if c, err := compiler.Shared(); err == nil {
		if project, err := p.configs(c, false).of(cmd.Context(), DefaultFile); err == nil && project != nil {
			names = append(names, project.Names()...)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// ruleNames are the names of the rules, each with its summary.
func ruleNames() []string {
	var names []string
	for _, r := range rules.All() {
		names = append(names, r.Name+"\t"+r.Summary)
	}
	return names
}

// completeDeployments offers the deployments of the file.
func (p *Process) completeDeployments(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, r := range p.completedFiles(cmd, args) {
		for _, d := range r.Model.Deployments {
			if name := d.Name(); name != "" {
				at, _ := d.Field("entrypoint").Text()
				names = append(names, name+"\t"+at)
			}
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completePools offers the work pools that the file names.
func (p *Process) completePools(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, r := range p.completedFiles(cmd, args) {
		for _, d := range r.Model.Deployments {
			if pool, ok := d.Field("work_pool").Node().Get("name"); ok && !slices.Contains(names, pool.Value.Deref().Text) {
				names = append(names, pool.Value.Deref().Text)
			}
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completedFiles are the files that the line so far is about: those of --prefect-file, else of directories among the
// arguments, else the one of the working directory.
func (p *Process) completedFiles(cmd *cobra.Command, args []string) (read []*compiler.Result) {
	var named []string
	if cmd.Flags().Changed("prefect-file") {
		named, _ = cmd.Flags().GetStringArray("prefect-file")
	}
	for _, arg := range args {
		if info, err := os.Stat(p.abs(arg)); err == nil && info.IsDir() {
			named = append(named, arg)
		}
	}
	c, err := compiler.Shared()
	if err != nil {
		return nil
	}
	files, _ := p.inputs(named, "")
	for _, file := range files {
		read = append(read, c.Compile(compiler.Input{File: file}))
	}
	return read
}
