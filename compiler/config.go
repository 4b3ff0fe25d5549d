package compiler

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/model/policy"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/schema"
)

// ConfigName is the name of the file that configures a project.
const ConfigName = policy.FileName

// Config is what a project's prefectc.cue says. It is safe for concurrent use.
type Config struct {
	*policy.Config
	lang *schema.Language // with the project's own steps
}

// ReadConfig reads a prefectc.cue. If anything is wrong with it there is no config, and the findings say what.
func (c *Compiler) ReadConfig(ctx context.Context, file *source.File) (*Config, []diag.Diagnostic) {
	read, found := policy.Read(ctx, file, rules.Known())
	if read == nil {
		return nil, found
	}
	return &Config{read, c.lang.WithSteps(read.Steps)}, nil
}

// policy is the config's part for policies; c may be nil.
func (c *Config) policy() *policy.Config {
	if c == nil {
		return nil
	}
	return c.Config
}

func (c *Config) levels() rules.Levels {
	if c == nil {
		return nil
	}
	return c.Levels
}

// language is the project's, or the one of all.
func (c *Config) language(all *schema.Language) *schema.Language {
	if c == nil {
		return all
	}
	return c.lang
}

// facts are those of a file of the project.
func (c *Config) facts(m *model.File, all *schema.Language, flows *entrypoint.Loader) *rules.Facts {
	f := rules.NewFacts(m, c.language(all), flows)
	f.Levels = c.levels()
	return f
}

// For is the generation that was asked for, else the one the project says, else 0. c may be nil.
func (c *Config) For(asked schema.Generation) schema.Generation { return c.generation(asked) }

// generation is what was asked for, else what the project says, else 0.
func (c *Config) generation(asked schema.Generation) schema.Generation {
	if asked == 0 && c != nil {
		return c.Generation
	}
	return asked
}

// chosen are the rules and policies that a check runs.
type chosen struct {
	list     []*rules.Rule
	policies func(rule string) bool
}

// choose reads names of rules and policies. "policy" stands for all policies, a name with its prefix for one.
func (c *Config) choose(selected, ignored []string) (chosen, error) {
	var names [2][]string // of rules
	picked, dropped := map[string]bool{}, map[string]bool{}
	for i, given := range [][]string{selected, ignored} {
		set := []map[string]bool{picked, dropped}[i]
		for _, name := range given {
			name = strings.TrimSpace(name)
			switch {
			case name == strings.TrimSuffix(policy.Prefix, "/"):
				set[""] = true
			case !strings.HasPrefix(name, policy.Prefix):
				names[i] = append(names[i], name)
			case !slices.Contains(c.policy().Names(), name):
				return chosen{}, c.unknownPolicy(name)
			default:
				set[name] = true
			}
		}
	}
	list, err := rules.Choose(names[0], names[1])
	if err != nil {
		return chosen{}, err
	}
	if len(names[0]) == 0 && len(selected) > 0 {
		list = nil
	}
	return chosen{c.levels().Keep(list, names[0]), func(rule string) bool {
		return (len(selected) == 0 || picked[""] || picked[rule]) && !dropped[""] && !dropped[rule]
	}}, nil
}

// IsPolicy reports whether a name is that of policies and not of a rule.
func IsPolicy(name string) bool {
	return name == strings.TrimSuffix(policy.Prefix, "/") || strings.HasPrefix(name, policy.Prefix)
}

func (c *Config) unknownPolicy(name string) error {
	names := c.policy().Names()
	msg := fmt.Sprintf("there is no policy %q", strings.TrimPrefix(name, policy.Prefix))
	if near := schema.Nearest(name, names); near != "" {
		msg += fmt.Sprintf(", did you mean %q", near)
	} else if len(names) == 0 {
		msg += fmt.Sprintf(": no %s states one", ConfigName)
	}
	return fmt.Errorf("%s", msg)
}

// policies holds a file's deployments against the config's policies. A file that others are generated from, or of which
// parts could not be read, is left alone: what is missing in it may only be missing for now.
func (c *Config) policies(ctx context.Context, facts *rules.Facts, in policy.Input) ([]diag.Diagnostic, error) {
	if c == nil || in.Model.Doc.Partial || rules.IsSource(in.Model) {
		return nil, nil
	}
	in.Flow = facts.Flow
	return c.Check(ctx, in)
}
