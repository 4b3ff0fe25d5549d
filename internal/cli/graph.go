package cli

import (
	"bytes"
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/internal/render"
)

func newGraph(p *Process) *cobra.Command {
	var format, stdinName, output string
	var gen int
	cmd := &cobra.Command{
		Use:   "graph [FILE]",
		Short: "draw which steps feed which deployments, and where these run",
		Long: `graph draws FILE (- is standard input; without it ./prefect.yaml): the steps of build, push and pull, the outputs that
other steps and deployments use, the deployments and their work pools. A dashed line is a step that runs for a deployment
without giving it a value. It runs no code and opens no connection.

  prefectc graph | dot -Tpng > graph.png
  prefectc graph --format svg -o graph.svg`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.graph(cmd.Context(), format, output, stdinName, gen, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&format, "format", "dot", "dot, mermaid, json or svg")
	flags.StringVarP(&output, "output", "o", "", "write it to `FILE` instead of standard output")
	flags.StringVar(&stdinName, "stdin-filename", DefaultFile, "`NAME` of the file that comes in on standard input")
	flags.IntVar(&gen, "prefect", 0, "major `VERSION` of Prefect to read the file for, 2 or 3; without it the file's")
	return cmd
}

func (p *Process) graph(ctx context.Context, format, output, stdinName string, gen int, args []string) error {
	g, err := generation(gen)
	if err != nil {
		return err
	}
	files, missing := p.inputs(args, stdinName)
	if len(missing) > 0 {
		return usageAll(missing)
	}
	if len(files) != 1 {
		return usage("graph takes one file, %q stands for %d", args[0], len(files))
	}
	c, err := compiler.Shared()
	if err != nil {
		return &exit{code: exitInternal, err: err}
	}
	project, err := p.configs(c, false).of(ctx, files[0].Path)
	if err != nil {
		return err
	}
	r := c.Compile(compiler.Input{File: files[0], Generation: g, Config: project})
	if unread := unreadable(r); len(unread) > 0 {
		if err := p.text(false).Diagnostics(p.Stderr, unread); err != nil {
			return err
		}
		return failed("config-unreadable", errors.New("the file cannot be read as a whole, so that nothing was drawn"))
	}
	drawing := render.Graph{File: files[0].Path, Generation: int(r.Model.Generation), Graph: r.Facts.Links().Graph()}
	var b bytes.Buffer
	switch format {
	case "dot":
		err = drawing.DOT(&b)
	case "mermaid":
		err = drawing.Mermaid(&b)
	case "json":
		err = drawing.JSON(&b)
	case "svg":
		err = drawing.SVG(&b)
	default:
		return usage("--format is dot, mermaid, json or svg, not %q", format)
	}
	if err != nil {
		return &exit{code: exitInternal, err: err}
	}
	if output != "" {
		if err := os.WriteFile(p.abs(output), b.Bytes(), 0o644); err != nil { //nolint:gosec // as readable as the file it draws
			return usage("cannot write %s: %v", output, plainError(err))
		}
		return nil
	}
	_, err = b.WriteTo(p.Stdout)
	return err
}
