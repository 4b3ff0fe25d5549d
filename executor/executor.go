package executor

import (
	"context"
	"sync"
	"time"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/step"
	"github.com/prefectc/prefectc/plan"
	"github.com/prefectc/prefectc/prefect"
)

// Options say how a plan is carried out.
type Options struct {
	Client *prefect.Client
	Env    []string // of the steps, as os.Environ gives it
	Getenv func(name string) (string, bool)
	Python string // interpreter for steps and flows; "" looks for it

	// Parallel is how many deployments are registered at once; 0 is DefaultParallel.
	Parallel int
	// ParallelSteps is of how many deployments steps may run at once; 0 is DefaultParallelSteps.
	ParallelSteps int
	// StepTimeout ends a step that takes longer; 0 lets it take its time, as Prefect does.
	StepTimeout time.Duration
	// Hurry, once closed, ends interrupted steps at once. May be nil.
	Hurry <-chan struct{}
	// Share runs each distinct resolved step once, whatever the number of deployments that have it.
	Share bool
	// Known gives the step outputs that follow from the file; see plan.Evaluation. May be nil.
	Known func(*model.Deployment) *value.Map
	// ResolveBlocks stores blocks found in job variables by value, as Prefect 3 does.
	ResolveBlocks bool
	// Allow are the rules whose findings do not stop an apply.
	Allow []string

	// Early is what was asked of the server before the plan was made; nil asks when the plan is prepared.
	Early *Live

	// Memory is what is known of earlier applies; nil for nothing.
	Memory *Memory
	// OnDrift says what becomes of what was changed on the server since.
	OnDrift DriftPolicy
	// Beside is an executor of another plan for the same server, whose reads of blocks, variables and pools and whose steps
	// count for this one too. May be nil.
	Beside *Executor

	Events Events
	Now    func() time.Time
}

// DefaultParallel is how many deployments are at work at once at most. How many writes really reach the server at the same time is up to
// the client, which finds out what the server bears.
const DefaultParallel = 16

// DefaultParallelSteps keeps a container engine busy without starving it.
const DefaultParallelSteps = 4

// Events hears what happens while a plan is carried out. Methods may be called concurrently.
type Events interface {
	StepStarted(d *plan.Deployment, s *plan.Step, shared bool)
	StepOutput(d *plan.Deployment, s *plan.Step, line string)
	StepDone(d *plan.Deployment, s *plan.Step, took time.Duration, err error)
	Registered(r Result)
}

// Result is what became of one deployment.
type Result struct {
	Deployment *plan.Deployment
	Action     plan.Action // what was done; for a failure what was tried
	ID         string
	Changes    []plan.Change
	Resumed    bool // it was done by the apply that this one resumes
	Err        error

	same        bool              // the server held all of it already, but for triggers
	fields      map[string]string // digests of what was registered
	automations []string          // ids of what the triggers are
}

// Executor carries out one plan.
type Executor struct {
	plan *plan.Plan
	opt  Options

	server   *server
	crew     *crew
	slots    chan struct{} // holds one for each deployment that is being registered
	children *step.Children

	conformity conformity

	configs map[*plan.Deployment]string // digests of what makes them
}

// New makes an executor. Close must be called to end the Python child it may start.
func New(p *plan.Plan, opt Options) *Executor {
	if opt.Parallel <= 0 {
		opt.Parallel = DefaultParallel
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.ParallelSteps <= 0 {
		opt.ParallelSteps = DefaultParallelSteps
	}
	e := &Executor{plan: p, opt: opt, children: step.NewChildren(p.Dir)}
	e.configs = map[*plan.Deployment]string{}
	if opt.Beside != nil && opt.Beside.opt.Client == opt.Client {
		e.server, e.crew, e.slots = opt.Beside.server, opt.Beside.crew, opt.Beside.slots
	} else {
		e.server, e.crew, e.slots = &server{client: opt.Client}, newCrew(opt.ParallelSteps), make(chan struct{}, opt.Parallel)
	}
	return e
}

// newRunner makes a runner of steps that begins in the plan's directory.
func (e *Executor) newRunner() *step.Runner {
	return &step.Runner{
		Generation: int(e.plan.Generation), Dir: e.plan.Dir, Env: e.opt.Env, Python: e.opt.Python, Children: e.children, Redact: e.redact,
		Hurry: e.opt.Hurry,
	}
}

func (e *Executor) redact(text string) string {
	if e.opt.Client == nil {
		return text
	}
	return e.opt.Client.Redact(text)
}

// Close ends the Python children.
func (e *Executor) Close() error { return e.children.Close() }

// Apply runs the steps and registers the deployments that change. Every deployment has a result, in the order of the plan;
// the failure of one does not stop the others. The error is that of ctx.
func (e *Executor) Apply(ctx context.Context) ([]Result, error) { return Apply(ctx, []*Executor{e}) }

// Apply carries out the plans of several executors, each but the first made beside the first, as one.
func Apply(ctx context.Context, executors []*Executor) ([]Result, error) {
	a := &apply{same: map[string]chan struct{}{}}
	var withSteps []func()
	for _, e := range executors {
		for _, d := range e.plan.Deployments {
			j := a.job(e, d)
			touches := e.touchesOf(d)
			if len(touches) == 0 || d.Left {
				a.start(func() { j.finish(ctx, nil) })
				continue
			}
			withSteps = append(withSteps, func() {
				c, err := e.crew.enter(ctx, touches)
				if err != nil {
					j.fail(err)
					return
				}
				a.start(func() { j.finish(ctx, c) })
			})
		}
	}
	for _, enter := range withSteps { // in order: each waits for a lane
		enter()
	}
	a.wait.Wait()
	results := make([]Result, len(a.jobs))
	for i, j := range a.jobs {
		results[i] = j.result
	}
	return results, ctx.Err()
}

// apply is one call of Apply.
type apply struct {
	jobs []*job
	same map[string]chan struct{} // by name: closed when the deployment before is done with
	wait sync.WaitGroup
}

// job is one deployment of an apply.
type job struct {
	*Executor
	result Result
	before chan struct{} // closed when the one before of the same name is done with; nil without one
	done   chan struct{}
}

func (a *apply) job(e *Executor, d *plan.Deployment) *job {
	name := d.FullName()
	j := &job{Executor: e, result: Result{Deployment: d, Action: d.Action}, before: a.same[name], done: make(chan struct{})}
	a.same[name] = j.done
	a.jobs = append(a.jobs, j)
	return j
}

func (a *apply) start(work func()) {
	a.wait.Add(1)
	go func() { defer a.wait.Done(); work() }()
}

// fail ends a deployment of which nothing was done.
func (j *job) fail(err error) {
	j.result.Err = err
	close(j.done)
}

// finish runs a deployment's steps and registers it.
func (j *job) finish(ctx context.Context, c *chain) {
	defer close(j.done)
	d := j.result.Deployment
	outputs, over := j.prepare(ctx, d, c)
	if over {
		return
	}
	if j.before != nil {
		<-j.before
	}
	j.slots <- struct{}{}
	defer func() { <-j.slots }()
	if j.result.Err = ctx.Err(); j.result.Err != nil {
		return
	}
	j.result = j.register(ctx, d, outputs, j.before != nil)
	j.record(&j.result)
	j.registered(j.result)
}

// prepare runs the steps; over holds when there is nothing left to do then.
func (j *job) prepare(ctx context.Context, d *plan.Deployment, c *chain) (outputs *value.Map, over bool) {
	if c != nil {
		defer j.crew.leave(c)
	}
	if j.result.Err = ctx.Err(); j.result.Err != nil {
		return nil, true
	}
	if d.Left {
		j.registered(j.result)
		return nil, true
	}
	if done, ok := j.finished(ctx, d); ok {
		j.result = done
		j.registered(done)
		return nil, true
	}
	outputs = &value.Map{}
	if c != nil {
		if outputs, j.result.Err = j.runSteps(ctx, d, c); j.result.Err != nil {
			j.record(&j.result)
			j.registered(j.result)
			return nil, true
		}
	}
	for _, p := range d.JobVariables.Pairs {
		outputs.Set(p.Key, p.Value)
	}
	return outputs, false
}

func (e *Executor) registered(r Result) {
	if e.opt.Events != nil {
		e.opt.Events.Registered(r)
	}
}

// evaluation is what a deployment's templates refer to, with the outputs known so far.
func (e *Executor) evaluation(ctx context.Context, outputs *value.Map, partial bool) plan.Evaluation {
	ev := plan.Evaluation{
		Generation: e.plan.Generation, Env: e.opt.Getenv, Outputs: outputs, Partial: partial,
		ResolveBlocks: e.opt.ResolveBlocks, Now: e.opt.Now().UTC(), Known: e.opt.Known,
	}
	if e.opt.Client != nil {
		ev.Blocks = blocks{ctx, e.server}
		ev.Variables = func(name string) (value.Value, bool, error) { return e.server.variable(ctx, name) }
	}
	return ev
}
