package lsp

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/internal/config"
)

// config is the configuration that holds for a document, nil without one or with one that cannot be used; then the
// findings say what is wrong with it.
func (s *snapshot) config(ctx context.Context, c *compiler.Compiler, d *document) (*compiler.Config, []diag.Diagnostic) {
	if !d.onDisk {
		return nil, nil
	}
	loader := config.Loader{Cache: &s.projects.configs, Read: s.readFile}
	found, err := loader.For(ctx, c, filepath.Dir(d.path))
	var bad *config.Error
	switch {
	case errors.As(err, &bad):
		return nil, bad.Findings
	case err != nil:
		return nil, []diag.Diagnostic{{Rule: "configuration", Message: err.Error(), File: d.file}}
	}
	return found, nil
}
