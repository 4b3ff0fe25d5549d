package prefect

import (
	"context"

	"github.com/prefectc/prefectc/compiler/value"
)

// Names are what things on a server are called. Values of variables and blocks are not among them.
type Names struct {
	Pools     []*Pool
	Queues    map[string][]string // by pool
	Blocks    map[string][]string // by the slug of their type
	Variables []string
}

// queuedPools bounds the work pools whose queues are read.
const queuedPools = 50

// ReadNames reads what things on the server are called.
func (c *Client) ReadNames(ctx context.Context) (*Names, error) {
	n := &Names{Queues: map[string][]string{}, Blocks: map[string][]string{}}
	pools, err := c.readPages(ctx, "/work_pools/filter", nil)
	if err != nil {
		return nil, err
	}
	for _, doc := range pools {
		p := &Pool{ID: text(doc, "id"), Name: text(doc, "name"), Type: text(doc, "type"), Fields: doc}
		p.JobTemplate, _ = field[*value.Map](doc, "base_job_template")
		n.Pools = append(n.Pools, p)
	}
	for _, p := range n.Pools[:min(len(n.Pools), queuedPools)] {
		path, err := route("/work_pools/%s/queues/filter", p.Name)
		if err != nil {
			return nil, err
		}
		queues, err := c.readPages(ctx, path, nil)
		if err != nil {
			return nil, err
		}
		for _, doc := range queues {
			n.Queues[p.Name] = append(n.Queues[p.Name], text(doc, "name"))
		}
	}
	blocks, err := c.readPages(ctx, "/block_documents/filter", value.NewMap("include_secrets", false))
	if err != nil {
		return nil, err
	}
	for _, doc := range blocks {
		kind, _ := field[*value.Map](doc, "block_type")
		if slug, name := text(kind, "slug"), text(doc, "name"); slug != "" && name != "" {
			n.Blocks[slug] = append(n.Blocks[slug], name)
		}
	}
	variables, err := c.readPages(ctx, "/variables/filter", nil)
	if err != nil {
		return nil, err
	}
	for _, doc := range variables {
		n.Variables = append(n.Variables, text(doc, "name"))
	}
	return n, nil
}
