package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/internal/config"
)

// configs finds the prefectc.cue of the files of one command.
type configs struct {
	process *Process
	engine  *compiler.Compiler
	loader  *config.Loader
	color   bool
}

func (p *Process) configs(engine *compiler.Compiler, color bool) *configs {
	shown := func(name string) string {
		if rel, err := filepath.Rel(p.Dir, name); err == nil {
			return filepath.ToSlash(rel)
		}
		return name
	}
	return &configs{p, engine, &config.Loader{Cache: &config.Cache{}, Shown: shown}, color}
}

// of is the configuration for a prefect.yaml, nil without one. What is wrong with it is shown on standard error, for no
// finding can be trusted without it.
func (c *configs) of(ctx context.Context, file string) (*compiler.Config, error) {
	dir, err := filepath.Abs(c.process.abs(filepath.Dir(file)))
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", config.Name, err)
	}
	found, err := c.loader.For(ctx, c.engine, dir)
	var bad *config.Error
	switch {
	case errors.As(err, &bad):
		text := c.process.text(c.color)
		if err := text.Diagnostics(c.process.Stderr, bad.Findings); err != nil {
			return nil, err
		}
		return nil, &exit{code: exitUsage, kind: "configuration", err: fmt.Errorf("%s cannot be used: mend it first", bad.Findings[0].File.Path)}
	case err != nil:
		return nil, &exit{code: exitUsage, kind: "configuration", err: err}
	}
	return found, nil
}
