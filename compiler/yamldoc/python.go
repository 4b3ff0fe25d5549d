package yamldoc

import (
	"fmt"

	"github.com/prefectc/prefectc/compiler/value"
)

// Python is the value yaml.safe_load gives for the node. Aliased parts are copied, never shared. It fails where a
// part could not be read; Problems say why.
func (n *Node) Python() (value.Value, error) {
	d := n.Deref()
	if d == nil {
		if n == nil {
			return nil, nil
		}
		return nil, fmt.Errorf("alias *%s stands for nothing that can be read", n.Text)
	}
	switch d.Kind {
	case Invalid:
		return nil, fmt.Errorf("%q cannot be read", clip(d.Text))
	case Sequence:
		return d.pythonList()
	case Mapping:
		return d.pythonMap()
	case Set:
		set := value.Set{Items: make([]value.Value, 0, len(d.entries))}
		for _, e := range d.entries {
			set.Items = append(set.Items, e.Key.Scalar)
		}
		return set, nil
	}
	return d.Scalar, nil
}

func (n *Node) pythonList() (value.Value, error) {
	list := make([]value.Value, 0, len(n.Items))
	for _, item := range n.Items {
		if n.tuples {
			pair, err := item.pythonTuple()
			if err != nil {
				return nil, err
			}
			list = append(list, pair)
			continue
		}
		v, err := item.Python()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// pythonTuple is one item of an !!omap or !!pairs: Python has a tuple of key and value there.
func (n *Node) pythonTuple() (value.Value, error) {
	d := n.Deref()
	if d == nil || len(d.Pairs) != 1 {
		return nil, fmt.Errorf("an item of an ordered map must have one key")
	}
	k, err := d.Pairs[0].Key.Python()
	if err != nil {
		return nil, err
	}
	v, err := d.Pairs[0].Value.Python()
	return []value.Value{k, v}, err
}

func (n *Node) pythonMap() (value.Value, error) {
	m := &value.Map{Pairs: make([]value.Pair, 0, len(n.entries))}
	for _, e := range n.entries {
		v, err := e.Value.Python()
		if err != nil {
			return nil, err
		}
		m.Pairs = append(m.Pairs, value.Pair{Key: e.Key.Scalar, Value: v})
	}
	return m, nil
}
