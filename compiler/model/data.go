package model

import (
	"math/big"

	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// Data shows a YAML node to the schema: aliases followed, merge keys resolved. A nil node and an unreadable one are null.
func Data(n *yamldoc.Node) schema.Data {
	if n = n.Deref(); n == nil {
		n = nullNode
	}
	return data{n}
}

var nullNode = &yamldoc.Node{Kind: yamldoc.Null} // never changed

// data is a node behind aliases. Being one pointer it costs nothing to put into an interface.
type data struct{ n *yamldoc.Node }

func (d data) node() *yamldoc.Node { return d.n }

func (d data) Kind() schema.Kind {
	switch d.node().Kind {
	case yamldoc.Null, yamldoc.Invalid:
		return schema.KindNull
	case yamldoc.Bool:
		return schema.KindBool
	case yamldoc.Int:
		return schema.KindInt
	case yamldoc.Float:
		return schema.KindFloat
	case yamldoc.String:
		return schema.KindString
	case yamldoc.Date, yamldoc.DateTime:
		return schema.KindDate
	case yamldoc.Sequence:
		return schema.KindList
	case yamldoc.Mapping:
		return schema.KindMap
	}
	return schema.KindOther
}

func (d data) Bool() bool {
	b, _ := d.node().Scalar.(bool)
	return b
}

func (d data) Text() string { return d.node().Text }

func (d data) Number() float64 {
	switch n := d.node().Scalar.(type) {
	case int64:
		return float64(n)
	case float64:
		return n
	case *big.Int:
		f, _ := new(big.Float).SetInt(n).Float64()
		return f
	}
	return 0
}

func (d data) Len() int {
	if n := d.node(); n.Kind == yamldoc.Mapping {
		return len(n.Entries())
	}
	return len(d.node().Items)
}

func (d data) Item(i int) schema.Data { return Data(d.node().Items[i]) }

func (d data) Field(i int) (key, v schema.Data) {
	e := d.node().Entries()[i]
	return Data(e.Key), Data(e.Value)
}
