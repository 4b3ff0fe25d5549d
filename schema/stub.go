package schema

type Catalogue struct{}

func newCatalogue(g Generation) Catalogue { return Catalogue{} }

type Block struct{}

func readBlocks(g Generation) ([]*Block, error) { return nil, nil }

var jobVariableNames = []string{"command", "env", "image"}
