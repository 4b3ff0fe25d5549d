package plan

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// Evaluation gives what templates refer to.
type Evaluation struct {
	Generation schema.Generation
	Env        func(name string) (string, bool)

	// Outputs are the step outputs known: by step id, and flat.
	Outputs *value.Map

	// Known gives, for a partial evaluation without Outputs, a new map of those that follow from the
	// file; see model.Links. May be nil.
	Known func(*model.Deployment) *value.Map

	// Blocks and Variables read from the server. Either may be nil: its references then stay as they are written.
	Blocks    template.BlockSource
	Variables func(name string) (value.Value, bool, error)

	// ResolveBlocks makes Prefect 3's way of it: blocks in job variables are stored by value. Otherwise, as in Prefect 2,
	// the reference is registered and the worker resolves it.
	ResolveBlocks bool

	// Partial keeps what has no value yet as it is written. Without it, it disappears, as in Prefect.
	Partial bool

	Now time.Time // an interval's anchor date, when it has none
}

// Registration is a deployment as it is registered.
type Registration struct {
	Generation schema.Generation
	FlowName   string
	Name       value.Value
	Entrypoint value.Value

	Description     value.Value
	Version         value.Value
	VersionInfo     *value.Map // Prefect 3
	Tags            value.Value
	Parameters      value.Value
	ParameterSchema *value.Map // nil when it is not known yet
	WorkPool        value.Value
	WorkQueue       value.Value
	JobVariables    value.Value
	PullSteps       []value.Value
	PullOmitted     bool

	Paused      value.Value // nil when the file does not say
	Enforce     value.Value // nil when the file does not say
	Schedules   []Schedule
	Concurrency value.Value // Prefect 3: limit
	Collision   *value.Map  // Prefect 3: options

	Automations []*value.Map // without owner and deployment id, see Automation
	SLAs        []value.Value
	SLASet      bool

	keptSchedules               []value.Value // the server's, to be left as they are
	keepSchedules, keepTriggers bool
	paused                      []int // schedules, counted from one, that stay paused
}

// Evaluate fills in a deployment's configuration, in Prefect's order of passes: blocks, variables, environment, step outputs.
func (d *Deployment) Evaluate(e Evaluation) (*Registration, error) {
	if e.Partial && e.Outputs == nil && e.Known != nil {
		e.Outputs = e.Known(d.Model)
		if d.JobVariables != nil { // Prefect offers those of the command line as outputs
			for _, p := range d.JobVariables.Pairs {
				e.Outputs.Set(p.Key, p.Value)
			}
		}
	}
	if tags, has := d.Config.Get("tags"); has && tags == nil && e.Generation == schema.Prefect3 {
		return nil, &FieldError{"tags", errNullTags}
	}
	config, err := d.beforeSteps(e)
	if err != nil {
		return nil, fmt.Errorf("deployment %s: %w", d.Name(), err)
	}
	r, err := d.afterSteps(config, e)
	if err != nil {
		return nil, fmt.Errorf("deployment %s: %w", d.Name(), err)
	}
	return r, nil
}

// errNullTags is what Prefect 3 crashes over; Prefect 2 takes null for no tags.
var errNullTags = errors.New("are null: write a list, or leave the key out")

// registeredKeys are the parts of a deployment that take part in templating, apart from job variables and triggers.
var registeredKeys = []string{
	"name", "version", "version_type", "tags", "description", "entrypoint", "parameters", "enforce_parameter_schema",
	"paused", "schedules", "concurrency_limit", "triggers", "sla",
}

// beforeSteps resolves what Prefect resolves before any step runs.
func (d *Deployment) beforeSteps(e Evaluation) (*value.Map, error) {
	config := &value.Map{}
	for _, k := range registeredKeys {
		if v, has := d.Config.Get(k); has {
			config.Set(k, v)
		}
	}
	pool := value.Clone(sub(d.Config, "work_pool")).(*value.Map)
	jobVariables, _ := pool.Get("job_variables")
	pool.Delete("job_variables")
	config.Set("work_pool", pool)

	resolved, err := e.resolve(config, true)
	if err != nil {
		return nil, err
	}
	if e.Generation == schema.Prefect3 { // Prefect 2 leaves them to the worker
		if jobVariables, err = e.resolve(jobVariables, e.ResolveBlocks); err != nil {
			return nil, fmt.Errorf("job_variables: %w", err)
		}
	}
	out := resolved.(*value.Map)
	sub(out, "work_pool").Set("job_variables", jobVariables)
	return out, nil
}

// resolve is the block, variable and environment pass. The last one looks names up in nothing: Prefect takes {{ NAME }}
// from the environment here, which makes results depend on the machine.
func (e Evaluation) resolve(v value.Value, blocks bool) (value.Value, error) {
	var err error
	if blocks && e.Blocks != nil {
		if v, err = template.Blocks(v, int(e.Generation), e.Blocks); err != nil {
			return nil, err
		}
	}
	if e.Variables != nil {
		if v, err = template.Variables(v, e.Variables); err != nil {
			return nil, err
		}
	}
	v, _, err = template.Pass{Env: e.Env, Keep: true, KeepItems: true}.Apply(v)
	return v, err
}

// outputs is the pass that puts step outputs in.
func (e Evaluation) outputs() template.Pass {
	p := template.Pass{Values: e.Outputs, Env: e.Env, Keep: e.Partial, KeepItems: e.Partial}
	if e.Generation == schema.Prefect3 {
		p.SkipPrefix = "ctx."
	}
	return p
}

func (d *Deployment) afterSteps(config *value.Map, e Evaluation) (*Registration, error) {
	r := &Registration{Generation: e.Generation, FlowName: d.Flow.Name, ParameterSchema: d.Flow.Schema}
	if err := r.addTriggers(config, e); err != nil {
		return nil, err
	}
	if err := r.addSchedules(config, e); err != nil {
		return nil, err
	}
	config.Delete("triggers")
	config.Delete("schedules")
	written, _ := config.Get("description")
	applied, _, err := e.outputs().Apply(config)
	if err != nil {
		return nil, err
	}
	c := applied.(*value.Map)
	pool := sub(c, "work_pool")
	r.Name, _ = c.Get("name")
	r.Entrypoint, _ = c.Get("entrypoint")
	r.Parameters, _ = c.Get("parameters")
	r.WorkPool, _ = pool.Get("name")
	r.WorkQueue, _ = pool.Get("work_queue_name")
	r.JobVariables, _ = pool.Get("job_variables")
	r.Paused, _ = c.Get("paused")
	r.Enforce, _ = c.Get("enforce_parameter_schema")
	if sla, has := c.Get("sla"); has && sla != nil {
		r.SLAs, _ = sla.([]value.Value)
		r.SLASet = true
	}
	tags, _ := c.Get("tags")
	r.Tags = tagList(tags, e.Generation)
	if e.Generation == schema.Prefect2 {
		r.Parameters, r.JobVariables = textKeys(r.Parameters), textKeys(r.JobVariables)
	}
	r.addText(c, d, written)
	r.addConcurrency(c)
	r.addVersion(c, d)
	return r, r.addPull(d, e)
}

// textKeys makes text of a mapping's own keys, as Prefect 2 does: True, 1.
func textKeys(v value.Value) value.Value {
	m, ok := v.(*value.Map)
	if !ok {
		return v
	}
	out := &value.Map{}
	for _, p := range m.Pairs {
		out.Set(value.Str(p.Key), p.Value)
	}
	return out
}

// addText sets description and a version of the file; the flow's docstring stands in for a missing description.
//
// In Prefect 2 it does so only for one that is not written, not for one that a step leaves empty.
func (r *Registration) addText(c *value.Map, d *Deployment, written value.Value) {
	r.Description, _ = c.Get("description")
	if !value.Truthy(r.Description) {
		r.Description = nil
		if d.Flow.Description != "" && (r.Generation == schema.Prefect3 || !value.Truthy(written)) {
			r.Description = d.Flow.Description
		}
	}
	r.Version, _ = c.Get("version")
	if r.Generation == schema.Prefect2 {
		if !value.Truthy(r.Name) {
			r.Name = nil // "name: off" is none
		}
		for _, field := range []*value.Value{&r.Version, &r.Description, &r.Name} {
			if *field != nil {
				*field = value.Str(*field) // Prefect 2 turns numbers and flags into text
			}
		}
	}
	if s, ok := r.Name.(string); ok && r.Generation == schema.Prefect3 {
		r.Name = strings.TrimSuffix(s, ".py")
	}
}

// addVersion completes the version as Prefect 3 does: the file's, else the version control system's, else the flow's,
// else the hash of the flow's file.
func (r *Registration) addVersion(c *value.Map, d *Deployment) {
	if r.Generation != schema.Prefect3 {
		return
	}
	fromFile := value.Truthy(r.Version)
	if !fromFile {
		r.Version = nil
		if d.Flow.Version != "" {
			r.Version = d.Flow.Version
		} else if d.Flow.Hash != "" {
			r.Version = d.Flow.Hash
		}
	}
	info := d.Version.Info
	if kind := text(c, "version_type"); kind != "" {
		info = d.Version.ByType[kind]
	}
	if d.Version.Later {
		r.VersionInfo = value.NewMap("type", Hole{"git"}, "version", orEmpty(r.Version))
		if !fromFile {
			r.Version = Hole{"git commit, or the hash of the flow's file"}
			r.VersionInfo.Set("version", r.Version)
		}
		return
	}
	if info == nil {
		r.VersionInfo = value.NewMap("type", simpleVersion, "version", orEmpty(r.Version))
		return
	}
	r.VersionInfo = value.Clone(info).(*value.Map)
	if !fromFile {
		r.Version, _ = info.Get("version")
	}
	r.VersionInfo.Set("version", r.Version)
}

const simpleVersion = "prefect:simple"

func orEmpty(v value.Value) value.Value {
	if v == nil {
		return ""
	}
	return v
}

func (r *Registration) addConcurrency(c *value.Map) {
	if r.Generation != schema.Prefect3 {
		return
	}
	r.Concurrency, _ = c.Get("concurrency_limit")
	switch limit := r.Concurrency.(type) {
	case *value.Map:
		r.Concurrency, _ = limit.Get("limit")
		strategy, _ := limit.Get("collision_strategy")
		r.Collision = value.NewMap("collision_strategy", strategy)
		if grace, _ := limit.Get("grace_period_seconds"); grace != nil {
			r.Collision.Set("grace_period_seconds", grace)
		}
	case string:
		if n, ok := value.ParseInt(limit); ok {
			r.Concurrency = n
		}
	}
}

// addPull fills step outputs and, as Prefect does, the deploying machine's environment into the pull steps. What has no
// value stays for the run.
func (r *Registration) addPull(d *Deployment, e Evaluation) error {
	r.PullOmitted = d.PullSource == PullOmitted
	v, _, err := template.Pass{Values: e.Outputs, Env: e.Env, Keep: true, KeepItems: true}.Apply(d.Pull)
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	r.PullSteps, _ = v.([]value.Value)
	return nil
}

// tagList makes tags text, as both servers store them: a string counts as a list of its letters.
func tagList(v value.Value, generation schema.Generation) value.Value {
	var items []value.Value
	switch v := v.(type) {
	case []value.Value:
		items = v
	case *value.Map:
		for _, p := range v.Pairs {
			items = append(items, p.Key)
		}
	case string:
		if template.Has(v) {
			return v // not known yet
		}
		for _, letter := range v {
			items = append(items, string(letter))
		}
	}
	out := []value.Value{}
	for _, item := range items {
		s := value.Str(item)
		if s == "" && generation == schema.Prefect3 {
			continue
		}
		out = append(out, s)
	}
	return out
}
