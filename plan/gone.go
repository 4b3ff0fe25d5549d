package plan

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// Gone is a deployment that left the file.
type Gone struct {
	Flow, Name, ID string
	FlowID         string
	Deletes        bool   // the plan deletes it
	Why            string // why it is left alone although deleting was asked for, "" when it is not
}

// FullName is flow/name.
func (g *Gone) FullName() string { return g.Flow + "/" + g.Name }

// Declares reports whether a deployment of this flow and name may be one that the file declares, selected or not. What the
// environment or a step fills in stands for any text: a name that this run does not give may be another run's.
func (p *Plan) Declares(m *model.File, flow, name string) bool {
	if m != nil {
		for _, d := range m.Deployments {
			if d.Name() != "" && !wildcard(pattern(d.Name(), p.Generation), name) {
				continue
			}
			if planned := p.of(d); planned == nil || template.Has(d.Entrypoint()) || planned.Flow.Name == "" || planned.Flow.Name == flow {
				return true
			}
		}
	}
	for _, d := range p.Deployments {
		if d.Flow.Name == flow && d.Name() == name {
			return true
		}
	}
	return false
}

func (p *Plan) of(m *model.Deployment) *Deployment {
	for _, d := range p.Deployments {
		if d.Model == m {
			return d
		}
	}
	return nil
}

// pattern is a name with * for each placeholder. A name that holds * itself is none that a server takes.
func pattern(name string, g schema.Generation) string {
	var b strings.Builder
	at := 0
	for _, ph := range template.Find(name) {
		b.WriteString(name[at:ph.Start])
		b.WriteByte('*')
		at = ph.End
	}
	b.WriteString(name[at:])
	if g == schema.Prefect3 {
		return strings.TrimSuffix(b.String(), ".py") // which it drops
	}
	return b.String()
}

// untouchedFields are those that another deployer would most likely have changed, and that no person pauses or edits by the way.
var untouchedFields = []string{"entrypoint", "version", "work_pool_name", "tags", "parameters", "job_variables", "infra_overrides", "pull_steps"}

// Untouched reports whether a live deployment is still what the last apply made of it.
func (a Applied) Untouched(live *value.Map) bool {
	for _, path := range untouchedFields {
		base, has := a.Fields[path]
		if has && base != fingerprint(a.Digest, field(live, path)) {
			return false
		}
	}
	return true
}

// Digest tells whether a deployment would be made of the same things: its settings with all that is known filled in, its
// steps and its flow.
func (d *Deployment) Digest(digest func(text []byte) string) string {
	steps := []value.Value{}
	for _, list := range [][]*Step{d.Build, d.Push} {
		for _, s := range list {
			steps = append(steps, value.NewMap("step", s.Path, "id", s.Key, "inputs", s.Inputs, "requires", texts(s.Requires)))
		}
	}
	doc := value.NewMap("config", d.Config, "steps", steps, "flow", d.Flow.Hash, "outputs", orNil(d.JobVariables))
	if r := d.Registration; r != nil {
		body := r.CreateBody("")
		body.Set(schedulesPath, r.writtenSchedules())
		doc.Set("registration", unholed(body))
		doc.Set("automations", r.automationList())
		doc.Set("sla", r.SLAs)
	}
	text, err := value.Canonical(doc)
	if err != nil { // dates and the like
		text = []byte(value.Repr(doc))
	}
	return digest(text)
}

// unholed makes plain values of what is not known yet.
func unholed(v value.Value) value.Value {
	switch v := v.(type) {
	case Hole:
		return value.NewMap("$unknown", v.Ref)
	case *value.Map:
		if v == nil {
			return nil
		}
		out := &value.Map{}
		for _, p := range v.Pairs {
			out.Set(p.Key, unholed(p.Value))
		}
		return out
	case []value.Value:
		out := make([]value.Value, len(v))
		for i := range v {
			out[i] = unholed(v[i])
		}
		return out
	}
	return v
}
