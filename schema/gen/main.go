// Command gen writes the generated files of package schema. Run it with "go generate ./schema".
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/prefectc/prefectc/schema/internal/compile"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run writes the generated files into dir, the directory of package schema.
func run(dir string) error {
	files, err := compile.Generate(os.DirFS(dir))
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
