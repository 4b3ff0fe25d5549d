package prefect

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/prefectc/prefectc/compiler/value"
)

// pageSize is how many objects are asked for at once: what servers allow unless configured lower.
const pageSize = 200

// namesPerFilter bounds the names in one filter, to keep requests of a sane size.
const namesPerFilter = 100

// Deployment is a registered deployment.
type Deployment struct {
	ID     string
	FlowID string
	Name   string
	Fields *value.Map // everything the server says about it
}

// DeploymentName is the full name of a deployment.
type DeploymentName struct{ Flow, Deployment string }

// String is flow/deployment.
func (n DeploymentName) String() string { return n.Flow + "/" + n.Deployment }

func (c *Client) deployment(method, path string, doc *value.Map) (*Deployment, error) {
	d := &Deployment{ID: text(doc, "id"), FlowID: text(doc, "flow_id"), Name: text(doc, "name"), Fields: doc}
	if d.ID == "" {
		return nil, c.badAnswer(method, path, nil, "the deployment in it has no id")
	}
	return d, nil
}

// ReadDeploymentByName reads one deployment; IsNotFound says whether it does not exist.
func (c *Client) ReadDeploymentByName(ctx context.Context, flow, name string) (*Deployment, error) {
	path, err := route("/deployments/name/%s/%s", flow, name)
	if err != nil {
		return nil, err
	}
	return c.readDeployment(ctx, path)
}

// ReadDeployment reads one deployment by its id.
func (c *Client) ReadDeployment(ctx context.Context, id string) (*Deployment, error) {
	path, err := route("/deployments/%s", id)
	if err != nil {
		return nil, err
	}
	return c.readDeployment(ctx, path)
}

func (c *Client) readDeployment(ctx context.Context, path string) (*Deployment, error) {
	doc, _, err := callJSON[*value.Map](ctx, c, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	return c.deployment(http.MethodGet, path, doc)
}

// ReadDeployments reads all deployments a filter selects, page by page. The filter is the body of POST /deployments/filter: {"deployments": {…},
// "flows": {…}, …}; nil selects all.
func (c *Client) ReadDeployments(ctx context.Context, filter *value.Map) ([]*Deployment, error) {
	const path = "/deployments/filter"
	docs, err := c.readPages(ctx, path, filter)
	if err != nil {
		return nil, err
	}
	found := make([]*Deployment, 0, len(docs))
	for _, doc := range docs {
		d, err := c.deployment(http.MethodPost, path, doc)
		if err != nil {
			return nil, err
		}
		found = append(found, d)
	}
	return found, nil
}

// ReadDeploymentsByName reads many deployments with few requests. Names that do not exist are not in the result.
func (c *Client) ReadDeploymentsByName(ctx context.Context, names []DeploymentName) (map[DeploymentName]*Deployment, error) {
	wanted := make(map[DeploymentName]bool, len(names))
	flowOf, ownOf := func(n DeploymentName) string { return n.Flow }, func(n DeploymentName) string { return n.Deployment }
	for _, n := range names {
		wanted[n] = true
	}
	var mu sync.Mutex
	flows := map[string]string{} // names by id
	var deployments []*Deployment
	var requests []func() error
	for some := range slices.Chunk(distinct(names, flowOf), namesPerFilter) {
		requests = append(requests, func() error {
			docs, err := c.readPages(ctx, "/flows/filter", value.NewMap("flows", nameFilter(some)))
			mu.Lock()
			defer mu.Unlock()
			for _, doc := range docs {
				flows[text(doc, "id")] = text(doc, "name")
			}
			return err
		})
	}
	for some := range slices.Chunk(names, namesPerFilter) {
		requests = append(requests, func() error {
			filter := value.NewMap("flows", nameFilter(distinct(some, flowOf)), "deployments", nameFilter(distinct(some, ownOf)))
			list, err := c.ReadDeployments(ctx, filter)
			mu.Lock()
			defer mu.Unlock()
			deployments = append(deployments, list...)
			return err
		})
	}
	if err := together(requests); err != nil {
		return nil, err
	}
	found := make(map[DeploymentName]*Deployment, len(names))
	for _, d := range deployments {
		if name := (DeploymentName{flows[d.FlowID], d.Name}); wanted[name] {
			found[name] = d
		}
	}
	return found, nil
}

func nameFilter(names []value.Value) *value.Map {
	return value.NewMap("name", value.NewMap("any_", names))
}

// distinct are the different texts that names have.
func distinct(names []DeploymentName, of func(DeploymentName) string) []value.Value {
	var out []value.Value
	seen := map[string]bool{}
	for _, n := range names {
		if text := of(n); !seen[text] {
			seen[text] = true
			out = append(out, text)
		}
	}
	return out
}

// readsAtOnce is how many reads of one question are under way together. A server at hand answers no sooner for more of them, a
// distant one does.
const readsAtOnce = 4

// together makes requests, and returns the first failure.
func together(requests []func() error) error {
	places := make(chan struct{}, readsAtOnce)
	failures := make([]error, len(requests))
	var all sync.WaitGroup
	for i, request := range requests {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			failures[i] = request()
		})
	}
	all.Wait()
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

// readPages reads every object of a filter endpoint once. A server whose limit is lower than ours is asked for its own page size, until a page is empty.
func (c *Client) readPages(ctx context.Context, path string, filter *value.Map) ([]*value.Map, error) {
	limit := pageSize
	var all []*value.Map
	seen := map[string]bool{}
	for offset := 0; ; {
		body := value.NewMap("sort", "NAME_ASC", "offset", int64(offset))
		if limit > 0 {
			body.Set("limit", int64(limit))
		}
		if filter != nil {
			for _, pair := range filter.Pairs {
				body.Set(pair.Key, pair.Value)
			}
		}
		page, _, err := callJSON[[]value.Value](ctx, c, http.MethodPost, path, body)
		if err != nil {
			if limit > 0 && offset == 0 && IsInvalid(err) && strings.Contains(err.Error(), "Invalid limit") {
				limit = 0
				continue
			}
			return nil, err
		}
		for _, item := range page {
			doc, ok := item.(*value.Map)
			if !ok {
				return nil, c.badAnswer(http.MethodPost, path, nil, "an item in it is no object")
			}
			if id := text(doc, "id"); id == "" || !seen[id] {
				seen[id] = true
				all = append(all, doc)
			}
		}
		offset += len(page)
		if len(page) == 0 || limit > 0 && len(page) < limit {
			return all, nil
		}
	}
}
