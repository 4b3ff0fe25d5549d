package executor

import (
	"context"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/schema"
)

// checkValues looks for job variables and parameters that the server would refuse, so that no image is built for them.
func (e *Executor) checkValues(ctx context.Context, d *plan.Deployment) []diag.Diagnostic {
	if e.opt.Client == nil {
		return nil
	}
	return append(e.checkJobVariables(ctx, d), e.checkParameters(d)...)
}

// checkJobVariables compares the job variables with the work pool's template.
func (e *Executor) checkJobVariables(ctx context.Context, d *plan.Deployment) []diag.Diagnostic {
	reg := d.Registration
	given, _ := reg.JobVariables.(*value.Map)
	pool, err := e.server.pool(ctx, value.Str(reg.WorkPool)) // known since checkPool
	if given.Len() == 0 || err != nil || pool.JobTemplate == nil {
		return nil
	}
	variables, _ := pool.JobTemplate.Get("variables")
	doc, _ := variables.(*value.Map)
	if doc.Len() == 0 {
		return nil
	}
	allow := nullsAnywhere
	if e.updates(d) && e.plan.Generation == schema.Prefect3 {
		allow = nullsWithoutDefault
	}
	key := "job_variables"
	if e.plan.Generation == schema.Prefect2 {
		key = "infra_overrides"
	}
	var found []diag.Diagnostic
	for _, m := range e.conformity.check(given, doc, allow, e.plan.Generation) {
		span, path := e.place(d, key, m.path)
		hint := ""
		if text, ok := valueAt(given, m.path).(string); ok && plan.Unresolved(text) {
			hint = "; it is registered as the reference it is, which the worker resolves: --resolve-blocks puts the value in its place"
			if e.plan.Generation == schema.Prefect2 {
				hint = "; it is registered as the reference it is, which the worker resolves"
			}
		}
		found = append(found, e.finding(d, RuleJobVariable, path, span, "the work pool %q refuses the job variable %s: %s%s",
			pool.Name, strings.Join(m.path, "."), m.message, hint))
	}
	return found
}

// checkParameters compares the parameters with the flow's schema, when the server is told to.
func (e *Executor) checkParameters(d *plan.Deployment) []diag.Diagnostic {
	reg := d.Registration
	given, _ := reg.Parameters.(*value.Map)
	if given.Len() == 0 || reg.ParameterSchema == nil || !e.enforces(d) {
		return nil
	}
	allow := nullsNowhere
	if e.updates(d) && e.plan.Generation == schema.Prefect3 {
		allow = nullsWithoutDefault
	}
	var found []diag.Diagnostic
	for _, m := range e.conformity.check(given, reg.ParameterSchema, allow, e.plan.Generation) {
		span, path := e.place(d, "parameters", m.path)
		found = append(found, e.finding(d, RuleParameter, path, span, "the server refuses the parameter %s: %s",
			strings.Join(m.path, "."), m.message))
	}
	return found
}

func (e *Executor) updates(d *plan.Deployment) bool { return d.Live != nil && d.Live.Deployment != nil }

// enforces reports whether the server will check the parameters. An update of Prefect 3 that says nothing of it leaves the
// live deployment's setting.
func (e *Executor) enforces(d *plan.Deployment) bool {
	if set := d.Registration.Enforce; set != nil || e.plan.Generation == schema.Prefect2 {
		return value.Truthy(set)
	}
	if e.updates(d) {
		live, _ := d.Live.Deployment.Get("enforce_parameter_schema")
		return value.Truthy(live)
	}
	return true
}

// place finds where a part of a registered field is written.
func (e *Executor) place(d *plan.Deployment, field string, path []string) (*source.Span, string) {
	full := strings.Join(append([]string{field}, path...), ".")
	if d.Model == nil {
		return nil, ""
	}
	span, ok := d.Source(full)
	if !ok {
		return nil, ""
	}
	if field == "infra_overrides" || field == "job_variables" {
		full = strings.Join(append([]string{"work_pool.job_variables"}, path...), ".")
	}
	return &span, d.Model.Path + "." + full
}
