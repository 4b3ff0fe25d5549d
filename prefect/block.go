package prefect

import (
	"context"
	"net/http"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// Block is a block document.
type Block struct {
	ID   string
	Name string
	Type string // slug of its type
	Data *value.Map
}

// ReadBlock reads a block by the slug of its type and its name. With secrets included, the secret values are registered with the client's
// [Secrets] before anything else sees them.
func (c *Client) ReadBlock(ctx context.Context, slug, name string, includeSecrets bool) (*Block, error) {
	path, err := route("/block_types/slug/%s/block_documents/name/%s", slug, name)
	if err != nil {
		return nil, err
	}
	return c.readBlock(ctx, path, includeSecrets)
}

// ReadBlockByID reads a block by its id, as a {"$ref": {"block_document_id": …}} names it.
func (c *Client) ReadBlockByID(ctx context.Context, id string, includeSecrets bool) (*Block, error) {
	path, err := route("/block_documents/%s", id)
	if err != nil {
		return nil, err
	}
	return c.readBlock(ctx, path, includeSecrets)
}

func (c *Client) readBlock(ctx context.Context, path string, includeSecrets bool) (*Block, error) {
	if includeSecrets {
		path += "?include_secrets=true"
	}
	doc, _, err := callJSON[*value.Map](ctx, c, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	data, ok := field[*value.Map](doc, "data")
	if !ok {
		return nil, c.badAnswer(http.MethodGet, path, nil, "the block in it has no data")
	}
	kind, _ := field[*value.Map](doc, "block_type")
	if includeSecrets {
		c.registerBlock(doc, data)
	}
	return &Block{ID: text(doc, "id"), Name: text(doc, "name"), Type: text(kind, "slug"), Data: data}, nil
}

// registerBlock makes a block's values secrets: those its schema marks, and all of them when it marks none or when the block is nothing but a value
// (Secret, JSON, String), since people keep passwords in those.
func (c *Client) registerBlock(doc, data *value.Map) {
	schema, _ := field[*value.Map](doc, "block_schema")
	fields, _ := field[*value.Map](schema, "fields")
	marked, _ := field[[]value.Value](fields, "secret_fields")
	_, single := data.Get("value")
	if len(marked) == 0 || single && data.Len() == 1 {
		c.registerLeaves(data)
		return
	}
	for _, mark := range marked {
		if path, ok := mark.(string); ok {
			c.registerPath(data, strings.Split(path, "."))
		}
	}
}

// registerPath registers what a path of secret_fields selects; "*" is any key or item.
func (c *Client) registerPath(v value.Value, path []string) {
	if len(path) == 0 || len(path) == 1 && path[0] == "*" {
		c.registerLeaves(v)
		return
	}
	switch v := v.(type) {
	case *value.Map:
		if path[0] != "*" {
			if next, ok := v.Get(path[0]); ok {
				c.registerPath(next, path[1:])
			}
			return
		}
		for _, pair := range v.Pairs {
			c.registerPath(pair.Value, path[1:])
		}
	case []value.Value:
		for _, item := range v {
			c.registerPath(item, path[1:])
		}
	default:
		c.registerLeaves(v)
	}
}

// registerLeaves registers every text and number in a value. A connection address is also registered by its password alone.
func (c *Client) registerLeaves(v value.Value) {
	switch v := v.(type) {
	case nil, bool:
	case *value.Map:
		for _, pair := range v.Pairs {
			c.registerLeaves(pair.Value)
		}
	case []value.Value:
		for _, item := range v {
			c.registerLeaves(item)
		}
	case string:
		c.secrets.Add(v)
		for _, password := range proxySecrets(Proxy{HTTP: v}) {
			c.secrets.Add(password)
		}
	default:
		c.secrets.Add(value.Str(v))
	}
}
