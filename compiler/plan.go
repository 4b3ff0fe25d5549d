package compiler

import (
	"context"
	"crypto/md5" //nolint:gosec // Prefect's version of a flow is an MD5
	"encoding/hex"
	"errors"
	"slices"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/model/policy"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/schema"
)

// Plan makes the plan of a compiled file, and the findings that concern the deployments in it. in.Model, in.Generation and
// in.Flow are taken from the result. Without a file, r is nil and the command line alone describes the deployment.
func (c *Compiler) Plan(ctx context.Context, r *Result, in plan.Input, read func(name string) ([]byte, error)) (*plan.Plan, []diag.Diagnostic, error) {
	flows := entrypoint.NewLoader(read)
	if r != nil {
		in.Model, in.Generation, flows = r.Model, r.Model.Generation, r.Facts.Flows
	}
	in.Flow = func(text string) plan.Flow { return flowOf(flows.Load(text), in.Generation) }
	p, err := plan.Build(in)
	var option *plan.OptionError
	if err != nil && !errors.As(err, &option) && r != nil { // nothing can be selected in a file that cannot be read
		p = &plan.Plan{Generation: in.Generation, File: in.Model.Source, Dir: in.Dir}
		if found, broken := c.checkPlanned(ctx, r, p); broken == nil && blocks(found) {
			return p, found, nil
		}
	}
	if err != nil || r == nil {
		return p, nil, err
	}
	found, err := c.checkPlanned(ctx, r, p)
	found = slices.DeleteFunc(found, func(d diag.Diagnostic) bool {
		return !IsPolicy(d.Rule) && p.Overridden(d.Rule, d.Path) // policies saw what the command line says
	})
	return p, found, err
}

func blocks(found []diag.Diagnostic) bool {
	return slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Blocks })
}

// checkPlanned runs all rules over the deployments of a plan.
func (c *Compiler) checkPlanned(ctx context.Context, r *Result, p *plan.Plan) ([]diag.Diagnostic, error) {
	var chosen []*model.Deployment
	planned := map[*model.Deployment]*value.Map{}
	for _, d := range p.Deployments {
		if d.Model != nil {
			chosen = append(chosen, d.Model)
			planned[d.Model] = d.Config
		}
	}
	view := r.Model.Restrict(chosen)
	facts := r.Config.facts(view, c.lang, r.Facts.Flows)
	facts.Deploying = true
	found, err := rules.Run(ctx, view, facts, r.Facts.Levels.Keep(rules.All(), nil))
	if err != nil {
		return nil, err
	}
	broken, err := r.Config.policies(ctx, facts, policy.Input{Model: view, Given: func(m *model.Deployment) *value.Map {
		return planned[m]
	}})
	if err != nil {
		return nil, err
	}
	found = append(found, broken...)
	kept, _ := suppress(r.Doc, found, nil, p.Generation) // of a part of the file, which tells nothing of unused comments
	return diag.Sort(kept), nil
}

// flowOf is what the text of the project says of a flow.
func flowOf(r *entrypoint.Result, g schema.Generation) plan.Flow {
	var f plan.Flow
	if r.File != nil {
		sum := md5.Sum(r.File.Text) //nolint:gosec // see the import
		f.Hash = hex.EncodeToString(sum[:])
	}
	if r.Status != entrypoint.Found {
		f.Why = "the flow cannot be read off the project's files"
		return f
	}
	name, description, version := r.Flow.Name, r.Flow.Description, r.Flow.Version
	f.Name, f.Description, f.Version = name.Text, description.Text, version.Text
	f.Known = name.Known && description.Known && version.Known && r.Flow.Opaque == ""
	if !name.Known {
		f.Name = ""
	}
	if !f.Known {
		f.Why = "the flow's decorator is not plain text"
	}
	f.Schema, f.SchemaKnown, f.Why = parameterSchema(r, g, f.Why)
	return f
}

func parameterSchema(r *entrypoint.Result, g schema.Generation, why string) (*value.Map, bool, string) {
	s, exact, reason := r.Flow.ParameterSchema(int(g))
	if !exact {
		return nil, false, reason
	}
	return s, true, why
}
