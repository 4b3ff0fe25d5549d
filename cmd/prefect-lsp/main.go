// Command prefect-lsp is the language server for prefect.yaml.
package main

import (
	"context"
	"os"

	"github.com/prefectc/prefectc/lsp"
)

func main() {
	os.Exit(lsp.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
