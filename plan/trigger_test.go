package plan

import (
	"strings"
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
	live := func(ids []string, served ...*value.Map) *Live {
		l := &Live{ID: "dep", Automations: served}
		if ids != nil {
			l.Own(ids)
		}
		return l
	}
	if diff := r.DiffAutomations(live(nil, second, first)); diff.Changes() || len(diff.Kept) != 2 {
		t.Errorf("nothing changed, yet it is %v", diff)
	}
	second.Set("enabled", false)
	diff := r.DiffAutomations(live(nil, first, second))
	if len(diff.Create) != 1 || len(diff.Remove) != 1 || text(diff.Remove[0], "id") != "2" || text(diff.Create[0], "name") != "mine" {
		t.Errorf("one changed: %v", diff)
	}
	none := registered(t, "deployments: [{name: d}]", evaluation(schema.Prefect3))
	byHand := served(1, "3")
	for _, c := range []struct {
		about string
		live  *Live
		want  string // ids that go
		sure  bool
	}{
		{"nothing is known: the deployment may own all", live(nil, first, byHand), "1 3", false},
		{"what the last apply left goes, what was made by hand stays", live([]string{"1"}, first, byHand), "1", true},
		{"also with a name of its own", live([]string{"2"}, second, byHand), "2", true},
		{"with a name that Prefect makes, it was made by a trigger", live([]string{}, first, byHand), "1", true},
		{"one is gone: somebody else has deployed", live([]string{"1", "9"}, first, byHand), "1 3", false},
	} {
		diff := none.DiffAutomations(c.live)
		var gone []string
		for _, a := range diff.Remove {
			gone = append(gone, text(a, "id"))
		}
		if got := strings.Join(gone, " "); got != c.want || diff.Sure != c.sure || len(diff.Create) > 0 {
			t.Errorf("%s: %s go, sure: %v", c.about, got, diff.Sure)
		}
	}
	first.Set("actions", []value.Value{})
	if owner := text(WithDeployment(r.Automations[0], "dep"), "owner_resource"); owner != "prefect.deployment.dep" {
		t.Errorf("owner is %s", owner)
	}
	if r.Automations[0].Len() == 0 || at(t, r.Automations[0], "actions[0].deployment_id") != "null" {
		t.Error("WithDeployment changed the automation itself")
	}
}
