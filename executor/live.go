package executor

import (
	"context"
	"sync"

	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/prefect"
	"github.com/prefectc/prefectc/schema"
)

// Live is what the server holds for some deployments. It is read while the plan is still being made and looked at: the server's
// answer is most of what an apply without changes waits for.
type Live struct {
	names []prefect.DeploymentName
	done  sync.WaitGroup

	deployments               map[prefect.DeploymentName]*prefect.Deployment
	automations               map[string][]*value.Map // by deployment id
	deploymentsErr, eventsErr error
}

// ReadLive starts to read deployments and their automations. The result is given to the Executor of a plan with them.
func ReadLive(ctx context.Context, client *prefect.Client, g schema.Generation, getenv func(string) (string, bool), names []prefect.DeploymentName) *Live {
	l := &Live{names: names}
	if client == nil || len(names) == 0 {
		return l
	}
	l.done.Go(func() { l.deployments, l.deploymentsErr = client.ReadDeploymentsByName(ctx, names) })
	if takesAutomations(client, g, getenv) {
		l.done.Go(func() { l.automations, l.eventsErr = readAutomations(ctx, client) })
	}
	return l
}

func (e *Executor) readLive(ctx context.Context, names []prefect.DeploymentName) *Live {
	return ReadLive(ctx, e.opt.Client, e.plan.Generation, e.opt.Getenv, names)
}

// wait gives what was read.
func (l *Live) wait() (map[prefect.DeploymentName]*prefect.Deployment, map[string][]*value.Map, error) {
	l.done.Wait()
	if l.deploymentsErr != nil {
		return nil, nil, l.deploymentsErr
	}
	return l.deployments, l.automations, l.eventsErr
}

// covers reports whether all these names were asked for.
func (l *Live) covers(names []prefect.DeploymentName) bool {
	if l == nil {
		return false
	}
	asked := make(map[prefect.DeploymentName]bool, len(l.names))
	for _, n := range l.names {
		asked[n] = true
	}
	for _, n := range names {
		if !asked[n] {
			return false
		}
	}
	return true
}

// plainNames are the names that are known before anything is filled in.
func (e *Executor) plainNames() []prefect.DeploymentName {
	var names []prefect.DeploymentName
	for _, d := range e.plan.Deployments {
		name, _ := d.Config.Get("name")
		if s, ok := name.(string); ok && s != "" && d.Flow.Name != "" && !template.Has(s) {
			names = append(names, prefect.DeploymentName{Flow: d.Flow.Name, Deployment: s})
		}
	}
	return names
}
