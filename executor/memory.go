package executor

import (
	"context"
	"fmt"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/journal"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/prefect"
)

// Memory is what is known of earlier applies, and where this one is written down.
type Memory struct {
	State  *journal.State
	Target journal.Target

	// Journal records this apply; nil while nothing is done.
	Journal *journal.Journal
	// Finished are deployments that an apply which did not come to its end has finished, by the digest of what made
	// them. They are skipped.
	Finished map[string]journal.Record
	// Kind names the meaning of a failure.
	Kind func(Result) string
}

// DriftPolicy says what becomes of what was changed on the server since the last apply.
type DriftPolicy string

// Policies.
const (
	Overwrite DriftPolicy = "overwrite" // the file wins, as in Prefect
	Keep      DriftPolicy = "keep"      // what only the server changed stays
	Fail      DriftPolicy = "fail"      // nothing is done
)

func (m *Memory) applied(name string) *journal.Deployment {
	if m == nil {
		return nil
	}
	return m.State.Of(m.Target)[name]
}

// owned is the live deployment with what is known of its automations.
func (m *Memory) owned(name string, l *plan.Live) *plan.Live {
	if before := m.applied(name); before != nil && before.ID == l.ID && !before.Unsure && !before.Pending {
		l.Own(before.Automations)
	}
	return l
}

// remember compares a deployment with what the last apply made of it, and carries the policy out.
func (e *Executor) remember(d *plan.Deployment) {
	before := e.opt.Memory.applied(d.FullName())
	if before == nil {
		return
	}
	if d.Live.Deployment == nil {
		d.Lost = before.ID != ""
	} else {
		d.Attribute(plan.Applied{Digest: e.opt.Memory.State.Digest, Fields: before.Fields})
	}
	if e.opt.OnDrift == Keep && (d.Lost || d.Live.Deployment != nil) {
		d.KeepDrift()
	}
}

// Config is the digest of what makes a deployment, as it was before any step ran; "" before Prepare.
func (e *Executor) Config(d *plan.Deployment) string {
	if e.opt.Memory == nil || e.opt.Memory.State == nil {
		return ""
	}
	return e.configs[d]
}

// finished looks for a deployment among those that the apply before has finished, and whether the server still has it.
func (e *Executor) finished(ctx context.Context, d *plan.Deployment) (Result, bool) {
	m := e.opt.Memory
	if m == nil || len(m.Finished) == 0 {
		return Result{}, false
	}
	done, ok := m.Finished[e.Config(d)]
	if !ok || done.ID == "" {
		return Result{}, false
	}
	if d.Live == nil || d.Live.ID != done.ID {
		if !plan.Unresolved(d.Registration.Name) {
			return Result{}, false
		}
		if _, err := e.opt.Client.ReadDeployment(ctx, done.ID); err != nil {
			return Result{}, false
		}
	}
	return Result{Deployment: d, Action: plan.None, ID: done.ID, Resumed: true}, true
}

// intend writes down that the server is about to be written to.
func (e *Executor) intend(d *plan.Deployment, action plan.Action, id string) error {
	m := e.opt.Memory
	if m == nil || m.Journal == nil {
		return nil
	}
	return m.Journal.Write(journal.Record{
		Event: journal.Intended, Deployment: d.FullName(), Config: e.Config(d), Action: string(action), ID: id,
	})
}

// record writes down what became of a deployment, whose failure it adds to when it cannot.
func (e *Executor) record(r *Result) {
	m := e.opt.Memory
	if m == nil || m.Journal == nil {
		return
	}
	line := journal.Record{
		Event: journal.Done, Deployment: r.Deployment.FullName(), Config: e.Config(r.Deployment), Action: string(r.Action), ID: r.ID,
		Same: r.same, Automations: r.automations, Fields: r.fields,
	}
	if r.Err != nil {
		line.Event, line.Error, line.Fields = journal.Failed, "failed", nil
		if m.Kind != nil {
			line.Error = m.Kind(*r)
		}
	}
	if err := m.Journal.Write(line); err != nil && r.Err == nil {
		r.Err = err
	}
}

// Gone lists the deployments among the given ones, by flow/name, that the server still has as they were registered, and
// forgets about the others.
func (e *Executor) Gone(ctx context.Context, owned map[string]*journal.Deployment, names map[string]prefect.DeploymentName) ([]*plan.Gone, error) {
	if len(names) == 0 {
		return nil, nil
	}
	asked := make([]prefect.DeploymentName, 0, len(names))
	for _, n := range names {
		asked = append(asked, n)
	}
	live, err := e.opt.Client.ReadDeploymentsByName(ctx, asked)
	if err != nil {
		return nil, err
	}
	var gone []*plan.Gone
	for full, n := range names {
		have := live[n]
		if have == nil || have.ID != owned[full].ID {
			continue
		}
		g := &plan.Gone{Flow: n.Flow, Name: n.Deployment, ID: have.ID, FlowID: have.FlowID}
		applied := plan.Applied{Digest: e.opt.Memory.State.Digest, Fields: owned[full].Fields}
		switch original := e.opt.Memory.State.Original(); {
		case original != "":
			g.Why = fmt.Sprintf("this directory was copied from %s, which created it", original)
		case e.opt.OnDrift != Overwrite && !applied.Untouched(have.Fields):
			g.Why = "it was changed on the server since the last apply; --on-drift overwrite deletes it all the same"
		}
		gone = append(gone, g)
	}
	return gone, nil
}

// Prune deletes what left the file, each after another look whether it is still what it was taken for.
func (e *Executor) Prune(ctx context.Context, gone []*plan.Gone) []Result {
	results := make([]Result, 0, len(gone))
	for _, g := range gone {
		d := &plan.Deployment{Config: value.NewMap("name", g.Name), Flow: plan.Flow{Name: g.Flow}, Action: plan.Delete}
		r := Result{Deployment: d, Action: plan.Delete, ID: g.ID}
		if r.Err = e.intend(d, plan.Delete, g.ID); r.Err == nil {
			r.Err = e.remove(ctx, g)
		}
		e.record(&r)
		e.registered(r)
		results = append(results, r)
	}
	return results
}

// remove deletes a deployment, its triggers first, so that none fires for what is not there.
func (e *Executor) remove(ctx context.Context, g *plan.Gone) error {
	have, err := e.opt.Client.ReadDeployment(ctx, g.ID)
	if prefect.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if have.Name != g.Name || have.FlowID != g.FlowID {
		return &renamedError{have.Name}
	}
	if e.takesAutomations() {
		if err := e.opt.Client.DeleteAutomationsOwnedBy(ctx, prefect.DeploymentResource(g.ID)); err != nil {
			return err
		}
	}
	if err := e.opt.Client.DeleteDeployment(ctx, g.ID); err != nil && !prefect.IsNotFound(err) {
		return err
	}
	return nil
}

// renamedError is a deployment that got another name or flow while the plan was looked at.
type renamedError struct{ now string }

func (e *renamedError) Error() string {
	return "it is another deployment now, called " + value.Repr(e.now) + ", and is left alone"
}
