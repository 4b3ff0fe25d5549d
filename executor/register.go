package executor

import (
	"context"
	"fmt"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/prefect"
	"github.com/prefectc/prefectc/schema"
)

// NamelessError is a deployment whose name turned out to be nothing once the steps had run.
type NamelessError struct{ Written string }

func (e *NamelessError) Error() string { return fmt.Sprintf("the name %q gives no text", e.Written) }

// refresh reads what the server holds now under the deployment's name.
func (e *Executor) refresh(ctx context.Context, d *plan.Deployment) error {
	name := prefect.DeploymentName{Flow: d.Flow.Name, Deployment: d.Name()}
	deployments, related, err := e.readLive(ctx, []prefect.DeploymentName{name}).wait()
	if err != nil {
		return err
	}
	d.Live = e.opt.Memory.owned(d.FullName(), liveOf(deployments[name], related))
	return nil
}

func liveOf(have *prefect.Deployment, related map[string][]*value.Map) *plan.Live {
	if have == nil {
		return &plan.Live{}
	}
	return &plan.Live{ID: have.ID, Deployment: have.Fields, Automations: related[have.ID]}
}

// register makes the server hold what the deployment says, sending nothing when it already does. again holds when another
// deployment of the plan has the same name: then that one is updated, as it is when a step gave the name.
func (e *Executor) register(ctx context.Context, d *plan.Deployment, outputs *value.Map, again bool) Result {
	r := Result{Deployment: d, Action: d.Action}
	reg, err := d.Evaluate(e.evaluation(ctx, outputs, false))
	if err != nil {
		r.Err = err
		return r
	}
	if name, _ := reg.Name.(string); name == "" && reg.Generation == schema.Prefect3 {
		r.Err = &NamelessError{d.Name()}
		return r
	}
	again = again || plan.Unresolved(d.Registration.Name)
	d.Registration = reg
	if m := e.opt.Memory; m != nil && m.Journal != nil {
		r.fields = reg.Fingerprints(m.State.Digest)
	}
	if again {
		if r.Err = e.refresh(ctx, d); r.Err != nil {
			return r
		}
	}
	if r.Err = e.send(ctx, d, reg, &r); r.Err != nil {
		return r
	}
	err = e.automations(ctx, d, reg, &r)
	if err == nil && reg.SLASet {
		err = e.opt.Client.ApplySLAs(ctx, r.ID, reg.SLAs)
	}
	r.Err = err
	return r
}

// send creates or updates the deployment itself.
func (e *Executor) send(ctx context.Context, d *plan.Deployment, reg *plan.Registration, r *Result) (err error) {
	if d.Live == nil || d.Live.Deployment == nil {
		r.Action = plan.Create
		if err = e.intend(d, r.Action, ""); err == nil {
			r.ID, err = e.create(ctx, reg)
		}
		return err
	}
	reg.KeepPaused(d.Live.Deployment)
	reg.Keep(d.Kept, d.Live.Deployment)
	r.ID = d.Live.ID
	r.Changes = reg.Diff(d.Live.Deployment)
	r.Action, r.same = plan.None, len(r.Changes) == 0
	if r.same {
		return nil
	}
	r.Action = plan.Update
	if err = e.intend(d, r.Action, r.ID); err == nil {
		err = e.update(ctx, d, reg, r.Changes)
	}
	return err
}

func (e *Executor) create(ctx context.Context, reg *plan.Registration) (string, error) {
	flow, err := e.flow(ctx, reg.FlowName)
	if err != nil {
		return "", err
	}
	id, _, err := e.opt.Client.CreateDeployment(ctx, reg.CreateBody(flow))
	return id, err
}

// flow gives the id of a flow, registering it when it is new.
func (e *Executor) flow(ctx context.Context, name string) (string, error) {
	return e.server.flows.get(name, func() (string, error) {
		id, _, err := e.opt.Client.CreateFlow(ctx, int(e.plan.Generation), name)
		if err != nil {
			return "", fmt.Errorf("registering flow %q: %w", name, err)
		}
		return id, nil
	})
}

func (e *Executor) update(ctx context.Context, d *plan.Deployment, reg *plan.Registration, changes []plan.Change) error {
	if reg.Generation == schema.Prefect2 {
		flow, err := e.flow(ctx, reg.FlowName)
		if err != nil {
			return err
		}
		_, _, err = e.opt.Client.CreateDeployment(ctx, reg.ReplaceBody(flow, d.Live.Deployment))
		return err
	}
	schedules := changesSchedules(changes)
	if err := e.opt.Client.UpdateDeployment(ctx, d.Live.ID, reg.UpdateBody(schedules)); err != nil {
		return err
	}
	if schedules {
		return e.dropSchedules(ctx, d, reg)
	}
	return nil
}

func changesSchedules(changes []plan.Change) bool {
	for _, c := range changes {
		if c.Path == "schedules" {
			return true
		}
	}
	return false
}

// dropSchedules deletes the schedules with slugs that left the file: the server of Prefect 3 keeps those.
func (e *Executor) dropSchedules(ctx context.Context, d *plan.Deployment, reg *plan.Registration) error {
	slugs := reg.Slugs()
	have, err := e.opt.Client.ReadSchedules(ctx, d.Live.ID)
	if err != nil {
		return err
	}
	for _, s := range have {
		slug, _ := s.Get("slug")
		id, _ := s.Get("id")
		if name, ok := slug.(string); ok && !slugs[name] {
			if err := e.opt.Client.DeleteSchedule(ctx, d.Live.ID, value.Str(id)); err != nil {
				return fmt.Errorf("deleting schedule %q, which left the file: %w", name, err)
			}
		}
	}
	return nil
}
