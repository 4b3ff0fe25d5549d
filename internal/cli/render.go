package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/internal/render"
)

func newRender(p *Process) *cobra.Command {
	var format, stdinName string
	cmd := &cobra.Command{
		Use:   "render [FILE]",
		Short: "print the file with its aliases and merge keys written out",
		Long: `render prints the data that Prefect reads from FILE (- is standard input; without it ./prefect.yaml): aliases and merge
keys are written out and comments are gone. Templates stay as they are, prefectc plan fills them in.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return p.render(format, stdinName, args) },
	}
	cmd.Flags().StringVar(&format, "format", "yaml", "yaml or json")
	cmd.Flags().StringVar(&stdinName, "stdin-filename", DefaultFile, "`NAME` of the file that comes in on standard input")
	return cmd
}

func (p *Process) render(format, stdinName string, args []string) error {
	if format != "yaml" && format != "json" {
		return usage("--format is yaml or json, not %q", format)
	}
	files, missing := p.inputs(args, stdinName)
	if len(missing) > 0 {
		return usageAll(missing)
	}
	if len(files) != 1 {
		return usage("render takes one file, %q stands for %d", args[0], len(files))
	}
	c, err := compiler.Shared()
	if err != nil {
		return &exit{code: exitInternal, err: err}
	}
	r := c.Compile(compiler.Input{File: files[0]})
	if unread := unreadable(r); len(unread) > 0 {
		if err := p.text(false).Diagnostics(p.Stderr, unread); err != nil {
			return err
		}
		return failed("config-unreadable", errors.New("the file cannot be read as a whole, so that nothing was printed"))
	}
	data, err := r.Doc.Root.Python()
	if err != nil {
		return failed("config-unreadable", err)
	}
	return writeData(p.Stdout, format, data)
}

// unreadable are the findings about parts that the reader could not read.
func unreadable(r *compiler.Result) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, problem := range r.Doc.Problems {
		if problem.Fatal {
			out = append(out, diag.Diagnostic{
				Rule: string(problem.Kind), Severity: diag.Error, Message: problem.Message, File: r.Doc.File, Span: problem.Span,
			})
		}
	}
	return out
}

func writeData(w io.Writer, format string, data value.Value) error {
	if format == "yaml" {
		text, err := render.YAML(data)
		if err != nil {
			return failed("", fmt.Errorf("%w; try --format json", err))
		}
		_, err = io.WriteString(w, text)
		return err
	}
	doc, err := value.JSON(data)
	if err != nil {
		return failed("", err)
	}
	text, err := render.Indent(bytes.TrimSpace(doc))
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}
