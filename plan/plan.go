package plan

import (
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// Plan is everything one apply does.
type Plan struct {
	Generation  schema.Generation
	File        *source.File // the prefect.yaml; nil when there is none
	Dir         string       // the directory that entrypoints and steps are relative to; absolute
	Deployments []*Deployment

	// Gone are deployments that the file created and no longer has.
	Gone []*Gone

	// Ignored are options that were given but change nothing, each with the reason: "--name: --all takes all deployments".
	Ignored []string
}

// Deployment is one deployment to register.
type Deployment struct {
	Model *model.Deployment // nil for one given on the command line alone
	File  *source.File

	// Config is the deployment's section with the command line's options and Prefect's defaults in place and all
	// templates as written.
	Config *value.Map

	Build, Push []*Step
	Pull        []value.Value // steps as they are registered, templates as written
	PullSource  PullSource

	Entrypoint string // with environment templates filled in
	Flow       Flow
	Version    VersionSource

	// JobVariables given on the command line; Prefect offers them as step outputs too.
	JobVariables *value.Map

	Registration *Registration // partial, see Evaluate
	Masked       *Registration // the same with references to blocks as they are written, to be shown; nil without any
	Live         *Live         // nil without a server
	Action       Action
	Changes      []Change
	Kept         []Change // changes of the server's that stay
	Lost         bool     // it was registered, and the server does not have it any more
	Left         bool     // so it stays, and no steps run for it

	replaced map[string]bool // fields that options replaced
	idle     []string        // options that change nothing, as in Plan.Ignored
}

// PullSource says where the pull steps come from.
type PullSource string

// Sources of pull steps.
const (
	PullWritten  PullSource = "file"    // the deployment's own or the file's
	PullDefault  PullSource = "default" // made by Prefect: the deploying directory or an image's
	PullDisabled PullSource = "none"    // "pull: []" in Prefect 3
	PullOmitted  PullSource = "omitted" // a docker build step without any pull: nothing is registered
)

// Action is what happens to a deployment.
type Action string

// Actions of a plan.
const (
	Create  Action = "create"
	Update  Action = "update"
	None    Action = "none"
	Delete  Action = "delete"
	Unknown Action = "unknown" // not compared with a server
)

// Step is one step to run.
type Step struct {
	Section  model.Section
	Path     string // import path
	ID       string
	Key      value.Value // the id with its YAML type, under which the outputs are known; nil without one
	Inputs   *value.Map  // templates as written, without id and requires
	Requires []string
	Source   source.Span
	File     *source.File
}

// Flow is what is known of the flow behind the entrypoint without running it. What is not Known is asked of Python when
// the plan is applied.
type Flow struct {
	Name        string
	Description string
	Version     string // the decorator's; "" without one
	Hash        string // MD5 of the flow's file, the version Prefect gives a flow without one
	Schema      *value.Map

	Known       bool   // name, description and version are certain
	SchemaKnown bool   // Schema is exactly Prefect's
	Why         string // what kept it from being known
}

// VersionSource is what Prefect 3 takes a version from when the file has none; Prefect 2 ignores it.
type VersionSource struct {
	Info   *value.Map            // version_info as Prefect infers it from the environment or git; nil when it infers nothing
	ByType map[string]*value.Map // the same for a version_type the file asks for
	Later  bool                  // not looked at yet: a plan that starts no process cannot ask git
}

// Live is what the server holds for a deployment.
type Live struct {
	ID          string
	Deployment  *value.Map   // the API's answer; nil when there is none
	Automations []*value.Map // those that act on it
	Ownership   Ownership
}

// Change is one field that would change.
type Change struct {
	Path     string // parameters.number
	Old, New value.Value
	OldSet   bool // false when the field was not there
	NewSet   bool
	By       Cause
}

// FullName is flow/name, the name a deployment has on the server.
func (d *Deployment) FullName() string {
	flow := d.Flow.Name
	if flow == "" {
		flow = "?"
	}
	return flow + "/" + d.Name()
}

// Name is the deployment's name with what is known filled in.
func (d *Deployment) Name() string {
	if d.Registration != nil {
		return value.Str(d.Registration.Name)
	}
	name, _ := d.Config.Get("name")
	return value.Str(name)
}

// FieldError is a field whose value, with its templates filled in, Prefect does not take.
type FieldError struct {
	Path string // below the deployment: schedules[0].cron
	Err  error  // for a schedule a *schedule.ItemError
}

func (e *FieldError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap gives the reason.
func (e *FieldError) Unwrap() error { return e.Err }

// text reads a string of a mapping, "" for anything else.
func text(m *value.Map, key string) string {
	v, _ := m.Get(key)
	s, _ := v.(string)
	return s
}

// sub reads a mapping of a mapping, nil for anything else.
func sub(m *value.Map, key string) *value.Map {
	v, _ := m.Get(key)
	s, _ := v.(*value.Map)
	return s
}
