package executor

import (
	"context"
	"fmt"
	"time"

	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor/step"
	"github.com/prefectc/prefectc/plan"
)

// memo is the result of a step that deployments share.
type memo struct {
	outputs *value.Map
	dir     string // working directory afterwards
	err     error
}

// StepError is the failure of a step.
type StepError struct {
	Step *plan.Step
	Err  error
}

func (e *StepError) Error() string { return fmt.Sprintf("step %s failed: %v", e.Step.Path, e.Err) }

// Unwrap gives the cause.
func (e *StepError) Unwrap() error { return e.Err }

// runSteps runs the build and push steps of a deployment, in the plan's directory, and returns their outputs: under each
// step's id, and all together flat, where the last one wins.
func (e *Executor) runSteps(ctx context.Context, d *plan.Deployment) (*value.Map, error) {
	outputs := &value.Map{}
	e.runner.Dir, e.runner.Env = e.plan.Dir, e.opt.Env
	seen := map[string]int{}
	for _, list := range [][]*plan.Step{d.Build, d.Push} {
		for _, s := range list {
			out, err := e.runStep(ctx, d, s, outputs, seen)
			if err != nil {
				return nil, &StepError{s, err}
			}
			if out == nil {
				continue
			}
			if s.Key != nil {
				outputs.Set(s.Key, out)
			}
			for _, p := range out.Pairs {
				outputs.Set(p.Key, p.Value)
			}
		}
	}
	for _, p := range d.JobVariables.Pairs {
		outputs.Set(p.Key, p.Value)
	}
	return outputs, nil
}

// runStep resolves a step's inputs and runs it, unless the same step has run before with the same inputs. Within one
// deployment a repeated step runs again: seen counts them.
func (e *Executor) runStep(ctx context.Context, d *plan.Deployment, s *plan.Step, outputs *value.Map, seen map[string]int) (*value.Map, error) {
	inputs, err := e.resolveInputs(ctx, s, outputs)
	if err != nil {
		return nil, err
	}
	key, err := stepKey(e.runner.Dir, s, inputs)
	if err != nil {
		return nil, err
	}
	seen[key]++
	key = fmt.Sprintf("%s#%d", key, seen[key])
	if done := e.memo[key]; done != nil && e.opt.Share {
		e.started(d, s, true)
		e.runner.Dir = done.dir
		return done.outputs, done.err
	}
	e.started(d, s, false)
	e.runner.Output = func(line string, _ step.Stream) {
		if e.opt.Events != nil {
			e.opt.Events.StepOutput(d, s, line)
		}
	}
	begin := time.Now()
	out, err := e.runner.Run(ctx, step.Call{Path: s.Path, Inputs: inputs, Requires: s.Requires})
	if e.opt.Events != nil {
		e.opt.Events.StepDone(d, s, time.Since(begin), err)
	}
	e.memo[key] = &memo{out, e.runner.Dir, err}
	return out, err
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

// stepKey is equal for steps that do the same: function, inputs, requirements and directory.
func stepKey(dir string, s *plan.Step, inputs *value.Map) (string, error) {
	text, err := value.Canonical(inputs)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s\x00%s\x00%v\x00%s", dir, s.Path, s.Requires, text), nil
}
