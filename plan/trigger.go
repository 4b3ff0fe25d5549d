package plan

import (
	"fmt"
	"slices"

	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// addTriggers turns the triggers into automations. In Prefect 3 step outputs are put in, except into the parameters, whose
// templates belong to the event; Prefect 2 puts none in.
func (r *Registration) addTriggers(config *value.Map, e Evaluation) error {
	v, _ := config.Get("triggers")
	specs, _ := v.([]value.Value)
	name := text(config, "name")
	for i, s := range specs {
		spec, ok := s.(*value.Map)
		if !ok {
			return fmt.Errorf("triggers[%d]: a trigger is a mapping, not %s", i, value.TypeName(s))
		}
		if e.Generation == schema.Prefect3 {
			var err error
			if spec, err = outputsOutsideParameters(spec, e); err != nil {
				return fmt.Errorf("triggers[%d]: %w", i, err)
			}
		}
		r.Automations = append(r.Automations, automation(spec, fmt.Sprintf("%s__automation_%d", name, i+1), e.Generation))
	}
	return nil
}

func outputsOutsideParameters(spec *value.Map, e Evaluation) (*value.Map, error) {
	parameters, has := spec.Get("parameters")
	rest := value.Clone(spec).(*value.Map)
	rest.Delete("parameters")
	pass := template.Pass{Values: e.Outputs, Env: e.Env, Keep: e.Partial, KeepItems: e.Partial}
	v, _, err := pass.Apply(rest)
	if err != nil {
		return nil, err
	}
	out := v.(*value.Map)
	if has {
		out.Set("parameters", parameters)
	}
	return out, nil
}

// automation is the body Prefect sends for a trigger, without the deployment's id: see [WithDeployment].
func automation(spec *value.Map, defaultName string, generation schema.Generation) *value.Map {
	action := value.NewMap("type", "run-deployment", "source", "selected", "deployment_id", nil,
		"parameters", get(spec, "parameters", nil), "job_variables", get(spec, "job_variables", nil))
	name := get(spec, "name", nil)
	if name == nil {
		name = defaultName
	}
	description := get(spec, "description", "")
	if generation == schema.Prefect2 {
		description = "" // which drops it
	}
	a := value.NewMap("name", name, "description", description, "enabled", get(spec, "enabled", true))
	if generation == schema.Prefect3 {
		action.Set("schedule_after", seconds(get(spec, "schedule_after", int64(0))))
		a.Set("tags", []value.Value{})
	}
	a.Set("trigger", trigger(spec, generation))
	a.Set("actions", []value.Value{action})
	a.Set("actions_on_trigger", []value.Value{})
	a.Set("actions_on_resolve", []value.Value{})
	return a
}

// MetricTrigger is the index of the first trigger that is one of a metric, -1 without any.
func (r *Registration) MetricTrigger() int {
	return slices.IndexFunc(r.Automations, func(a *value.Map) bool { return text(sub(a, "trigger"), "type") == "metric" })
}

// WithDeployment is the automation of one deployment, as it is sent.
func WithDeployment(automation *value.Map, id string) *value.Map {
	a := value.Clone(automation).(*value.Map)
	actions, _ := a.Get("actions")
	actions.([]value.Value)[0].(*value.Map).Set("deployment_id", id)
	a.Set("owner_resource", "prefect.deployment."+id)
	return a
}

// triggerKind is the kind a trigger without "type" has. Prefect 2 takes it for an event.
func triggerKind(spec *value.Map, generation schema.Generation) string {
	if kind := text(spec, "type"); kind != "" {
		return kind
	}
	if generation == schema.Prefect2 {
		return "event"
	}
	_, triggers := spec.Get("triggers")
	_, require := spec.Get("require")
	switch {
	case text(spec, "posture") == "Metric":
		return "metric"
	case triggers && require:
		return "compound"
	case triggers:
		return "sequence"
	}
	return "event"
}

func trigger(spec *value.Map, generation schema.Generation) *value.Map {
	kind := triggerKind(spec, generation)
	t := value.NewMap("type", kind)
	within, hasWithin := spec.Get("within")
	switch kind {
	case "compound", "sequence":
		inner := []value.Value{}
		list, _ := spec.Get("triggers")
		items, _ := list.([]value.Value)
		for _, item := range items {
			if m, ok := item.(*value.Map); ok {
				inner = append(inner, trigger(m, generation))
			}
		}
		if kind == "compound" {
			t.Set("require", get(spec, "require", nil))
		}
		t.Set("triggers", inner)
		t.Set("within", seconds(within))
	case "metric":
		addResources(t, spec)
		t.Set("posture", "Metric")
		t.Set("metric", metric(get(spec, "metric", nil)))
	default:
		addResources(t, spec)
		for _, key := range []string{"after", "expect", "for_each"} {
			t.Set(key, get(spec, key, []value.Value{}))
		}
		posture := get(spec, "posture", "Reactive")
		t.Set("posture", posture)
		t.Set("threshold", get(spec, "threshold", int64(1)))
		if !hasWithin {
			within = int64(0)
		}
		if n, isInt := within.(int64); isInt && n == 0 && posture == "Proactive" {
			within = int64(10)
		}
		t.Set("within", seconds(within))
	}
	return t
}

func addResources(t, spec *value.Map) {
	t.Set("match", get(spec, "match", &value.Map{}))
	t.Set("match_related", get(spec, "match_related", &value.Map{}))
}

func metric(v value.Value) value.Value {
	m, ok := v.(*value.Map)
	if !ok {
		return v
	}
	return value.NewMap("name", get(m, "name", nil), "threshold", get(m, "threshold", nil), "operator", get(m, "operator", nil),
		"range", seconds(get(m, "range", int64(300))), "firing_for", seconds(get(m, "firing_for", int64(300))))
}

func get(m *value.Map, key string, otherwise value.Value) value.Value {
	if v, has := m.Get(key); has {
		return v
	}
	return otherwise
}

// seconds writes a duration as Prefect does: a number with a point.
func seconds(v value.Value) value.Value {
	if n, ok := v.(int64); ok {
		return float64(n)
	}
	return v
}
