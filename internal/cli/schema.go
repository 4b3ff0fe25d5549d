package cli

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/schema"
)

func newSchema(p *Process) *cobra.Command {
	var format string
	var gen int
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "print the language of prefect.yaml, as JSON Schema or CUE",
		Long: `schema prints what a prefect.yaml may hold: as JSON Schema 2020-12, for editors and other programs, of one generation of
Prefect; or as the CUE it is made from, of both.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			g, err := generation(gen)
			switch {
			case err != nil:
				return err
			case format != "json" && format != "cue":
				return usage("--format is json or cue, not %q", format)
			case format == "cue" && g != 0:
				return usage("the CUE holds both generations: --prefect goes with --format json")
			}
			return p.schema(format, g)
		},
	}
	cmd.Flags().StringVar(&format, "format", "json", "json or cue")
	cmd.Flags().IntVar(&gen, "prefect", 0, "major `VERSION` of Prefect, 2 or 3; without it 3")
	return cmd
}

func (p *Process) schema(format string, g schema.Generation) error {
	if format == "cue" {
		_, err := io.WriteString(p.Stdout, schema.CUE())
		return err
	}
	if g == 0 {
		g = schema.Prefect3
	}
	text, err := schema.JSONSchema(g)
	if err != nil {
		return &exit{code: exitInternal, err: err}
	}
	_, err = p.Stdout.Write(append(text, '\n'))
	return err
}
