package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/internal/render"
	"github.com/prefectc/prefectc/schema"
)

func newSteps(p *Process) *cobra.Command {
	var format string
	var gen int
	cmd := &cobra.Command{
		Use:   "steps [PATH]",
		Short: "list the steps Prefect ships, or explain one",
		Long: `steps lists the build, push and pull steps of Prefect and its integrations; with the path of one, its arguments, its outputs
and the package it comes in. Steps that the project's prefectc.cue declares are among them.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return p.steps(cmd.Context(), format, gen, args) },
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			var paths []string
			quiet := *p
			quiet.Stderr = io.Discard
			if all, err := quiet.catalogue(cmd.Context(), gen); err == nil {
				for _, s := range all.Steps {
					paths = append(paths, s.Path)
				}
			}
			return paths, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	cmd.Flags().IntVar(&gen, "prefect", 0, "major `VERSION` of Prefect, 2 or 3; without it the project's, else 3")
	return cmd
}

// catalogue is that of the project in the working directory.
func (p *Process) catalogue(ctx context.Context, gen int) (schema.Catalogue, error) {
	g, err := generation(gen)
	if err != nil {
		return schema.Catalogue{}, err
	}
	c, err := compiler.Shared()
	if err != nil {
		return schema.Catalogue{}, &exit{code: exitInternal, err: err}
	}
	project, err := p.configs(c, false).of(ctx, DefaultFile)
	if err != nil {
		return schema.Catalogue{}, err
	}
	if g = project.For(g); g == 0 {
		g = schema.Prefect3
	}
	return c.LanguageOf(project).Steps(g), nil
}

func (p *Process) steps(ctx context.Context, format string, gen int, args []string) error {
	if format != "text" && format != "json" {
		return usage("--format is text or json, not %q", format)
	}
	all, err := p.catalogue(ctx, gen)
	if err != nil {
		return err
	}
	list := all.Steps
	if len(args) == 1 {
		s, status := all.Lookup(args[0])
		if status != schema.Known {
			return unknownStep(all, args[0], status)
		}
		list = []*schema.StepInfo{s}
	}
	if format == "json" {
		e := json.NewEncoder(p.Stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(render.StepsDocument(list))
	}
	if len(args) == 1 {
		return render.Step(p.Stdout, list[0], p.width())
	}
	return render.StepList(p.Stdout, list)
}

func unknownStep(all schema.Catalogue, path string, status schema.Status) error {
	msg := fmt.Sprintf("the catalogue has no step %q for prefect %d", path, all.Generation)
	switch near := all.Nearest(path); {
	case status == schema.Removed:
		r, _ := all.Removal(path)
		msg += fmt.Sprintf(": it is gone since %s", r.MissingIn)
		if r.Use != "" {
			msg += fmt.Sprintf(", write %q", r.Use)
		}
	case status == schema.OtherGeneration:
		msg += fmt.Sprintf(": only prefect %d has it", schema.Prefect2+schema.Prefect3-all.Generation)
	case near != "":
		msg += fmt.Sprintf(", did you mean %q", near)
	default:
		msg += "; prefectc steps lists them"
	}
	return usage("%s", msg)
}
