package lsp

import (
	"slices"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/prefect"
)

// pool is the work pool of a deployment as the server has it, or nil.
func (c *completer) pool(d *model.Deployment) *prefect.Pool {
	if c.names == nil || d == nil {
		return nil
	}
	name, _ := d.WorkPool("name").Text()
	for _, p := range c.names.Pools {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// poolNames proposes the server's work pools, or the queues of the deployment's pool.
func (c *completer) poolNames(field string) {
	if c.names == nil || len(c.at.path) < 2 || c.at.path[len(c.at.path)-2].key != "work_pool" {
		return
	}
	if field == "name" {
		for _, p := range c.names.Pools {
			c.value(completionItem{detail: p.Type + " work pool on the server", kind: protocol.CompletionItemKindReference}, p.Name)
		}
		return
	}
	d := c.deployment()
	if d == nil {
		return
	}
	pool, _ := d.WorkPool("name").Text()
	for _, name := range c.names.Queues[pool] {
		c.value(completionItem{detail: "work queue of " + pool, kind: protocol.CompletionItemKindReference}, name)
	}
}

// jobVariables is the schema of what a deployment may set of its pool's jobs; empty unless the server was asked.
func (c *completer) jobVariables(d *model.Deployment) shape {
	p := c.pool(d)
	if p == nil {
		return shape{}
	}
	variables, _ := get[*value.Map](p.JobTemplate, "variables")
	return shapeOf(variables)
}

// serverNames are the server's variables and blocks as placeholders name them.
func (c *completer) serverNames() []string {
	if c.names == nil {
		return nil
	}
	var out []string
	for _, name := range c.names.Variables {
		out = append(out, template.VariablePrefix+name)
	}
	for slug, names := range c.names.Blocks {
		for _, name := range names {
			out = append(out, template.BlockPrefix+slug+"."+name)
		}
	}
	slices.Sort(out)
	return out
}

// liveBlocks proposes the server's blocks of a type as whole values.
func (c *completer) liveBlocks(slug string) {
	if c.names == nil {
		return
	}
	for _, name := range c.names.Blocks[slug] {
		c.value(completionItem{detail: "a block on the server", kind: protocol.CompletionItemKindReference}, "{{ "+template.BlockPrefix+slug+"."+name+" }}")
	}
}
