// Command prefectc compiles, checks, plans and applies prefect.yaml.
package main

import (
	"context"
	"os"

	"github.com/prefectc/prefectc/internal/cli"
)

func main() { os.Exit(cli.Main(context.Background(), cli.OS(), os.Args[1:])) }
