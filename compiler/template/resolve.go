package template

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
)

// BlockSource reads the data of a block document, secrets included.
type BlockSource interface {
	BlockByName(slug, name string) (*value.Map, error)
	BlockByID(id string) (*value.Map, error)
}

// BlockProblem says what keeps a block reference from being filled in.
type BlockProblem string

// The problems of block references, apart from a block that the source does not have.
const (
	BlockMalformed  BlockProblem = "malformed"   // no type or no name
	BlockInText     BlockProblem = "in-text"     // text around it: Prefect 2 takes none
	BlockNotScalar  BlockProblem = "not-scalar"  // a mapping or list inside text
	BlockEmptyPath  BlockProblem = "empty-path"  // the block has nothing at the key path
	BlockBadRefText BlockProblem = "ref-is-text" // "$ref" with something else than a mapping
)

// BlockError is a block reference that cannot be filled in.
type BlockError struct {
	Problem BlockProblem
	Message string
}

func (e *BlockError) Error() string { return e.Message }

func blockError(problem BlockProblem, format string, args ...any) error {
	return &BlockError{problem, fmt.Sprintf(format, args...)}
}

// Blocks is Prefect's resolve_block_document_references for one generation (2 or 3).
func Blocks(v value.Value, generation int, source BlockSource) (value.Value, error) {
	return mapText(v, func(m *value.Map) (value.Value, bool, error) { return blockByRef(m, source) },
		func(s string) (value.Value, error) { return blockText(s, generation, source) })
}

// blockByRef resolves {"$ref": {"block_document_id": …}}.
func blockByRef(m *value.Map, source BlockSource) (value.Value, bool, error) {
	ref, ok := m.Get("$ref")
	if !ok {
		return nil, false, nil
	}
	target, ok := ref.(*value.Map)
	if !ok {
		return nil, false, blockError(BlockBadRefText, `"$ref" must be a mapping with "block_document_id", not %s`, value.TypeName(ref))
	}
	id, _ := target.Get("block_document_id")
	if !value.Truthy(id) {
		return nil, false, nil
	}
	data, err := source.BlockByID(value.Str(id))
	return data, true, err
}

func blockText(s string, generation int, source BlockSource) (value.Value, error) {
	if !strings.Contains(s, BlockPrefix) {
		return s, nil
	}
	if one, ok := Whole(s); ok && one.Kind == Block {
		return blockValue(one, generation, source)
	}
	blocks := 0
	for _, ph := range Find(s) {
		if ph.Kind == Block {
			blocks++
		}
	}
	if blocks == 0 {
		return s, nil
	}
	if generation == 2 {
		return nil, blockError(BlockInText, "%q: prefect 2 allows a block reference only as the whole value, without text around it", s)
	}
	var failed error
	out := Replace(s, func(ph Placeholder) (string, bool) {
		if ph.Kind != Block || failed != nil {
			return "", false
		}
		v, err := blockValue(ph, generation, source)
		if err != nil {
			failed = err
			return "", false
		}
		switch v.(type) {
		case *value.Map, []value.Value:
			failed = blockError(BlockNotScalar, "%q is a %s and cannot be put inside text; name one field of it", s[ph.Start:ph.End], value.TypeName(v))
			return "", false
		}
		return value.Str(v), true
	})
	return out, failed
}

func blockValue(ph Placeholder, generation int, source BlockSource) (value.Value, error) {
	slug, name, path, ok := ph.BlockParts()
	if !ok {
		return nil, blockError(BlockMalformed, "%q is no block reference: prefect.blocks.<block type>.<block name> is", ph.Name)
	}
	data, err := source.BlockByName(slug, name)
	if err != nil {
		return nil, err
	}
	var v value.Value = data
	if inner, has := data.Get("value"); has && data.Len() == 1 && !pointsAtValue(path, generation) {
		v = inner
	}
	if path == "" && strings.Count(strings.ReplaceAll(ph.Name, BlockPrefix, ""), ".") < 2 {
		return value.Clone(v), nil
	}
	found, ok := Lookup(v, path)
	if !ok {
		return nil, blockError(BlockEmptyPath, "block %s/%s has nothing at %q", slug, name, path)
	}
	return value.Clone(found), nil
}

// pointsAtValue tells whether a key path already names the only field of a block that stands for its value.
// Prefect 2 looks at the first five letters only, so that ".values" counts too.
func pointsAtValue(path string, generation int) bool {
	if generation == 2 {
		return strings.HasPrefix(path, "value")
	}
	return path == "value" || strings.HasPrefix(path, "value.") || strings.HasPrefix(path, "value[")
}

// Variables is Prefect's resolve_variables. read returns false for a variable that does not exist: it becomes empty text.
func Variables(v value.Value, read func(name string) (value.Value, bool, error)) (value.Value, error) {
	get := func(ph Placeholder) (value.Value, error) {
		found, ok, err := read(ph.VariableName())
		if err != nil || !ok {
			return "", err
		}
		return found, nil
	}
	return mapText(v, nil, func(s string) (value.Value, error) {
		if one, ok := Whole(s); ok && one.Kind == Variable {
			return get(one)
		}
		var failed error
		out := Replace(s, func(ph Placeholder) (string, bool) {
			if ph.Kind != Variable || failed != nil {
				return "", false
			}
			found, err := get(ph)
			failed = err
			return value.Str(found), err == nil
		})
		return out, failed
	})
}

// mapText rebuilds v with every string replaced; whole, if given, may replace a mapping as a whole.
func mapText(v value.Value, whole func(*value.Map) (value.Value, bool, error), text func(string) (value.Value, error)) (value.Value, error) {
	switch v := v.(type) {
	case string:
		return text(v)
	case *value.Map:
		if whole != nil {
			if replaced, ok, err := whole(v); ok || err != nil {
				return replaced, err
			}
		}
		out := &value.Map{}
		for _, e := range v.Pairs {
			mapped, err := mapText(e.Value, whole, text)
			if err != nil {
				return nil, err
			}
			out.Set(e.Key, mapped)
		}
		return out, nil
	case []value.Value:
		out := make([]value.Value, len(v))
		for i := range v {
			mapped, err := mapText(v[i], whole, text)
			if err != nil {
				return nil, err
			}
			out[i] = mapped
		}
		return out, nil
	}
	return v, nil
}
