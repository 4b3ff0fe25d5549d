package executor

import (
	"context"
	"errors"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/schema"
)

// references are the placeholders that an apply of the deployment fills in: its own settings and the steps it runs.
func references(d *plan.Deployment) []*model.Reference {
	if d.Model == nil {
		return nil
	}
	build, push := d.Model.Effective(model.Build), d.Model.Effective(model.Push)
	var out []*model.Reference
	for _, r := range d.Model.File.References {
		switch {
		case r.Section == model.Setting && r.Deployment == d.Model,
			r.Step != nil && (r.Step.Action == build || r.Step.Action == push):
			out = append(out, r)
		}
	}
	return out
}

// checkReferences looks up every environment variable, Prefect variable and block that the deployment needs now.
func (e *Executor) checkReferences(ctx context.Context, d *plan.Deployment) []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, r := range references(d) {
		span := r.Span
		switch {
		case r.Kind == template.Env:
			if _, set := e.opt.Getenv(r.EnvName()); !set && !e.allowed(RuleEnvironment) {
				found = append(found, e.finding(d, RuleEnvironment, r.Path, &span,
					"the environment variable %q is not set; prefect puts empty text in its place", r.EnvName()))
			}
		case e.opt.Client == nil:
		case e.leftToWorker(r):
			if err := e.existsForWorker(ctx, r); err != nil {
				found = append(found, e.finding(d, blockRule(err), r.Path, &span, "%v", err))
			}
		case r.Kind == template.Variable:
			_, exists, err := e.server.variable(ctx, r.VariableName())
			if err != nil {
				found = append(found, e.finding(d, RuleVariable, r.Path, &span, "cannot read the variable %q: %v", r.VariableName(), err))
			} else if !exists && !e.allowed(RuleVariable) {
				found = append(found, e.finding(d, RuleVariable, r.Path, &span,
					"there is no variable %q on the server; prefect puts empty text in its place", r.VariableName()))
			}
		case r.Kind == template.Block:
			if err := e.readReference(ctx, r); err != nil {
				found = append(found, e.finding(d, blockRule(err), r.Path, &span, "%v", err))
			}
		}
	}
	return append(found, e.checkOwnPull(ctx, d)...)
}

// readReference looks a block up and, once for each text, puts the blocks of the text in.
func (e *Executor) readReference(ctx context.Context, r *model.Reference) error {
	source := blocks{ctx, e.server}
	if slug, name, _, ok := r.BlockParts(); ok {
		if _, err := source.BlockByName(slug, name); err != nil {
			return err
		}
	}
	if !firstBlock(r) {
		return nil
	}
	_, err := template.Blocks(r.Node.Text, int(e.plan.Generation), source)
	return err
}

func firstBlock(r *model.Reference) bool {
	for i, ph := range template.Find(r.Node.Text) {
		if ph.Kind == template.Block {
			return i == r.Index
		}
	}
	return false
}

// checkOwnPull asks for the blocks that a deployment's own pull steps name. The references are registered as they are, but
// Prefect reads them when it deploys and stops over a missing one. It does not do so for the file's pull steps.
func (e *Executor) checkOwnPull(ctx context.Context, d *plan.Deployment) []diag.Diagnostic {
	if d.Model == nil || e.opt.Client == nil {
		return nil
	}
	var found []diag.Diagnostic
	for _, r := range d.Model.File.References {
		if r.Kind != template.Block || r.Section != model.Pull || r.Deployment != d.Model {
			continue
		}
		slug, name, _, ok := r.BlockParts()
		if !ok {
			continue
		}
		if err := e.server.blockExists(ctx, slug, name); err != nil {
			found = append(found, e.finding(d, blockRule(err), r.Path, &r.Span, "%v", err))
		}
	}
	return found
}

// blockRule names the rule that a failure of a block reference belongs to.
func blockRule(err error) string {
	var reference *template.BlockError
	if !errors.As(err, &reference) {
		return RuleBlock
	}
	switch reference.Problem {
	case template.BlockMalformed:
		return RuleBlockName
	case template.BlockInText, template.BlockNotScalar:
		return RuleBlockText
	case template.BlockBadRefText:
		return RuleBlockRef
	}
	return RuleBlockField
}

// existsForWorker asks for the block of a reference that is registered as it is. Prefect 3 reads it when it deploys and stops
// over a missing one; Prefect 2 leaves that to the worker too.
func (e *Executor) existsForWorker(ctx context.Context, r *model.Reference) error {
	slug, name, _, ok := r.BlockParts()
	if !ok || r.Kind != template.Block || e.plan.Generation == schema.Prefect2 {
		return nil
	}
	return e.server.blockExists(ctx, slug, name)
}

// leftToWorker holds for references that are registered as they are: in job variables all of Prefect 2, and the blocks of
// Prefect 3 unless they are to be resolved.
func (e *Executor) leftToWorker(r *model.Reference) bool {
	const jobVariables = ".work_pool.job_variables"
	if r.Section != model.Setting || !strings.Contains(r.Path, jobVariables) {
		return false
	}
	return e.plan.Generation == schema.Prefect2 || r.Kind == template.Block && !e.opt.ResolveBlocks
}
