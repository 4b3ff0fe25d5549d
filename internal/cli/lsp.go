package cli

import (
	"github.com/spf13/cobra"

	"github.com/prefectc/prefectc/lsp"
)

func newLSP(p *Process) *cobra.Command {
	return &cobra.Command{
		Use:                "lsp",
		Short:              "serve an editor over standard input and output",
		DisableFlagParsing: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if code := lsp.Main(cmd.Context(), args, p.Stdin, p.Stdout, p.Stderr); code != exitOK {
				return &exit{code: code}
			}
			return nil
		},
	}
}
