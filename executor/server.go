package executor

import (
	"context"
	"fmt"
	"sync"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/prefect"
)

// server reads blocks, variables and work pools, and registers flows, each once.
type server struct {
	client    *prefect.Client
	byName    once[*value.Map]
	byID      once[*value.Map]
	existing  once[struct{}]
	variables once[variable]
	pools     once[*prefect.Pool]
	flows     once[string] // ids
}

type variable struct {
	value value.Value
	found bool
}

// once remembers the answer to each question, and lets concurrent askers of the same question wait for one answer.
type once[T any] struct {
	mu      sync.Mutex
	answers map[string]func() (T, error)
}

func (o *once[T]) get(key string, ask func() (T, error)) (T, error) {
	o.mu.Lock()
	if o.answers == nil {
		o.answers = map[string]func() (T, error){}
	}
	answer, ok := o.answers[key]
	if !ok {
		answer = sync.OnceValues(ask)
		o.answers[key] = answer
	}
	o.mu.Unlock()
	return answer()
}

func (s *server) variable(ctx context.Context, name string) (value.Value, bool, error) {
	v, err := s.variables.get(name, func() (variable, error) {
		v, found, err := s.client.ReadVariable(ctx, name)
		return variable{v, found}, err
	})
	return v.value, v.found, err
}

func (s *server) pool(ctx context.Context, name string) (*prefect.Pool, error) {
	return s.pools.get(name, func() (*prefect.Pool, error) { return s.client.ReadWorkPool(ctx, name) })
}

// blocks reads block documents for the template passes.
type blocks struct {
	ctx context.Context //nolint:containedctx // lives as long as one evaluation
	*server
}

// BlockNotFoundError names a block that the server does not have.
type BlockNotFoundError struct{ Type, Name string }

func (e *BlockNotFoundError) Error() string {
	return fmt.Sprintf("there is no block %q of type %q on the server", e.Name, e.Type)
}

// BlockByName reads a block by its type's slug and its name.
func (b blocks) BlockByName(slug, name string) (*value.Map, error) {
	return b.byName.get(slug+"/"+name, func() (*value.Map, error) {
		block, err := b.client.ReadBlock(b.ctx, slug, name, true)
		if prefect.IsNotFound(err) {
			return nil, &BlockNotFoundError{slug, name}
		}
		if err != nil {
			return nil, err
		}
		return block.Data, nil
	})
}

// blockExists asks whether there is a block, without its secrets.
func (s *server) blockExists(ctx context.Context, slug, name string) error {
	_, err := s.existing.get(slug+"/"+name, func() (struct{}, error) {
		_, err := s.client.ReadBlock(ctx, slug, name, false)
		if prefect.IsNotFound(err) {
			err = &BlockNotFoundError{slug, name}
		}
		return struct{}{}, err
	})
	return err
}

// BlockByID reads a block by its id.
func (b blocks) BlockByID(id string) (*value.Map, error) {
	return b.byID.get(id, func() (*value.Map, error) {
		block, err := b.client.ReadBlockByID(b.ctx, id, true)
		if err != nil {
			return nil, err
		}
		return block.Data, nil
	})
}
