package lsp

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

// Exit statuses of Main, besides those of Serve.
const exitUsage = 2

// Main is the program prefect-lsp: it serves one editor over in and out. args are those after the program's name.
func Main(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
	flags := flag.NewFlagSet("prefect-lsp", flag.ContinueOnError)
	flags.SetOutput(errw)
	flags.Bool("stdio", true, "speak over standard input and output; there is no other way")
	version := flags.Bool("version", false, "print the version and exit")
	// Editors built on the VS Code client name themselves; the process also comes with initialize.
	flags.Int("clientProcessId", 0, "ignored: the editor's process comes with initialize")
	if err := flags.Parse(args); err != nil {
		if err == flag.ErrHelp {
			return 0
		}
		return exitUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(errw, "prefect-lsp: unexpected argument %q; it takes none\n", flags.Arg(0))
		return exitUsage
	}
	if *version {
		fmt.Fprintln(out, "prefect-lsp", Version())
		return 0
	}
	return Serve(ctx, in, out, errw, Options{Version: Version(), Environ: os.Environ()})
}

// Version is the module's version as the build recorded it.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
