package plan

import (
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// Hole stands in a partial registration for a value that only an apply can give.
type Hole struct{ Ref string }

// Body is the request body that registers the deployment, to be shown: of a new one to create, else of an update. References
// to blocks are in it as they are written.
func (d *Deployment) Body() *value.Map {
	r := d.Registration
	if d.Masked != nil {
		r = d.Masked
	}
	if r == nil {
		return nil
	}
	if d.Action == Update && r.Generation == schema.Prefect3 {
		schedules := false
		for _, c := range d.Changes {
			schedules = schedules || c.Path == "schedules"
		}
		return r.UpdateBody(schedules)
	}
	if d.Action == Update {
		return r.ReplaceBody("", d.Live.Deployment)
	}
	b := r.CreateBody("")
	b.Delete("flow_id")
	return b
}

// Shown replaces what is not known yet by {"$unknown": …} and what is secret or left to the server by {"$ref": …}. Pull steps
// keep their placeholders for the run, except those that name one of the given outputs of build and push steps.
func Shown(v value.Value, inPull bool, steps map[string]bool) value.Value {
	switch v := v.(type) {
	case Hole:
		return value.NewMap("$unknown", v.Ref)
	case string:
		return shownText(v, inPull, steps)
	case *value.Map:
		out := &value.Map{}
		for _, p := range v.Pairs {
			out.Set(p.Key, Shown(p.Value, inPull || p.Key == "pull_steps", steps))
		}
		return out
	case []value.Value:
		out := make([]value.Value, len(v))
		for i := range v {
			out[i] = Shown(v[i], inPull, steps)
		}
		return out
	}
	return v
}

func shownText(s string, inPull bool, steps map[string]bool) value.Value {
	found := template.Find(s)
	if len(found) == 0 {
		return s
	}
	key, unknown := "$ref", false
	for _, ph := range found {
		if ph.Kind != template.Standard {
			continue
		}
		head := template.SplitPath(ph.Name)[0]
		if inPull && !steps[head] || head == "ctx" || head == "event" {
			continue
		}
		key, unknown = "$unknown", true
	}
	if inPull && !unknown {
		return s
	}
	if !unknown && allStandard(found) {
		return s // left for the run
	}
	ref := s
	if one, ok := template.Whole(s); ok {
		ref = one.Name
	}
	return value.NewMap(key, ref)
}

func allStandard(found []template.Placeholder) bool {
	for _, ph := range found {
		if ph.Kind != template.Standard {
			return false
		}
	}
	return true
}

// Outputs are the names under which the deployment's build and push steps leave something: their ids, and the flat names
// that outputs of steps are known by.
func (d *Deployment) Outputs(flat func(path string) []string) map[string]bool {
	names := map[string]bool{}
	for _, list := range [][]*Step{d.Build, d.Push} {
		for _, s := range list {
			if s.ID != "" {
				names[s.ID] = true
			}
			for _, n := range flat(s.Path) {
				names[n] = true
			}
		}
	}
	return names
}

// JSON is the deployment's part of the plan document.
func (d *Deployment) JSON(flat func(path string) []string) *value.Map {
	outputs := d.Outputs(flat)
	changes := []value.Value{}
	for _, c := range d.Changes {
		changes = append(changes, c.json(d, outputs))
	}
	steps := []value.Value{}
	for _, list := range [][]*Step{d.Build, d.Push} {
		for _, s := range list {
			steps = append(steps, s.json(outputs))
		}
	}
	body := value.Value(nil)
	if b := d.Body(); b != nil {
		body = Shown(b, false, outputs)
	}
	doc := value.NewMap("flow_name", orUnknown(d.Flow.Name), "name", Shown(d.Name(), false, outputs), "entrypoint", d.Entrypoint,
		"action", string(d.Action), "changes", changes, "steps", steps, "registration", body)
	if len(d.Kept) > 0 {
		kept := []value.Value{}
		for _, c := range d.Kept {
			kept = append(kept, c.json(d, outputs))
		}
		doc.Set("kept", kept)
	}
	if notes := d.Notes(); len(notes) > 0 {
		doc.Set("notes", texts(notes))
	}
	return doc
}

// JSON is the part of the plan document about a deployment that left the file.
func (g *Gone) JSON() *value.Map {
	doc := value.NewMap("flow_name", g.Flow, "name", g.Name, "entrypoint", "", "action", string(Delete), "changes", []value.Value{},
		"steps", []value.Value{}, "registration", nil, "id", g.ID, "prune", g.Deletes)
	if g.Why != "" {
		doc.Set("notes", texts([]string{g.Why}))
	}
	return doc
}

func orUnknown(s string) value.Value {
	if s == "" {
		return value.NewMap("$unknown", "flow name")
	}
	return s
}

func (c Change) json(d *Deployment, outputs map[string]bool) value.Value {
	m := value.NewMap("path", c.Path)
	if c.OldSet {
		m.Set("old", c.Old)
	}
	if c.NewSet {
		m.Set("new", Shown(c.New, false, outputs))
	}
	if c.By != ByFile {
		m.Set("changed_by", string(c.By))
	}
	if span, ok := d.Source(c.Path); ok {
		p := d.File.Position(span.Start)
		m.Set("source", value.NewMap("file", d.File.Path, "line", int64(p.Line), "column", int64(p.Column)))
	}
	return m
}

func (s *Step) json(outputs map[string]bool) value.Value {
	requires := []value.Value{}
	for _, r := range s.Requires {
		requires = append(requires, r)
	}
	id := value.Value(nil)
	if s.ID != "" {
		id = s.ID
	}
	return value.NewMap("action", string(s.Section), "step", s.Path, "id", id, "requires", requires,
		"inputs", Shown(s.Inputs, false, outputs))
}
