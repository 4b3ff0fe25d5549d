package lsp

import (
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/value"
)

// parameters is the schema that Prefect will register for the flow of a deployment. Where that cannot be told exactly, it still
// has the names.
func (c *completer) parameters(d *model.Deployment) shape {
	if d == nil {
		return shape{}
	}
	r := c.made.Facts.Flow(d)
	if r.Flow == nil {
		return shape{}
	}
	s, exact, _ := r.Flow.ParameterSchema(int(c.generation()))
	if !exact {
		properties := &value.Map{}
		for _, p := range r.Flow.Params {
			properties.Set(p.Name.Text, value.NewMap("type", p.Annotation.Text))
		}
		s = value.NewMap("properties", properties)
	}
	return shapeOf(s)
}

// jobVariables is the schema of what a deployment may set of its pool's jobs; empty without live data.
func (c *completer) jobVariables(*model.Deployment) shape { return shape{} }
