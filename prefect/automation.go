package prefect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/prefectc/prefectc/compiler/value"
)

// DeploymentResource is the resource under which a deployment's automations and agreements are filed.
func DeploymentResource(deploymentID string) string { return "prefect.deployment." + deploymentID }

// ReadAutomationsRelatedTo reads the automations that belong to a resource or act on it. No server says which of them the resource owns, and
// none can be asked: owned ones are those that DeleteAutomationsOwnedBy would delete. ErrNoAutomations when the server has none at all.
func (c *Client) ReadAutomationsRelatedTo(ctx context.Context, resource string) ([]*value.Map, error) {
	path, err := route("/automations/related-to/%s", resource)
	if err != nil {
		return nil, err
	}
	docs, err := c.readList(ctx, http.MethodGet, path, nil)
	return docs, noAutomations(err)
}

// CreateAutomation creates an automation; its owner is the body's owner_resource. Where an answer got lost it looks whether the server
// has it: an automation of that owner and name that is none of the known ones.
func (c *Client) CreateAutomation(ctx context.Context, body *value.Map, known ...string) (id string, err error) {
	for tries := 1; ; tries++ {
		id, _, err = c.createBy(ctx, &request{method: http.MethodPost, path: "/automations/", fragile: true}, body)
		var unsure unsureError
		if !errors.As(err, &unsure) || tries > c.settings.MaxRetries {
			return id, noAutomations(err)
		}
		wait := c.backoff(tries)
		c.tell(&request{method: http.MethodPost, path: "/automations/"}, "no answer came", wait)
		if err := c.clock.Sleep(ctx, wait); err != nil {
			return "", unsure.error
		}
		id, err = c.createdMeanwhile(ctx, body, known)
		if err != nil {
			return "", errors.Join(unsure.error, err)
		}
		if id != "" {
			return id, nil
		}
	}
}

// createdMeanwhile finds the id of an automation that was created although nobody said so, "" when there is none.
func (c *Client) createdMeanwhile(ctx context.Context, body *value.Map, known []string) (string, error) {
	docs, err := c.ReadAutomationsRelatedTo(ctx, text(body, "owner_resource"))
	if err != nil {
		return "", err
	}
	for _, doc := range docs {
		if id := text(doc, "id"); text(doc, "name") == text(body, "name") && !slices.Contains(known, id) {
			return id, nil
		}
	}
	return "", nil
}

// UpdateAutomation replaces an automation and keeps its id and owner. An owner_resource in the body is not sent, as the server
// takes it only at creation.
func (c *Client) UpdateAutomation(ctx context.Context, id string, body *value.Map) error {
	sent := &value.Map{}
	for _, pair := range body.Pairs {
		if pair.Key != "owner_resource" {
			sent.Set(pair.Key, pair.Value)
		}
	}
	return noAutomations(c.change(ctx, http.MethodPut, sent, "/automations/%s", id))
}

// DeleteAutomation removes an automation; one that is gone already is no error.
func (c *Client) DeleteAutomation(ctx context.Context, id string) error {
	err := c.change(ctx, http.MethodDelete, nil, "/automations/%s", id)
	if IsNotFound(err) {
		return nil
	}
	return noAutomations(err)
}

// DeleteAutomationsOwnedBy removes all automations a resource owns. A server without automations is no error, as in Prefect.
func (c *Client) DeleteAutomationsOwnedBy(ctx context.Context, resource string) error {
	err := c.change(ctx, http.MethodDelete, nil, "/automations/owned-by/%s", resource)
	if status(err) == http.StatusNotFound {
		return nil
	}
	return err
}

// noAutomations turns the answer of a server that lacks these endpoints into ErrNoAutomations.
func noAutomations(err error) error {
	var answer *Error
	if errors.As(err, &answer) && answer.Status == http.StatusNotFound && !answer.Missing {
		return fmt.Errorf("%w: %s; Prefect 2 has them with PREFECT_EXPERIMENTAL_EVENTS=true", ErrNoAutomations, answer.URL)
	}
	return err
}

// ReadAutomations reads all automations. ErrNoAutomations when the server has none at all.
func (c *Client) ReadAutomations(ctx context.Context) ([]*value.Map, error) {
	var all []*value.Map
	for {
		page, err := c.readList(ctx, http.MethodPost, "/automations/filter",
			value.NewMap("limit", int64(pageSize), "offset", int64(len(all))))
		if err != nil {
			return nil, noAutomations(err)
		}
		all = append(all, page...)
		if len(page) < pageSize {
			return all, nil
		}
	}
}
