package lsp

import (
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// place is what the language says of a path in the data.
type place struct {
	object *schema.Object // the mapping that holds the path's last key; nil for free keys
	field  *schema.Field  // the path's last key; nil when the language does not name it
	values *schema.Type   // what may stand at the path; nil when anything may
	item   bool           // the path ends in the item of a list

	function string // inside a step: its import path
	argument string // inside a step's arguments: the argument
	depth    int    // levels below the argument
}

// elem is one level of a path: a key, or an item of a list.
type elem struct {
	key  string
	item bool
}

// locatePath follows a path from the root of a file. It is false when the path leads out of the language, as below a free
// mapping such as parameters.
func locatePath(lang *schema.Language, g schema.Generation, path []elem) (place, bool) {
	at := place{}
	objects := []*schema.Object{lang.Object("File")}
	for _, e := range path {
		switch {
		case at.argument != "":
			at.depth++
			continue
		case e.item:
			items := itemType(at.values)
			if items == nil {
				return place{}, false
			}
			at = place{field: at.field, object: at.object, values: items, item: true}
			objects = objectsOf(items)
			continue
		case isStep(objects) && !at.single(objects, e.key):
			body := lang.Object("StepBody")
			at, objects = place{function: e.key, object: body}, []*schema.Object{body}
			continue
		}
		var found bool
		if at, found = at.enter(objects, e.key, g); !found {
			return place{}, false
		}
		objects = objectsOf(at.values)
	}
	return at, true
}

// enter goes to a key of one of the objects.
func (p place) enter(objects []*schema.Object, key string, g schema.Generation) (place, bool) {
	for _, o := range objects {
		if f := o.Field(key); f != nil {
			next := place{object: o, field: f, values: f.Type(g), function: p.function}
			if p.function != "" {
				next.argument = key
			}
			return next, true
		}
	}
	if p.function != "" {
		return place{object: p.object, function: p.function, argument: key}, true
	}
	for _, o := range objects {
		if o.Rest != nil {
			return place{values: o.Rest}, true
		}
	}
	return place{}, false
}

// single is for keys that a step object has besides the step itself; it has none today.
func (p place) single(objects []*schema.Object, key string) bool {
	return objects[0].Field(key) != nil
}

func isStep(objects []*schema.Object) bool {
	return len(objects) > 0 && objects[0].OneKey
}

// objectsOf lists the mappings that a value may be.
func objectsOf(t *schema.Type) []*schema.Object {
	if t == nil {
		return nil
	}
	var out []*schema.Object
	for _, a := range t.Alts {
		if a.Object != nil {
			out = append(out, a.Object)
		}
		if a.Union != nil {
			out = append(out, a.Union.Variants...)
		}
	}
	return out
}

// itemType is what an item of a list may be; nil when the value is no list, or one of anything.
func itemType(t *schema.Type) *schema.Type {
	if t == nil {
		return nil
	}
	for _, a := range t.Alts {
		if a.Kind == schema.KindList && a.Item != nil {
			return a.Item
		}
	}
	return nil
}

// objects lists the mappings that may stand at a place.
func (p place) objects() []*schema.Object { return objectsOf(p.values) }

// elems turns a cursor's path into elements.
func elems(path []step) []elem {
	out := make([]elem, len(path))
	for i, s := range path {
		out[i] = elem{key: s.key, item: s.isItem()}
	}
	return out
}

// elemsOf turns a path of nodes into elements. onKey says that the last node is a key. A part that is written elsewhere, behind
// an anchor, is taken where its first alias stands.
func elemsOf(doc *yamldoc.Document, nodes []*yamldoc.Node) (out []elem, onKey bool) {
	return elemsWithin(doc, nodes, 4)
}

func elemsWithin(doc *yamldoc.Document, nodes []*yamldoc.Node, hops int) (out []elem, onKey bool) {
	for i := 1; i < len(nodes); i++ {
		parent, n := nodes[i-1], nodes[i]
		switch parent.Kind {
		case yamldoc.Sequence:
			out, onKey = append(out, elem{item: true}), false
		case yamldoc.Mapping:
			p := pairOf(parent, n)
			if p == nil {
				return nil, false
			}
			if onKey = p.Key == n; p.Key.Text == "<<" && !onKey {
				continue // what is merged stands in the mapping itself
			}
			out = append(out, elem{key: p.Key.KeyText()})
		}
		if n.Anchor == nil || len(n.Anchor.Uses) == 0 || hops == 0 || i+1 == len(nodes) {
			continue
		}
		if use := doc.NodeAt(n.Anchor.Uses[0].Span.Start); len(use) > 0 && use[len(use)-1] == n.Anchor.Uses[0] {
			if way := mergeless(doc, use, hops-1); way != nil {
				out = way
			}
		}
	}
	return out, onKey
}

// mergeless is the path of an alias: that of the mapping around it when it stands behind a merge key.
func mergeless(doc *yamldoc.Document, use []*yamldoc.Node, hops int) []elem {
	for i := len(use) - 2; i >= 0 && i >= len(use)-3; i-- {
		if use[i].Kind != yamldoc.Mapping {
			continue
		}
		if p := pairOf(use[i], use[i+1]); p != nil && p.Key.Text == "<<" {
			way, _ := elemsWithin(doc, use[:i+1], hops)
			return append([]elem{}, way...)
		}
		break
	}
	way, _ := elemsWithin(doc, use, hops)
	return way
}
