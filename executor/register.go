package executor

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/prefect"
	"github.com/prefectc/prefectc/schema"
)

// flowID is the id of a flow, asked for once.
type flowID struct {
	once sync.Once
	id   string
	err  error
}

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
	d.Live = liveOf(deployments[name], related)
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
	r.Action = plan.None
	if len(r.Changes) == 0 {
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
	e.flowsMu.Lock()
	f := e.flows[name]
	if f == nil {
		f = &flowID{}
		e.flows[name] = f
	}
	e.flowsMu.Unlock()
	f.once.Do(func() {
		f.id, _, f.err = e.opt.Client.CreateFlow(ctx, int(e.plan.Generation), name)
		if f.err != nil {
			f.err = fmt.Errorf("registering flow %q: %w", name, f.err)
		}
	})
	return f.id, f.err
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

// automations makes the deployment's triggers those of the file. Unchanged ones keep their ids, changed ones of the same
// name are replaced in place. No server tells which automations a deployment owns; what is left over is deleted by asking it
// to delete all owned ones, and then all are created anew, as Prefect always does.
func (e *Executor) automations(ctx context.Context, d *plan.Deployment, reg *plan.Registration, r *Result) error {
	if !e.takesAutomations() {
		return nil
	}
	var live []*value.Map
	if d.Live != nil && d.Live.Deployment != nil {
		live = d.Live.Automations
	}
	create, remove := reg.DiffAutomations(r.ID, live)
	if len(create) == 0 && len(remove) == 0 {
		return nil
	}
	if r.Action == plan.None {
		r.Action = plan.Update
		if err := e.intend(d, r.Action, r.ID); err != nil {
			return err
		}
	}
	client := e.opt.Client
	create, remove, err := e.replaceInPlace(ctx, create, remove, r.ID)
	if err != nil {
		return err
	}
	if len(remove) > 0 {
		err := client.DeleteAutomationsOwnedBy(ctx, prefect.DeploymentResource(r.ID))
		if errors.Is(err, prefect.ErrNoAutomations) {
			return nil
		}
		if err != nil {
			return err
		}
		create, r.replaced = reg.Automations, true
	}
	known := make([]string, 0, len(live)+len(create))
	for _, a := range live {
		id, _ := a.Get("id")
		known = append(known, value.Str(id))
	}
	for _, a := range create {
		id, err := client.CreateAutomation(ctx, plan.WithDeployment(a, r.ID), append(known, r.automations...)...)
		if err != nil {
			return fmt.Errorf("creating trigger: %w", err)
		}
		r.automations = append(r.automations, id)
	}
	return nil
}

// replaceInPlace updates automations that kept their name.
func (e *Executor) replaceInPlace(ctx context.Context, create, remove []*value.Map, id string) (left, stale []*value.Map, err error) {
	for _, a := range create {
		name, _ := a.Get("name")
		at := -1
		for i, old := range remove {
			if n, _ := old.Get("name"); n == name {
				at = i
				break
			}
		}
		if at < 0 {
			left = append(left, a)
			continue
		}
		oldID, _ := remove[at].Get("id")
		if err := e.opt.Client.UpdateAutomation(ctx, value.Str(oldID), plan.WithDeployment(a, id)); err != nil {
			return nil, nil, fmt.Errorf("updating trigger %v: %w", name, err)
		}
		remove = append(remove[:at:at], remove[at+1:]...)
	}
	return left, remove, nil
}

// takesAutomations reports whether triggers become automations: always in Prefect 3; in Prefect 2 on Cloud, or when its
// experimental events are turned on.
func takesAutomations(client *prefect.Client, g schema.Generation, getenv func(string) (string, bool)) bool {
	settings := client.Settings()
	if g == schema.Prefect3 || settings.Cloud() {
		return true
	}
	v, _ := getenv("PREFECT_EXPERIMENTAL_EVENTS")
	switch v {
	case "1", "true", "True", "TRUE", "yes", "on", "t", "y":
		return true
	}
	return false
}

func (e *Executor) takesAutomations() bool {
	return takesAutomations(e.opt.Client, e.plan.Generation, e.opt.Getenv)
}
