package plan

import (
	"fmt"
	"math"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// Options are the deploy flags that change a deployment. They apply when one deployment is selected.
type Options struct {
	Name         string // sets the name, when no deployment of the file was selected
	Entrypoint   string
	Description  *string
	Version      *string
	VersionType  *string
	Tags         []string
	NoTags       bool // leaves the file's out; so does NoSLA
	Pool         *string
	WorkQueue    *string
	JobVariables []string // k=v or a JSON object
	Cron         []string
	Interval     []int64 // seconds
	RRule        []string
	AnchorDate   *string
	Timezone     *string
	Param        []string // k=v, v read as JSON if it is
	Params       *string  // a JSON object
	Triggers     []*value.Map
	SLA          []*value.Map
	NoSLA        bool

	ConcurrencyLimit       *int64
	CollisionStrategy      *string
	EnforceParameterSchema *bool
}

// Given names the options that are set.
func (o *Options) Given() []string {
	var given []string
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"ENTRYPOINT", o.Entrypoint != ""}, {"--description", o.Description != nil}, {"--version", o.Version != nil},
		{"--version-type", o.VersionType != nil}, {"--pool", o.Pool != nil}, {"--work-queue", o.WorkQueue != nil},
		{"--job-variable", len(o.JobVariables) > 0}, {"--tag", len(o.Tags) > 0}, {"--empty-tag", o.NoTags}, {"--empty-sla", o.NoSLA},
		{"--cron", len(o.Cron) > 0},
		{"--interval", len(o.Interval) > 0}, {"--rrule", len(o.RRule) > 0}, {"--anchor-date", o.AnchorDate != nil},
		{"--timezone", o.Timezone != nil}, {"--param", len(o.Param) > 0}, {"--params", o.Params != nil},
		{"--trigger", len(o.Triggers) > 0}, {"--sla", len(o.SLA) > 0}, {"--concurrency-limit", o.ConcurrencyLimit != nil},
		{"--collision-strategy", o.CollisionStrategy != nil}, {"--enforce-parameter-schema", o.EnforceParameterSchema != nil},
	} {
		if f.set {
			given = append(given, f.name)
		}
	}
	return given
}

// OptionError is a flag whose value cannot be used.
type OptionError struct {
	Kind    string // stable word for scripts
	Flag    string
	Message string
}

func (e *OptionError) Error() string { return e.Flag + ": " + e.Message }

// idle are the options that change nothing about a configuration, each with the reason. Prefect does not say so.
func (o *Options) idle(config *value.Map) []string {
	written, _ := config.Get("schedules")
	schedules, _ := written.([]value.Value)
	intervals := len(o.Interval) > 0
	for _, s := range schedules {
		item, _ := s.(*value.Map)
		interval, _ := item.Get("interval")
		intervals = intervals || value.Truthy(interval)
	}
	var idle []string
	if o.Timezone != nil && len(schedules)+len(o.Cron)+len(o.Interval)+len(o.RRule) == 0 {
		idle = append(idle, "--timezone: there is no schedule")
	}
	if o.AnchorDate != nil && !intervals {
		idle = append(idle, "--anchor-date: there is no interval schedule")
	}
	if o.CollisionStrategy != nil && o.ConcurrencyLimit == nil {
		idle = append(idle, "--collision-strategy: it goes with --concurrency-limit")
	}
	if own := text(config, "version_type"); o.VersionType != nil && own != "" {
		idle = append(idle, fmt.Sprintf("--version-type: the file has %q", own))
	}
	return idle
}

// apply puts the options over a configuration, which it changes. It returns the job variables that were given.
func (o *Options) apply(config *value.Map, generation schema.Generation) (*value.Map, error) {
	if o.Name != "" {
		config.Set("name", o.Name)
	}
	if o.Entrypoint != "" {
		config.Set("entrypoint", o.Entrypoint)
	}
	setText(config, "description", o.Description, generation == schema.Prefect3)
	setText(config, "version", o.Version, generation == schema.Prefect3)
	if o.VersionType != nil && text(config, "version_type") == "" {
		config.Set("version_type", *o.VersionType)
	}
	if len(o.Tags) > 0 || o.NoTags {
		config.Set("tags", texts(o.Tags))
	}
	if o.ConcurrencyLimit != nil {
		config.Set("concurrency_limit", o.concurrency())
	}
	if o.EnforceParameterSchema != nil {
		config.Set("enforce_parameter_schema", *o.EnforceParameterSchema)
	}
	if len(o.Triggers) > 0 {
		config.Set("triggers", maps(o.Triggers))
	}
	if len(o.SLA) > 0 || o.NoSLA {
		config.Set("sla", maps(o.SLA))
	}
	o.applySchedules(config)
	if err := o.applyParameters(config); err != nil {
		return nil, err
	}
	return o.applyWorkPool(config)
}

func setText(config *value.Map, key string, s *string, evenEmpty bool) {
	if s != nil && (*s != "" || evenEmpty) {
		config.Set(key, *s)
	}
}

func texts(list []string) []value.Value {
	out := make([]value.Value, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

func maps(list []*value.Map) []value.Value {
	out := make([]value.Value, len(list))
	for i, m := range list {
		out[i] = m
	}
	return out
}

func (o *Options) concurrency() value.Value {
	if o.CollisionStrategy == nil {
		return *o.ConcurrencyLimit
	}
	return value.NewMap("limit", *o.ConcurrencyLimit, "collision_strategy", *o.CollisionStrategy)
}

// applySchedules adds schedules, and sets the time zone on all and the anchor date on all intervals, the file's too.
func (o *Options) applySchedules(config *value.Map) {
	current, _ := config.Get("schedules")
	list, _ := current.([]value.Value)
	list = append([]value.Value(nil), list...)
	for _, c := range o.Cron {
		list = append(list, value.NewMap("cron", c))
	}
	for _, i := range o.Interval {
		list = append(list, value.NewMap("interval", i))
	}
	for _, r := range o.RRule {
		list = append(list, value.NewMap("rrule", r))
	}
	for i := range list {
		item, ok := list[i].(*value.Map)
		if !ok {
			continue
		}
		item = value.Clone(item).(*value.Map)
		if interval, has := item.Get("interval"); has && value.Truthy(interval) && o.AnchorDate != nil {
			item.Set("anchor_date", *o.AnchorDate)
		}
		if o.Timezone != nil && *o.Timezone != "" {
			item.Set("timezone", *o.Timezone)
		}
		list[i] = item
	}
	if len(list) > 0 {
		config.Set("schedules", list)
	}
}

func (o *Options) applyParameters(config *value.Map) error {
	if len(o.Param) > 0 && o.Params != nil {
		return &OptionError{"param-and-params", "--param", "excludes --params: give the parameters in one way"}
	}
	given := &value.Map{}
	for _, p := range o.Param {
		name, raw, ok := strings.Cut(p, "=")
		if !ok {
			return &OptionError{"param-unparsable", "--param", fmt.Sprintf("%q has no \"=\": write name=value", p)}
		}
		given.Set(name, parameter(raw))
	}
	if o.Params != nil {
		v, err := value.FromJSON([]byte(*o.Params))
		if err != nil {
			return &OptionError{"json-unparsable", "--params", fmt.Sprintf("%q is no JSON: %v", *o.Params, err)}
		}
		m, ok := v.(*value.Map)
		if !ok {
			return &OptionError{"param-unparsable", "--params", fmt.Sprintf("%q is no JSON object but %s", *o.Params, value.TypeName(v))}
		}
		given = m
	}
	return mergeInto(config, "parameters", given)
}

// parameter reads a value as Python's JSON does, which has numbers that are none; what is no JSON is text.
func parameter(raw string) value.Value {
	switch strings.TrimSpace(raw) {
	case "NaN":
		return math.NaN()
	case "Infinity":
		return math.Inf(1)
	case "-Infinity":
		return math.Inf(-1)
	}
	if v, err := value.FromJSON([]byte(raw)); err == nil {
		return v
	}
	return raw
}

func mergeInto(m *value.Map, key string, given *value.Map) error {
	if given.Len() == 0 {
		return nil
	}
	merged := &value.Map{}
	if old := sub(m, key); old != nil {
		merged = value.Clone(old).(*value.Map)
	}
	for _, p := range given.Pairs {
		merged.Set(p.Key, p.Value)
	}
	m.Set(key, merged)
	return nil
}

// applyWorkPool merges the job variables into the file's; Prefect throws the file's away. It also cuts a JSON object at the first
// "=" in it.
func (o *Options) applyWorkPool(config *value.Map) (*value.Map, error) {
	pool := &value.Map{}
	if old := sub(config, "work_pool"); old != nil {
		pool = value.Clone(old).(*value.Map)
	}
	if o.Pool != nil && *o.Pool != "" {
		pool.Set("name", *o.Pool)
	}
	if o.WorkQueue != nil && *o.WorkQueue != "" {
		pool.Set("work_queue_name", *o.WorkQueue)
	}
	given := &value.Map{}
	for _, jv := range o.JobVariables {
		v, err := value.FromJSON([]byte(jv))
		m, ok := v.(*value.Map)
		if name, text, pair := strings.Cut(jv, "="); pair && !ok {
			given.Set(name, text)
			continue
		}
		if err != nil || !ok {
			return nil, &OptionError{"job-variable-unparsable", "--job-variable", fmt.Sprintf("%q is neither name=value nor a JSON object", jv)}
		}
		for _, p := range m.Pairs {
			given.Set(p.Key, p.Value)
		}
	}
	if err := mergeInto(pool, "job_variables", given); err != nil {
		return nil, err
	}
	if pool.Len() > 0 || sub(config, "work_pool") != nil {
		config.Set("work_pool", pool)
	}
	return given, nil
}
