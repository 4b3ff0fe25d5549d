package plan

import (
	"slices"
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// Cause says who made a live deployment differ from the file, since the last apply.
type Cause string

// Causes of a change. Without a record of an apply every change is the file's.
const (
	ByFile   Cause = ""
	ByServer Cause = "server" // the file says what it said, the server does not
	ByBoth   Cause = "both"
)

// Applied is what the last apply registered, as digests by path.
type Applied struct {
	Digest func(text []byte) string
	Fields map[string]string
}

// fingerprintDepth is how deep mappings are remembered key by key: job_variables.env.NAME.
const fingerprintDepth = 3

// schedulesPath and triggersPath are compared as wholes: servers hold more of them than what was sent.
const (
	schedulesPath = "schedules"
	triggersPath  = "triggers"
	schemaPath    = "parameter_openapi_schema"
)

// Fingerprints are the digests of everything that is registered, to be compared with at the next apply.
func (r *Registration) Fingerprints(digest func(text []byte) string) map[string]string {
	out := map[string]string{}
	add := func(path string, v value.Value) { out[path] = fingerprint(digest, v) }
	for _, p := range r.compared(nil) {
		flatten(p.path, p.desired, add)
	}
	add(schedulesPath, r.writtenSchedules())
	add(triggersPath, r.automationList())
	return out
}

func (r *Registration) writtenSchedules() value.Value {
	list := make([]value.Value, len(r.Schedules))
	for i, s := range r.Schedules {
		list[i] = s.Written
	}
	return list
}

func (r *Registration) automationList() value.Value {
	list := make([]value.Value, len(r.Automations))
	for i, a := range r.Automations {
		list[i] = a
	}
	return list
}

func fingerprint(digest func(text []byte) string, v value.Value) string {
	if nothing(v) {
		v = nil
	}
	text, err := value.Canonical(v)
	if err != nil {
		return "" // a value that no JSON can say, such as infinity; it equals itself
	}
	return digest(text)
}

// flatten gives a value and, down to the depth that is remembered, what its mappings hold.
func flatten(path string, v value.Value, add func(path string, v value.Value)) {
	add(path, v)
	m, ok := v.(*value.Map)
	if !ok || path == schemaPath || strings.Count(path, ".") >= fingerprintDepth-1 {
		return
	}
	for _, p := range m.Pairs {
		flatten(path+"."+value.KeyText(p.Key), p.Value, add)
	}
}

// Attribute says of each change whether the file or the server made it.
func (d *Deployment) Attribute(a Applied) {
	if d.Live == nil || d.Live.Deployment == nil || len(a.Fields) == 0 {
		return
	}
	parents := map[string]bool{} // mappings whose keys are all remembered
	for path := range a.Fields {
		if i := strings.LastIndexByte(path, '.'); i >= 0 {
			parents[path[:i]] = true
		}
	}
	live, desired := map[string]value.Value{}, map[string]value.Value{}
	for _, p := range d.Registration.compared(d.Live.Deployment) {
		flatten(p.path, p.live, func(path string, v value.Value) { live[path] = v })
		flatten(p.path, p.desired, func(path string, v value.Value) { desired[path] = v })
	}
	desired[schedulesPath], desired[triggersPath] = d.Registration.writtenSchedules(), d.Registration.automationList()
	for i := range d.Changes {
		d.Changes[i].By = a.cause(d.Changes[i].Path, parents, live, desired)
	}
}

// cause compares the three at the closest place that is remembered.
func (a Applied) cause(path string, parents map[string]bool, live, desired map[string]value.Value) Cause {
	for ; path != ""; path = parent(path) {
		base, has := a.Fields[path]
		if !has && !parents[parent(path)] {
			continue
		}
		same := func(in map[string]value.Value) bool {
			v, there := in[path]
			return there == has && (!has || fingerprint(a.Digest, v) == base)
		}
		if path == schedulesPath || path == triggersPath {
			if same(desired) {
				return ByServer
			}
			return ByFile
		}
		v := desired[path]
		_, hole := v.(Hole)
		switch unknown := hole || Unresolved(v); {
		case same(live):
			return ByFile
		case unknown, same(desired):
			return ByServer
		}
		return ByBoth
	}
	return ByFile
}

// parent is the path around a path: parameters of parameters.x, tags of tags[0].
func parent(path string) string { return path[:max(strings.LastIndexAny(path, ".["), 0)] }

// Drifted reports whether the server holds something else than the last apply left there.
func (d *Deployment) Drifted() bool {
	for _, list := range [][]Change{d.Changes, d.Kept} {
		for _, c := range list {
			if c.By != ByFile {
				return true
			}
		}
	}
	return d.Lost
}

// KeepDrift leaves what only the server changed as it is: those changes become kept ones, and what was deleted stays deleted.
func (d *Deployment) KeepDrift() {
	if d.Lost {
		d.Action, d.Left = None, true
		return
	}
	var left []Change
	for _, c := range d.Changes {
		if c.By == ByServer {
			d.Kept = append(d.Kept, c)
		} else {
			left = append(left, c)
		}
	}
	d.Changes = left
	d.Registration.Keep(d.Kept, d.Live.Deployment)
	if d.Action == Update && len(left) == 0 {
		d.Action = None
	}
}

// Keep puts what the server holds in place of what would be registered, at the paths of the given changes.
func (r *Registration) Keep(kept []Change, live *value.Map) {
	if len(kept) == 0 {
		return
	}
	now := map[string]pair{}
	for _, p := range r.compared(live) {
		now[p.path] = p
	}
	for _, c := range kept {
		head := c.Path[:strings.IndexAny(c.Path+".", ".[")]
		switch head {
		case schedulesPath:
			r.keptSchedules, _ = field(live, schedulesPath).([]value.Value)
			r.keepSchedules = true
			continue
		case triggersPath:
			r.keepTriggers = true
			continue
		}
		p, known := now[head]
		if !known {
			continue
		}
		p.desired = keepAt(p.desired, p.live, head, c.Path)
		now[head] = p
		r.set(head, p.desired)
	}
}

// set changes one registered field.
func (r *Registration) set(name string, v value.Value) {
	switch name {
	case "version":
		r.Version = v
		if r.VersionInfo != nil {
			r.VersionInfo = value.Clone(r.VersionInfo).(*value.Map)
			r.VersionInfo.Set("version", orEmpty(v))
		}
	case "description":
		r.Description = v
	case "tags":
		r.Tags = v
	case "entrypoint":
		r.Entrypoint = v
	case "parameters":
		r.Parameters = v
	case "work_pool_name":
		r.WorkPool = v
	case "work_queue_name":
		r.WorkQueue = v
	case "job_variables", "infra_overrides":
		r.JobVariables = v
	case "pull_steps":
		r.PullSteps, _ = v.([]value.Value)
	case schemaPath:
		r.ParameterSchema, _ = v.(*value.Map)
	case "paused":
		r.Paused = v
	case "enforce_parameter_schema":
		r.Enforce = v
	case "concurrency_limit":
		r.Concurrency = v
	case "concurrency_options":
		r.Collision, _ = v.(*value.Map)
	}
}

// keepAt replaces the part of desired that path names by the same part of live, as [differ] names parts.
func keepAt(desired, live value.Value, at, path string) value.Value {
	if at == path {
		return live
	}
	switch d := desired.(type) {
	case *value.Map:
		l, ok := live.(*value.Map)
		if !ok {
			return live
		}
		return keepIn(d, l, at, path)
	case []value.Value:
		l, ok := live.([]value.Value)
		if !ok || len(l) != len(d) {
			return live
		}
		out := make([]value.Value, len(d))
		for i := range d {
			out[i] = d[i]
			if child := at + "[" + strconv.Itoa(i) + "]"; strings.HasPrefix(path, child) {
				out[i] = keepAt(d[i], l[i], child, path)
			}
		}
		return out
	}
	return live
}

func keepIn(desired, live *value.Map, at, path string) value.Value {
	out := &value.Map{}
	for _, p := range desired.Pairs {
		child := at + "." + value.KeyText(p.Key)
		v, has := live.Get(value.KeyText(p.Key))
		switch {
		case child == path && has:
			out.Set(p.Key, v)
		case child == path: // it is gone on the server
		case strings.HasPrefix(path, child+".") || strings.HasPrefix(path, child+"["):
			out.Set(p.Key, keepAt(p.Value, v, child, path))
		default:
			out.Set(p.Key, p.Value)
		}
	}
	for _, p := range live.Pairs {
		if at+"."+value.KeyText(p.Key) == path && !hasKey(desired, p.Key) {
			out.Set(p.Key, p.Value)
		}
	}
	return out
}

// Notes are what a plan says of a deployment beside its changes.
func (d *Deployment) Notes() []string {
	var notes []string
	if d.Lost {
		note := "deleted on the server since the last apply"
		if d.Left {
			note += ", and left so: --on-drift overwrite makes it again"
		}
		notes = append(notes, note)
	}
	if d.Live != nil && !d.Live.Ownership.Known && slices.ContainsFunc(d.Changes, func(c Change) bool { return c.Path == triggersPath }) {
		notes = append(notes, "nothing is remembered of its automations: the server deletes those that the deployment owns, not those made by hand, and all its triggers are made anew")
	}
	if d.Live != nil && d.Registration != nil && d.Registration.Paused == nil && value.Truthy(field(d.Live.Deployment, "paused")) {
		notes = append(notes, "paused on the server: it stays paused, for the file does not say")
	}
	if d.Registration != nil {
		for _, n := range d.Registration.paused {
			which := "its schedule"
			if len(d.Registration.Schedules) > 1 {
				which = "schedule " + strconv.Itoa(n)
			}
			notes = append(notes, which+" is paused on the server: it stays paused, for the file does not say")
		}
	}
	return notes
}

// pair is one registered field as a live deployment has it and as it should be.
type pair struct {
	path          string
	live, desired value.Value
}

// compared are the fields that are compared one with one. Those the file leaves to the server - paused, and in
// Prefect 3 the enforcement of the parameter schema - are among them only when the file sets them.
func (r *Registration) compared(live *value.Map) []pair {
	list := []pair{
		{"version", field(live, "version"), r.Version},
		{"description", r.liveDescription(live), r.Description},
		{"tags", field(live, "tags"), r.Tags},
		{"entrypoint", field(live, "entrypoint"), r.Entrypoint},
		{"parameters", field(live, "parameters"), r.Parameters},
		{"work_pool_name", field(live, "work_pool_name"), r.WorkPool},
		{"work_queue_name", r.liveQueue(live), r.WorkQueue},
		{r.jobVariablesKey(), field(live, r.jobVariablesKey()), r.JobVariables},
	}
	add := func(path string, live, desired value.Value) { list = append(list, pair{path, live, desired}) }
	if !r.PullOmitted {
		add("pull_steps", field(live, "pull_steps"), r.pullSteps())
	}
	if r.ParameterSchema != nil {
		add(schemaPath, field(live, schemaPath), r.ParameterSchema)
	}
	if r.Paused != nil {
		add("paused", field(live, "paused"), r.Paused)
	}
	if r.Enforce != nil || r.Generation == schema.Prefect2 {
		add("enforce_parameter_schema", field(live, "enforce_parameter_schema"), value.Truthy(r.Enforce))
	}
	if r.Generation == schema.Prefect3 {
		add("concurrency_limit", liveConcurrency(live), r.Concurrency)
		if r.Concurrency != nil {
			add("concurrency_options", field(live, "concurrency_options"), orNil(r.Collision))
		}
	}
	return list
}
