package executor

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/prefect"
	"github.com/prefectc/prefectc/schema"
)

// readAutomations finds the automations that belong to deployments. All automations of the server are read at once, to learn
// which deployments have any; only those are asked about one by one.
func readAutomations(ctx context.Context, client *prefect.Client) (map[string][]*value.Map, error) {
	out := map[string][]*value.Map{}
	all, err := client.ReadAutomations(ctx)
	if errors.Is(err, prefect.ErrNoAutomations) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		actions, _ := a.Get("actions")
		list, _ := actions.([]value.Value)
		for _, action := range list {
			if m, ok := action.(*value.Map); ok {
				if id, _ := m.Get("deployment_id"); id != nil {
					out[value.Str(id)] = append(out[value.Str(id)], a)
					break
				}
			}
		}
	}
	return out, nil
}

// automations makes the deployment's automations those of its triggers. Unchanged ones keep their ids, changed ones of the same
// name are replaced in place.
func (e *Executor) automations(ctx context.Context, d *plan.Deployment, reg *plan.Registration, r *Result) error {
	if !e.takesAutomations() {
		return nil
	}
	live := &plan.Live{ID: r.ID}
	if d.Live != nil && d.Live.Deployment != nil {
		live = d.Live
	}
	diff := reg.DiffAutomations(live)
	r.automations = idsOf(diff.Kept)
	if !diff.Changes() {
		return nil
	}
	if d.Live == live {
		r.Changes = append(r.Changes, reg.TriggerChanges(diff)...)
	}
	if r.Action == plan.None {
		r.Action = plan.Update
		if err := e.intend(d, r.Action, r.ID); err != nil {
			return err
		}
	}
	if err := e.replaceInPlace(ctx, &diff, r); err != nil {
		return err
	}
	if err := e.removeAutomations(ctx, reg, &diff, r); err != nil {
		return err
	}
	for _, a := range diff.Create {
		known := append(idsOf(live.Automations), r.automations...)
		id, err := e.opt.Client.CreateAutomation(ctx, plan.WithDeployment(a, r.ID), known...)
		if err != nil {
			return fmt.Errorf("creating trigger: %w", err)
		}
		r.automations = append(r.automations, id)
	}
	return nil
}

// replaceInPlace updates automations that kept their name, and takes them out of what is left to do.
func (e *Executor) replaceInPlace(ctx context.Context, diff *plan.AutomationDiff, r *Result) error {
	var left []*value.Map
	for _, a := range diff.Create {
		name, _ := a.Get("name")
		at := slices.IndexFunc(diff.Remove, func(old *value.Map) bool { n, _ := old.Get("name"); return n == name })
		if at < 0 {
			left = append(left, a)
			continue
		}
		id := idOf(diff.Remove[at])
		if err := e.opt.Client.UpdateAutomation(ctx, id, plan.WithDeployment(a, r.ID)); err != nil {
			return fmt.Errorf("updating trigger %v: %w", name, err)
		}
		r.automations = append(r.automations, id)
		diff.Remove = slices.Delete(slices.Clone(diff.Remove), at, at+1)
	}
	diff.Create = left
	return nil
}

// removeAutomations deletes what no trigger is behind any more. Where it is not known which of them the deployment owns, the server
// is asked to delete all that it owns, as Prefect does at each deploy, and all are created anew: what was made by hand stays.
func (e *Executor) removeAutomations(ctx context.Context, reg *plan.Registration, diff *plan.AutomationDiff, r *Result) error {
	if len(diff.Remove) == 0 {
		return nil
	}
	if !diff.Sure {
		if err := e.opt.Client.DeleteAutomationsOwnedBy(ctx, prefect.DeploymentResource(r.ID)); err != nil {
			return err
		}
		diff.Create, r.automations = reg.Automations, nil
		return nil
	}
	for _, a := range diff.Remove {
		if err := e.opt.Client.DeleteAutomation(ctx, idOf(a)); err != nil {
			name, _ := a.Get("name")
			return fmt.Errorf("deleting trigger %v: %w", name, err)
		}
	}
	return nil
}

func idOf(automation *value.Map) string {
	id, _ := automation.Get("id")
	return value.Str(id)
}

func idsOf(automations []*value.Map) []string {
	var ids []string
	for _, a := range automations {
		ids = append(ids, idOf(a))
	}
	return ids
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
