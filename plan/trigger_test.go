package plan

import (
	"testing"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// The automations that Prefect's own models make of triggers.
func TestTriggers(t *testing.T) {
	const event = `{"type":"event","match":{},"match_related":{},"after":[],"expect":[],"for_each":[],"posture":"Reactive","threshold":1,"within":0.0}`
	for _, c := range []struct {
		about, trigger string
		path           string
		two, three     string
	}{
		{"all defaults", "{}", "trigger", event, event},
		{"named after the deployment", "{}", "name", `"d__automation_1"`, `"d__automation_1"`},
		{"a name of its own", "{name: n, enabled: false, description: x}", "name", `"n"`, `"n"`},
		{"enabled", "{}", "enabled", "true", "true"},
		{"a proactive one waits", "{posture: Proactive}", "trigger.within", "10.0", "10.0"},
		{"as long as it says", "{posture: Proactive, within: 30}", "trigger.within", "30.0", "30.0"},
		{"triggers and require without a type", "{triggers: [{}], require: all}", "trigger.type", `"event"`, `"compound"`},
		{"triggers without a type", "{triggers: [{}]}", "trigger.type", `"event"`, `"sequence"`},
		{"a posture of metrics without a type", "{posture: Metric, metric: {name: lateness}}", "trigger.type", `"event"`, `"metric"`},
		{"a compound one", "{type: compound, require: 1, triggers: [{expect: [a]}], within: 5}", "trigger",
			`{"type":"compound","require":1,"triggers":[{"type":"event","match":{},"match_related":{},"after":[],"expect":["a"],"for_each":[],"posture":"Reactive","threshold":1,"within":0.0}],"within":5.0}`,
			`{"type":"compound","require":1,"triggers":[{"type":"event","match":{},"match_related":{},"after":[],"expect":["a"],"for_each":[],"posture":"Reactive","threshold":1,"within":0.0}],"within":5.0}`},
		{"a metric", "{type: metric, metric: {name: duration, threshold: 5, operator: '>'}}", "trigger.metric",
			`{"name":"duration","threshold":5,"operator":">","range":300.0,"firing_for":300.0}`, `{"name":"duration","threshold":5,"operator":">","range":300.0,"firing_for":300.0}`},
		{"parameters are the event's", "{parameters: {p: '{{ s.out }}', e: '{{ event.id }}'}}", "actions[0].parameters",
			`{"p":"{{ s.out }}","e":"{{ event.id }}"}`, `{"p":"{{ s.out }}","e":"{{ event.id }}"}`},
		{"outputs elsewhere", "{match: {k: '{{ s.out }}'}}", "trigger.match.k", `"{{ s.out }}"`, `"done"`},
		{"the environment everywhere", "{match: {k: '{{ $SET }}'}}", "trigger.match.k", `"from env"`, `"from env"`},
		{"the action", "{schedule_after: 5}", "actions[0].schedule_after", "-", "5.0"},
		{"a description, which Prefect 2 drops", "{description: x}", "description", `""`, `"x"`},
		{"tags", "{}", "tags", "-", "[]"},
	} {
		for g, want := range map[schema.Generation]string{schema.Prefect2: c.two, schema.Prefect3: c.three} {
			r := registered(t, "deployments: [{name: d, triggers: ["+c.trigger+"]}]", evaluation(g))
			if got := at(t, WithDeployment(r.Automations[0], "id"), c.path); got != want {
				t.Errorf("%s, Prefect %d: got %s, want %s", c.about, g, got, want)
			}
		}
	}
}

func TestUnchangedAutomationsStay(t *testing.T) {
	r := registered(t, "deployments: [{name: d, triggers: [{expect: [a, b]}, {name: mine}]}]", evaluation(schema.Prefect3))
	served := func(i int, id string) *value.Map {
		a := WithDeployment(r.Automations[i], "dep")
		a.Set("id", id)
		a.Set("created", "2026-01-01T00:00:00Z")
		return a
	}
	first, second := served(0, "1"), served(1, "2")
	sub(first, "trigger").Set("expect", []value.Value{"b", "a"}) // the server returns event names in any order
	if create, remove := r.DiffAutomations("dep", []*value.Map{second, first}); len(create)+len(remove) != 0 {
		t.Errorf("nothing changed, yet %d are created and %d removed", len(create), len(remove))
	}
	second.Set("enabled", false)
	create, remove := r.DiffAutomations("dep", []*value.Map{first, second})
	if len(create) != 1 || len(remove) != 1 || text(remove[0], "id") != "2" || text(create[0], "name") != "mine" {
		t.Errorf("one changed: create %v, remove %v", create, remove)
	}
	none := registered(t, "deployments: [{name: d}]", evaluation(schema.Prefect3))
	byHand := served(1, "3")
	if _, remove := none.DiffAutomations("dep", []*value.Map{first, byHand}); len(remove) != 1 || text(remove[0], "id") != "1" {
		t.Errorf("only those that a trigger made go with it: %v", remove)
	}
	first.Set("actions", []value.Value{})
	if owner := text(WithDeployment(r.Automations[0], "dep"), "owner_resource"); owner != "prefect.deployment.dep" {
		t.Errorf("owner is %s", owner)
	}
	if r.Automations[0].Len() == 0 || at(t, r.Automations[0], "actions[0].deployment_id") != "null" {
		t.Error("WithDeployment changed the automation itself")
	}
}
