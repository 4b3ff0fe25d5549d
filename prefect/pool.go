package prefect

import (
	"context"
	"net/http"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// Pool is a work pool.
type Pool struct {
	ID             string
	Name           string
	Type           string // process, docker, kubernetes, …
	Paused         bool
	DefaultQueueID string
	JobTemplate    *value.Map // base_job_template; nil when there is none
	Fields         *value.Map // everything the server says about it
}

// Workerless reports that no worker polls this pool: Prefect or the cloud runs its flows.
func (p *Pool) Workerless() bool {
	return strings.HasSuffix(p.Type, ":push") || strings.HasSuffix(p.Type, ":managed")
}

// ReadWorkPool reads a work pool by its name.
func (c *Client) ReadWorkPool(ctx context.Context, name string) (*Pool, error) {
	path, err := route("/work_pools/%s", name)
	if err != nil {
		return nil, err
	}
	doc, got, err := callJSON[*value.Map](ctx, c, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	p := &Pool{ID: text(doc, "id"), Name: text(doc, "name"), Type: text(doc, "type"), DefaultQueueID: text(doc, "default_queue_id"), Fields: doc}
	if p.Name == "" || p.Type == "" {
		return nil, c.badAnswer(http.MethodGet, path, got, "the work pool in it has no name or type")
	}
	p.Paused, _ = field[bool](doc, "is_paused")
	p.JobTemplate, _ = field[*value.Map](doc, "base_job_template")
	return p, nil
}

// ReadVariable reads a variable; ok is false when it does not exist. Values are text in generation 2, any JSON in 3.
func (c *Client) ReadVariable(ctx context.Context, name string) (v value.Value, ok bool, err error) {
	path, err := route("/variables/name/%s", name)
	if err != nil {
		return nil, false, err
	}
	doc, got, err := callJSON[*value.Map](ctx, c, http.MethodGet, path, nil)
	if IsNotFound(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if v, ok = doc.Get("value"); !ok {
		return nil, false, c.badAnswer(http.MethodGet, path, got, "the variable in it has no value")
	}
	return v, true, nil
}
