package schema

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
)

//go:embed data/blocks.json data/job-templates
var data embed.FS

// Block is a block type.
type Block struct {
	Slug          string       `json:"slug"`
	Name          string       `json:"name"`
	Class         string       `json:"class"`         // dotted Python path
	Package       string       `json:"package"`       // distribution that has it
	ResolvesTo    string       `json:"resolves_to"`   // value: a reference stands for the field "value"; object: for the whole document
	Fields        []BlockField `json:"fields"`        // fields of the document
	Preregistered bool         `json:"preregistered"` // a bare server knows it
	Storage       bool         `json:"storage"`       // fits pull_with_block
}

// BlockField is a field of a block document. Its types are JSON Schema's words.
type BlockField struct {
	Name        string       `json:"name"`
	Types       []string     `json:"types"`
	Required    bool         `json:"required"`
	Nullable    bool         `json:"nullable"`
	Default     any          `json:"default"`
	Enum        []any        `json:"enum"`
	Secret      bool         `json:"secret"`
	SecretPaths []string     `json:"secret_paths"` // for a nested block: which of its fields are secret
	Blocks      []string     `json:"blocks"`       // slugs of the block types that fit
	Fields      []BlockField `json:"fields"`       // of a nested object
	SavedAs     string       `json:"saved_as"`     // name in the stored document, if another
}

// Blocks are the block types of a generation, by slug.
func (l *Language) Blocks(g Generation) ([]*Block, error) { return l.blocks[slot(g)]() }

// Block finds a block type by slug, or nil.
func (l *Language) Block(g Generation, slug string) (*Block, error) {
	all, err := l.Blocks(g)
	if err != nil {
		return nil, err
	}
	i, found := slices.BinarySearchFunc(all, slug, func(b *Block, s string) int { return strings.Compare(b.Slug, s) })
	if !found {
		return nil, nil
	}
	return all[i], nil
}

// Field finds a field of the document by name, or nil.
func (b *Block) Field(name string) *BlockField {
	for i := range b.Fields {
		if b.Fields[i].Name == name {
			return &b.Fields[i]
		}
	}
	return nil
}

func readBlocks(g Generation) ([]*Block, error) {
	text, err := data.ReadFile("data/blocks.json")
	if err != nil {
		return nil, err
	}
	var doc map[string]struct{ Blocks []*Block }
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("schema: read the block types: %w", err)
	}
	blocks := doc[fmt.Sprintf("prefect%d", slot(g)+2)].Blocks
	slices.SortFunc(blocks, func(a, b *Block) int { return strings.Compare(a.Slug, b.Slug) })
	return blocks, nil
}

// JobVariables is the JSON Schema of a pool type's job variables: the "variables" part of its base job template, as the
// newest measured worker has it. Its references count from the root. ok is false for a type that Prefect does not ship.
func (l *Language) JobVariables(poolType string, g Generation) (schema []byte, ok bool) {
	if poolType == "" || strings.ContainsAny(poolType, "/\\.") || poolType == "index" {
		return nil, false
	}
	dir := fmt.Sprintf("data/job-templates/prefect%d", slot(g)+2)
	for _, name := range []string{path.Join(dir, poolType+".json"), path.Join(dir, "bundled", poolType+".json")} {
		if text, err := data.ReadFile(name); err == nil {
			return text, true
		}
	}
	return nil, false
}

// JobVariable is what a job variable may be.
type JobVariable struct {
	Name  string
	Type  string   // of JSON Schema: string, integer, number, boolean, array or object
	Words []string // a string has to be one of these; nil for any
}

// JobVariable is what a job variable may be in all shipped types of work pools that have it; ok is false where they differ,
// or none has it.
func (l *Language) JobVariable(name string, g Generation) (v JobVariable, ok bool) {
	all := jobVariableShapes[slot(g)]
	i, ok := slices.BinarySearchFunc(all, name, func(v JobVariable, name string) int { return strings.Compare(v.Name, name) })
	if !ok {
		return JobVariable{}, false
	}
	return all[i], true
}

// PoolTypes are the types of work pools that Prefect ships for a generation.
func (l *Language) PoolTypes(g Generation) []string {
	var out []string
	dir := fmt.Sprintf("data/job-templates/prefect%d", slot(g)+2)
	for _, d := range []string{dir, path.Join(dir, "bundled")} {
		entries, err := data.ReadDir(d)
		if err != nil {
			continue // embedded: there is a directory for each generation
		}
		for _, e := range entries {
			if name, ok := strings.CutSuffix(e.Name(), ".json"); ok && name != "index" {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
