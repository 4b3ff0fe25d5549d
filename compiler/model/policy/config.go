package policy

import (
	"context"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/schema"
)

// FileName is the name of the file that a project is configured in.
const FileName = "prefectc.cue"

// Rule is what the findings about a prefectc.cue itself are reported under.
const Rule = "configuration"

// Prefix stands in front of a policy's name wherever rules are named.
const Prefix = "policy/"

// unnamed is the name of the policy that "deployments: [...]" states.
const unnamed = "deployments"

// GuideURL is where policies are explained.
const GuideURL = "https://github.com/prefectc/prefectc/blob/main/docs/guides/policies.md"

// Level is what a prefectc.cue says of a rule.
type Level struct {
	Off      bool
	Severity diag.Severity // unless it is off
}

// Config is a prefectc.cue that was read. It is immutable and safe for concurrent use.
type Config struct {
	File       *source.File
	Generation schema.Generation // 0 when it does not say
	Levels     map[string]Level  // by rule, and by policy with the prefix
	Steps      []*schema.StepInfo

	policies []*policy
	fields   map[string]bool // what a compiled deployment may have
	flows    bool            // some policy looks at the flow
	ctx      *cue.Context
}

// policy is one of the file's.
type policy struct {
	name     string
	message  string // "" for the unnamed one
	severity diag.Severity
	off      bool
	span     source.Span // its name
	when     *constraint // nil: it concerns every deployment
	want     constraint  // of one deployment; of the list if whole
	whole    bool
}

// Names are the policies' names as rules, in the order of the file.
func (c *Config) Names() []string {
	if c == nil {
		return nil
	}
	out := make([]string, len(c.policies))
	for i, p := range c.policies {
		out[i] = Prefix + p.name
	}
	return out
}

// reader reads one prefectc.cue.
type reader struct {
	file   *source.File
	tree   *ast.File
	root   cue.Value
	schema cue.Value // #Config

	computed bool // constraints may have conditions, loops or aliases
	known    Known
	found    []diag.Diagnostic
	config   *Config
}

// Known is what a prefectc.cue may speak of.
type Known struct {
	Rules []string // all rules
	Fixed []string // those of them that cannot be made milder, since nothing sensible can be done with such a file
}

// Read reads a prefectc.cue. Without a config, what is wrong is in the findings; their file is the prefectc.cue.
func Read(ctx context.Context, file *source.File, known Known) (*Config, []diag.Diagnostic) {
	r := &reader{file: file, known: known}
	r.read(ctx)
	if len(r.found) > 0 {
		return nil, diag.Sort(r.found)
	}
	return r.config, nil
}

// report adds a finding about the configuration.
func (r *reader) report(span source.Span, message string, related ...diag.Related) {
	r.found = append(r.found, diag.Diagnostic{
		Rule: Rule, Message: message, File: r.file, Span: span, Blocks: true, Related: related, URL: GuideURL,
	})
}
