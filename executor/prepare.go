package executor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/executor/step/python"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/prefect"
	"github.com/prefectc/prefectc/schema"
)

// Rules of what only the server, the environment or the flow's own code can tell.
const (
	RuleEnvironment = "unset-environment-variable"
	RuleVariable    = "unknown-variable"
	RuleBlock       = "unknown-block"
	RuleBlockText   = "block-with-text"
	RuleBlockName   = "malformed-block-reference"
	RuleBlockField  = "unknown-block-field"
	RuleBlockRef    = "ref-key-with-text"
	RuleTemplate    = "unresolvable-template"
	RuleDate        = "unquoted-date"
	RuleNull        = "null-value"
	RulePool        = "unknown-work-pool"
	RuleAgentPool   = "agent-work-pool"
	RuleNoPool      = "missing-work-pool"
	RuleNoName      = "missing-name"
	RuleNoEntry     = "missing-entrypoint"
	RuleFlow        = "flow-not-loaded"
	RuleFlowScript  = "flow-script-error"
	RuleFlowModule  = "flow-module-not-found"
	RuleFlowFile    = "entrypoint-file-not-found"
	RuleSLA         = "sla-needs-cloud"
	RuleSchedule    = "invalid-schedule"
	RuleNoSchedule  = "no-schedule-kind"
	RuleTrigger     = "invalid-trigger"
	RuleJobVariable = "invalid-job-variable"
	RuleParameter   = "parameter-type"
)

// Prepare looks at everything that can be wrong before a step runs, and completes the plan: flows that could not be read
// from their text, what the server holds, and what would change. Its findings are errors that stop an apply. The error is the
// server's or ctx's.
func (e *Executor) Prepare(ctx context.Context) ([]diag.Diagnostic, error) {
	var found []diag.Diagnostic
	broken := map[*plan.Deployment]bool{} // what cannot be filled in is told once
	for _, d := range e.plan.Deployments {
		more := e.checkReferences(ctx, d)
		broken[d] = len(more) > 0
		found = append(found, more...)
		if err := ctx.Err(); err != nil {
			return found, err
		}
	}
	for _, d := range e.plan.Deployments {
		if f := e.loadFlow(ctx, d); f != nil {
			found = append(found, *f)
		}
	}
	early := e.opt.Early
	if names := e.plainNames(); !early.covers(names) {
		early = e.readLive(ctx, names)
	}
	for _, d := range e.plan.Deployments {
		if broken[d] {
			continue
		}
		more, err := e.evaluatePartly(ctx, d)
		if err != nil {
			return found, err
		}
		found = append(found, more...)
	}
	if len(found) > 0 {
		return found, nil
	}
	if err := e.compare(ctx, early); err != nil {
		return nil, err
	}
	for _, d := range e.plan.Deployments {
		found = append(found, e.checkValues(ctx, d)...)
	}
	return found, nil
}

// finding makes one at a node of the deployment; without a node, at the deployment's name or start.
func (e *Executor) finding(d *plan.Deployment, rule, path string, span *source.Span, format string, args ...any) diag.Diagnostic {
	f := diag.Diagnostic{Rule: rule, Severity: diag.Error, Message: fmt.Sprintf(format, args...), File: d.File, Path: path, Blocks: true}
	if d.File == nil {
		f.File = source.New("command line", nil)
	}
	if d.Model == nil {
		return f
	}
	f.Deployment = d.Model.Name()
	if f.Path == "" {
		f.Path = d.Model.Path
	}
	switch name := d.Model.Field("name"); {
	case span != nil:
		f.Span = *span
	case name.Key != nil:
		f.Span = name.Span()
	default:
		f.Span = source.At(d.Model.Node.Span.Start)
	}
	return f
}

// at is the place of a field of the deployment, nil when it is not there.
func at(f model.Field) *source.Span {
	if f.Key == nil {
		return nil
	}
	s := f.Span()
	return &s
}

func (e *Executor) allowed(rule string) bool { return slices.Contains(e.opt.Allow, rule) }

// loadFlow asks Python for a flow that its text alone did not tell.
func (e *Executor) loadFlow(ctx context.Context, d *plan.Deployment) *diag.Diagnostic {
	entry := func() *source.Span {
		if d.Model == nil {
			return nil
		}
		return at(d.Model.Field("entrypoint"))
	}
	if d.Entrypoint == "" {
		f := e.finding(d, RuleNoEntry, "", nil, "the deployment has no entrypoint: write path/to/file.py:flow_function")
		return &f
	}
	if d.Flow.Known && d.Flow.SchemaKnown {
		return nil
	}
	flow, err := e.newRunner().Flow(ctx, d.Entrypoint)
	if err != nil {
		f := e.finding(d, flowRule(err), "", entry(), "the flow %q cannot be loaded: %v", d.Entrypoint, err)
		return &f
	}
	d.Flow = plan.Flow{
		Name: flow.Name, Description: flow.Description, Version: flow.Version, Hash: d.Flow.Hash, Schema: flow.Schema,
		Known: true, SchemaKnown: true,
	}
	return nil
}

// flowRule tells apart why Python could not load a flow.
func flowRule(err error) string {
	var raised *python.Exception
	if !errors.As(err, &raised) {
		return RuleFlow
	}
	switch raised.Type {
	case "SyntaxError", "IndentationError", "TabError", "ScriptError":
		return RuleFlowScript
	case "ModuleNotFoundError":
		return RuleFlowModule
	case "FileNotFoundError":
		return RuleFlowFile
	}
	return RuleFlow
}

// evaluatePartly fills in what is known before the steps run, and checks what Prefect checks then.
func (e *Executor) evaluatePartly(ctx context.Context, d *plan.Deployment) ([]diag.Diagnostic, error) {
	if e.plan.Generation == schema.Prefect2 && d.Model != nil && bytes.Contains(d.File.Text, []byte("!!")) {
		if span := untemplatable(d); span != nil {
			return []diag.Diagnostic{e.finding(d, RuleDate, "", span, "prefect 2 takes only text, numbers, flags, null, lists and mappings here, not this value")}, nil
		}
	}
	reg, err := d.Evaluate(e.evaluation(ctx, nil, true))
	if err != nil {
		if prefect.IsUnreachable(err) || prefect.IsUnauthorized(err) || ctx.Err() != nil {
			return nil, err
		}
		return []diag.Diagnostic{e.unevaluated(d, err)}, nil
	}
	d.Registration = reg
	if e.opt.Client != nil && d.ReadsBlocks() {
		ev := e.evaluation(ctx, nil, true)
		ev.Blocks = nil
		if d.Masked, err = d.Evaluate(ev); err != nil {
			return []diag.Diagnostic{e.unevaluated(d, err)}, nil
		}
	}
	if s, _ := reg.Name.(string); s == "" {
		return []diag.Diagnostic{e.finding(d, RuleNoName, "", nil, "the deployment has no name: give it one with \"name\"")}, nil
	}
	return e.checkPool(ctx, d, reg)
}

func (e *Executor) checkPool(ctx context.Context, d *plan.Deployment, reg *plan.Registration) ([]diag.Diagnostic, error) {
	var span *source.Span
	path := ""
	if d.Model != nil {
		if f := d.Model.WorkPool("name"); f.Set() {
			span, path = at(f), f.Path
		} else {
			span = at(d.Model.Field("name"))
		}
	}
	name, _ := reg.WorkPool.(string)
	if name == "" {
		return []diag.Diagnostic{e.finding(d, RuleNoPool, path, span,
			"the deployment has no work pool: name one in work_pool.name or with --pool")}, nil
	}
	if e.opt.Client == nil {
		return nil, nil
	}
	pool, err := e.server.pool(ctx, name)
	switch {
	case prefect.IsNotFound(err):
		return []diag.Diagnostic{e.finding(d, RulePool, path, span,
			"there is no work pool %q on the server: create it with prefect work-pool create %q", name, name)}, nil
	case err != nil:
		return nil, err
	case pool.Type == "prefect-agent":
		return []diag.Diagnostic{e.finding(d, RuleAgentPool, path, span,
			"the work pool %q is one of agents (type prefect-agent), which cannot run deployments made from prefect.yaml", name)}, nil
	case reg.SLASet && !e.cloud():
		return []diag.Diagnostic{e.finding(d, RuleSLA, "", at(slaOf(d)), "service level agreements exist on Prefect Cloud only: leave sla out")}, nil
	}
	if i := reg.MetricTrigger(); i >= 0 && e.plan.Generation == schema.Prefect3 && !e.cloud() {
		span, path := e.place(d, fmt.Sprintf("triggers[%d]", i), nil)
		return []diag.Diagnostic{e.finding(d, RuleTrigger, path, span, "metric triggers exist on Prefect Cloud only: this server refuses them")}, nil
	}
	return nil, nil
}

func slaOf(d *plan.Deployment) model.Field {
	if d.Model == nil {
		return model.Field{}
	}
	return d.Model.Field("sla")
}

func (e *Executor) cloud() bool {
	settings := e.opt.Client.Settings()
	return settings.Cloud()
}

// compare reads what the server holds for all deployments at once and says what would change.
func (e *Executor) compare(ctx context.Context, early *Live) error {
	if e.opt.Client == nil {
		return nil
	}
	var names []prefect.DeploymentName
	for _, d := range e.plan.Deployments {
		if !plan.Unresolved(d.Registration.Name) {
			names = append(names, prefect.DeploymentName{Flow: d.Flow.Name, Deployment: d.Name()})
		}
	}
	if !early.covers(names) {
		early = e.readLive(ctx, names)
	}
	deployments, related, err := early.wait()
	if err != nil {
		return err
	}
	for _, d := range e.plan.Deployments {
		d.Action = plan.Create
		if m := e.opt.Memory; m != nil && m.State != nil {
			e.configs[d] = d.Digest(m.State.Digest)
		}
		have := deployments[prefect.DeploymentName{Flow: d.Flow.Name, Deployment: d.Name()}]
		d.Live = e.opt.Memory.owned(d.FullName(), liveOf(have, related))
		if have == nil {
			e.remember(d)
			continue
		}
		d.Registration.KeepPaused(have.Fields)
		if d.Masked != nil {
			d.Masked.KeepPaused(have.Fields)
		}
		d.Changes = d.Registration.Diff(have.Fields)
		if e.takesAutomations() {
			d.Changes = append(d.Changes, d.Registration.TriggerChanges(d.Registration.DiffAutomations(d.Live))...)
		}
		d.Action = plan.None
		if len(d.Changes) > 0 {
			d.Action = plan.Update
		}
		e.remember(d)
		d.MaskChanges()
	}
	return nil
}
