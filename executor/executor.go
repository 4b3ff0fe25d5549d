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
	// Beside is an executor of another plan for the same server, whose reads of blocks, variables and pools count for
	// this one too. May be nil.
	Beside *Executor

	Events Events
	Now    func() time.Time
}

// DefaultParallel suits a Prefect server on SQLite, which answers 503 when writes meet: of 100 creations 8 had to be sent again with 2
// at once, 20 with 4, and with 16 it dropped connections.
const DefaultParallel = 2

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

	fields      map[string]string // digests of what was registered
	automations []string          // created
	replaced    bool              // all that there were
}

// Executor carries out one plan.
type Executor struct {
	plan *plan.Plan
	opt  Options

	server *server
	runner *step.Runner
	memo   map[string]*memo // shared step results

	conformity conformity

	configs map[*plan.Deployment]string // digests of what makes them

	flowsMu sync.Mutex
	flows   map[string]*flowID
}

// New makes an executor. Close must be called to end the Python child it may start.
func New(p *plan.Plan, opt Options) *Executor {
	if opt.Parallel <= 0 {
		opt.Parallel = DefaultParallel
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	e := &Executor{plan: p, opt: opt, memo: map[string]*memo{}, flows: map[string]*flowID{}}
	e.configs = map[*plan.Deployment]string{}
	e.server = &server{client: opt.Client}
	if opt.Beside != nil && opt.Beside.opt.Client == opt.Client {
		e.server = opt.Beside.server
	}
	e.runner = &step.Runner{
		Generation: int(p.Generation), Dir: p.Dir, Env: opt.Env, Python: opt.Python, Redact: e.redact,
	}
	return e
}

func (e *Executor) redact(text string) string {
	if e.opt.Client == nil {
		return text
	}
	return e.opt.Client.Redact(text)
}

// Close ends the Python child.
func (e *Executor) Close() error { return e.runner.Close() }

// Apply runs the steps and registers the deployments that change. Every deployment has a result, in the order of the plan;
// the failure of one does not stop the others. The error is that of ctx.
func (e *Executor) Apply(ctx context.Context) ([]Result, error) {
	results := make([]Result, len(e.plan.Deployments))
	slots := make(chan struct{}, e.opt.Parallel)
	same := map[string]chan struct{}{} // by name: closed when the deployment before is registered
	var wait sync.WaitGroup
	for i, d := range e.plan.Deployments {
		results[i] = Result{Deployment: d, Action: d.Action}
		if err := ctx.Err(); err != nil {
			results[i].Err = err
			continue
		}
		if done, ok := e.finished(ctx, d); ok {
			results[i] = done
			e.registered(done)
			continue
		}
		outputs, err := e.runSteps(ctx, d)
		if err != nil {
			results[i].Err = err
			e.record(&results[i])
			e.registered(results[i])
			continue
		}
		before, done := same[d.FullName()], make(chan struct{})
		same[d.FullName()] = done
		wait.Add(1)
		go func() {
			defer wait.Done()
			defer close(done)
			if before != nil {
				<-before
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			results[i] = e.register(ctx, d, outputs, before != nil)
			e.record(&results[i])
			e.registered(results[i])
		}()
	}
	wait.Wait()
	return results, ctx.Err()
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
