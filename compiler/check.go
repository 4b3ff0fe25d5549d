package compiler

import (
	"context"
	"fmt"
	"sync"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/model/policy"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// Compiler checks files. It is safe for concurrent use; make one and keep it.
type Compiler struct {
	lang *schema.Language
}

// New loads the language.
func New() (*Compiler, error) {
	lang, err := schema.Shared()
	if err != nil {
		return nil, fmt.Errorf("loading the language of prefect.yaml: %w", err)
	}
	return &Compiler{lang: lang}, nil
}

// Shared is a compiler made once for the whole process.
var Shared = sync.OnceValues(New)

// Language is the compiler's schema.
func (c *Compiler) Language() *schema.Language { return c.lang }

// LanguageOf is the schema of a project: with its own steps. Without a config it is the compiler's.
func (c *Compiler) LanguageOf(project *Config) *schema.Language { return project.language(c.lang) }

// Input is one file to check.
type Input struct {
	File *source.File

	// Generation of Prefect to check for; 0 takes it from the file.
	Generation schema.Generation

	// Read gives the files of the project, named with slashes relative to the directory that prefect runs in. Nil looks at
	// no other file, so that nothing is said of entrypoints.
	Read func(name string) ([]byte, error)

	// List gives the names in one of the project's directories, named as for Read. Nil sees none.
	List func(dir string) []string

	// Flows, if given, is used instead of Read, so that several files or runs share what was read.
	Flows *entrypoint.Loader

	// Config is the project's, nil without one.
	Config *Config

	// Select limits the rules and policies, by name; empty means all. Ignore leaves some out.
	Select, Ignore []string

	// All lists every finding, where else the first thousand of each rule are listed and the others counted.
	All bool
}

// Result is what a check found.
type Result struct {
	Diagnostics []diag.Diagnostic // sorted; suppressed ones are not in it
	Suppressed  int
	Doc         *yamldoc.Document
	Model       *model.File
	Facts       *rules.Facts
	Config      *Config // nil without one

	use use
}

// Check reads a file and runs the rules over it. The error is the context's, or names a rule that does not exist; whatever
// is wrong with the file is in the result.
func (c *Compiler) Check(ctx context.Context, in Input) (*Result, error) {
	run, err := in.Config.choose(in.Select, in.Ignore)
	if err != nil {
		return nil, err
	}
	r := c.Compile(in)
	if err := r.judge(ctx, in, run, &rules.Kept{}); err != nil {
		return nil, err
	}
	return r, nil
}

// judge runs the rules and policies; kept holds what they said of deployments before.
func (r *Result) judge(ctx context.Context, in Input, run chosen, kept *rules.Kept) error {
	found, err := kept.Run(ctx, r.Model, r.Facts, run.list)
	if err != nil {
		return err
	}
	broken, err := in.Config.policies(ctx, r.Facts, policy.Input{Model: r.Model, Choose: run.policies})
	if err != nil {
		return err
	}
	shown, suppressed := suppress(r.Doc, append(found, broken...), run.list, r.Model.Generation)
	for i := range shown {
		if shown[i].Rule == rules.UnusedIgnore.Name { // made outside of the rules' run
			r.Facts.Levels.Adjust(&shown[i])
		}
	}
	r.Diagnostics, r.Suppressed = diag.Sort(shown), suppressed
	if !in.All {
		r.Diagnostics = listed(r.Diagnostics)
	}
	return nil
}

// maxListed is how many findings of one rule are listed: mending starts at the first, and more than a thousand are read by nobody.
const maxListed = 1000

// listed keeps the first findings of each rule, and says how many more there are. found is sorted.
func listed(found []diag.Diagnostic) []diag.Diagnostic {
	if len(found) <= maxListed {
		return found
	}
	all := map[string]int{}
	for i := range found {
		all[found[i].Rule]++
	}
	seen := map[string]int{}
	var out []diag.Diagnostic
	for _, d := range found {
		switch seen[d.Rule]++; {
		case seen[d.Rule] <= maxListed || all[d.Rule] == maxListed+1:
			out = append(out, d)
		case seen[d.Rule] == maxListed+1:
			out = append(out, diag.Diagnostic{Rule: d.Rule, Severity: d.Severity, Blocks: d.Blocks, File: d.File, Span: d.Span, URL: d.URL,
				Message: fmt.Sprintf("and %d more like this, from here on: only the first %d are listed", all[d.Rule]-maxListed, maxListed)})
		}
	}
	return out
}

// Compile reads a file into its model without running any rule.
func (c *Compiler) Compile(in Input) *Result {
	doc := yamldoc.Read(in.File)
	m := model.New(doc, in.Config.generation(in.Generation))
	return &Result{Doc: doc, Model: m, Facts: in.Config.facts(m, c.lang, in.loader()), Config: in.Config}
}

// loader finds the flows of the project.
func (in *Input) loader() *entrypoint.Loader {
	if in.Flows != nil {
		return in.Flows
	}
	return entrypoint.NewLoader(in.Read).Listing(in.List)
}
