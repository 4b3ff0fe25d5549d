package prefect

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/prefectc/prefectc/compiler/value"
)

// CreateFlow registers a flow, or finds it when it exists. The generation decides the body, as in Prefect.
func (c *Client) CreateFlow(ctx context.Context, generation int, name string) (id string, created bool, err error) {
	body := value.NewMap("name", name, "tags", []value.Value{})
	if generation >= 3 {
		body.Set("labels", value.NewMap())
	}
	return c.create(ctx, "/flows/", body)
}

// CreateDeployment registers a deployment, or replaces the one of the same flow and name. The body is sent as it is.
func (c *Client) CreateDeployment(ctx context.Context, body *value.Map) (id string, created bool, err error) {
	return c.create(ctx, "/deployments/", body)
}

// create posts an object; created is false when the server updated one that was there.
func (c *Client) create(ctx context.Context, path string, body *value.Map) (id string, created bool, err error) {
	return c.createBy(ctx, &request{method: http.MethodPost, path: path}, body)
}

func (c *Client) createBy(ctx context.Context, r *request, body *value.Map) (id string, created bool, err error) {
	got, err := c.exchange(ctx, r, body)
	if err != nil {
		return "", false, err
	}
	doc, err := readJSON[*value.Map](c, r, got)
	if err != nil {
		return "", false, err
	}
	if id = text(doc, "id"); id == "" {
		return "", false, c.badAnswer(r.method, r.path, got, "there is no id in it")
	}
	return id, got.status == http.StatusCreated, nil
}

// UpdateDeployment changes the given fields of a deployment.
func (c *Client) UpdateDeployment(ctx context.Context, id string, body *value.Map) error {
	return c.change(ctx, http.MethodPatch, body, "/deployments/%s", id)
}

// DeleteDeployment removes a deployment.
func (c *Client) DeleteDeployment(ctx context.Context, id string) error {
	return c.change(ctx, http.MethodDelete, nil, "/deployments/%s", id)
}

// ReadSchedules reads the schedules of a deployment, each with its id.
func (c *Client) ReadSchedules(ctx context.Context, deploymentID string) ([]*value.Map, error) {
	path, err := route("/deployments/%s/schedules", deploymentID)
	if err != nil {
		return nil, err
	}
	return c.readList(ctx, http.MethodGet, path, nil)
}

// DeleteSchedule removes a schedule of a deployment.
func (c *Client) DeleteSchedule(ctx context.Context, deploymentID, scheduleID string) error {
	return c.change(ctx, http.MethodDelete, nil, "/deployments/%s/schedules/%s", deploymentID, scheduleID)
}

// ApplySLAs makes the given service level agreements those of a deployment; an empty list removes all. ErrNoSLAs when the server
// is not Prefect Cloud.
func (c *Client) ApplySLAs(ctx context.Context, deploymentID string, slas []value.Value) error {
	if slas == nil {
		slas = []value.Value{}
	}
	err := c.change(ctx, http.MethodPost, slas, "/slas/apply-resource-slas/%s", DeploymentResource(deploymentID))
	var answer *Error
	if errors.As(err, &answer) && answer.Status == http.StatusNotFound && !answer.Missing {
		return fmt.Errorf("%w: %s", ErrNoSLAs, answer.URL)
	}
	return err
}

// change sends a write whose answer says nothing.
func (c *Client) change(ctx context.Context, method string, body value.Value, format string, names ...string) error {
	path, err := route(format, names...)
	if err != nil {
		return err
	}
	if m, ok := body.(*value.Map); ok && m == nil {
		body = nil
	}
	_, err = c.call(ctx, method, path, body)
	return err
}

// readList reads a list of objects.
func (c *Client) readList(ctx context.Context, method, path string, body value.Value) ([]*value.Map, error) {
	items, _, err := callJSON[[]value.Value](ctx, c, method, path, body)
	if err != nil {
		return nil, err
	}
	docs := make([]*value.Map, 0, len(items))
	for _, item := range items {
		doc, ok := item.(*value.Map)
		if !ok {
			return nil, c.badAnswer(method, path, nil, "an item in it is no object")
		}
		docs = append(docs, doc)
	}
	return docs, nil
}
