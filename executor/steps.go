package executor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/step"
	"github.com/prefectc/prefectc/plan"
)

// memo is the result of a step that deployments share.
type memo struct {
	over    bool // it has ended
	outputs *value.Map
	dir     string   // working directory afterwards
	env     []string // environment afterwards
	err     error
}

// StepError is the failure of a step.
type StepError struct {
	Step *plan.Step
	Err  error
}

func (e *StepError) Error() string {
	if errors.Is(e.Err, context.Canceled) {
		return "step " + e.Step.Path + " was stopped"
	}
	return fmt.Sprintf("step %s failed: %s", e.Step.Path, shorten(e.Err.Error()))
}

// Of a long error, which repeats what the step has printed, the first line and the last ones are told.
const (
	lastLines   = 12
	longestLine = 400
)

func shorten(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if left := len(lines) - 1 - lastLines; left > 0 {
		note := fmt.Sprintf("[%d lines are left out]", left)
		lines = append([]string{lines[0], note}, lines[len(lines)-lastLines:]...)
	}
	for i, line := range lines {
		if len(line) > longestLine {
			lines[i] = strings.ToValidUTF8(line[:longestLine], "") + " [cut]"
		}
	}
	return strings.Join(lines, "\n")
}

// TimeoutError is a step that took too long.
type TimeoutError struct{ Limit time.Duration }

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("it took longer than %s and was ended", e.Limit)
}

// Unwrap gives the cause.
func (e *StepError) Unwrap() error { return e.Err }

// steps runs the build and push steps of one deployment.
type steps struct {
	*Executor
	deployment *plan.Deployment
	chain      *chain
	runner     *step.Runner
	outputs    *value.Map
	seen       map[string]int // how often a step was there: a repeated one runs again
}

// runSteps runs the build and push steps of a deployment, in the plan's directory, and returns their outputs: under each
// step's id, and all together flat, where the last one wins.
func (e *Executor) runSteps(ctx context.Context, d *plan.Deployment, c *chain) (*value.Map, error) {
	run := &steps{Executor: e, deployment: d, chain: c, runner: e.newRunner(), outputs: &value.Map{}, seen: map[string]int{}}
	for _, list := range [][]*plan.Step{d.Build, d.Push} {
		for _, s := range list {
			out, err := run.step(ctx, s)
			if err != nil {
				return nil, &StepError{s, err}
			}
			if out == nil {
				continue
			}
			if s.Key != nil {
				run.outputs.Set(s.Key, out)
			}
			for _, p := range out.Pairs {
				run.outputs.Set(p.Key, p.Value)
			}
		}
	}
	return run.outputs, nil
}

// step resolves a step's inputs and runs it, unless the same step has run before with the same inputs.
func (r *steps) step(ctx context.Context, s *plan.Step) (*value.Map, error) {
	inputs, err := r.resolveInputs(ctx, s, r.outputs)
	if err != nil {
		return nil, err
	}
	key, err := r.key(s, inputs)
	if err != nil {
		return nil, err
	}
	known, err := r.crew.claim(ctx, r.chain, key)
	if err != nil {
		return nil, err
	}
	if known != nil {
		r.started(r.deployment, s, true)
		r.runner.Dir, r.runner.Env = known.dir, known.env
		return known.outputs, known.err
	}
	r.started(r.deployment, s, false)
	r.runner.Output = func(line string, _ step.Stream) {
		if r.opt.Events != nil {
			r.opt.Events.StepOutput(r.deployment, s, line)
		}
	}
	begin := time.Now()
	out, err := r.run(ctx, step.Call{Path: s.Path, Inputs: inputs, Requires: s.Requires})
	if r.opt.Events != nil {
		r.opt.Events.StepDone(r.deployment, s, time.Since(begin), err)
	}
	r.crew.done(r.chain, key, &memo{outputs: out, dir: r.runner.Dir, env: r.runner.Env, err: err})
	return out, err
}

// run runs a step in the time it has.
func (r *steps) run(ctx context.Context, call step.Call) (*value.Map, error) {
	limit := r.opt.StepTimeout
	if limit <= 0 {
		return r.runner.Run(ctx, call)
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, err := r.runner.Run(limited, call)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = &TimeoutError{limit}
	}
	return out, err
}

// key is equal for steps that do the same: function, inputs, requirements, directory, and how often it was there before.
func (r *steps) key(s *plan.Step, inputs *value.Map) (string, error) {
	text, err := value.Canonical(inputs)
	if err != nil {
		return "", err
	}
	key := fmt.Sprintf("%s\x00%s\x00%v\x00%s", r.runner.Dir, s.Path, s.Requires, text)
	r.seen[key]++
	if !r.opt.Share {
		key += "\x00" + r.deployment.FullName() + fmt.Sprintf("\x00%p", r.deployment)
	}
	return fmt.Sprintf("%s#%d", key, r.seen[key]), nil
}

func (e *Executor) started(d *plan.Deployment, s *plan.Step, shared bool) {
	if e.opt.Events != nil {
		e.opt.Events.StepStarted(d, s, shared)
	}
}

// resolveInputs fills in a step's inputs in Prefect's order: outputs and environment, blocks, variables, and once more.
func (e *Executor) resolveInputs(ctx context.Context, s *plan.Step, outputs *value.Map) (*value.Map, error) {
	ev := e.evaluation(ctx, outputs, false)
	v, _, err := template.Pass{Values: outputs, Env: e.opt.Getenv}.Apply(s.Inputs)
	if err != nil {
		return nil, err
	}
	if ev.Blocks != nil {
		if v, err = template.Blocks(v, int(e.plan.Generation), ev.Blocks); err != nil {
			return nil, err
		}
		if v, err = template.Variables(v, ev.Variables); err != nil {
			return nil, err
		}
	}
	v, _, err = template.Pass{Env: e.opt.Getenv}.Apply(v)
	if err != nil {
		return nil, err
	}
	return v.(*value.Map), nil
}
