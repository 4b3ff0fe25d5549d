package schema

// Walk visits every value that is in a known field, the outer before the inner: for looking up what is deprecated,
// ignored or documented. Values of the wrong kind are visited but not entered. The path is only good during the call.
func (l *Language) Walk(object string, g Generation, d Data, visit func(path []Step, o *Object, f *Field, v Data)) {
	o := l.byName[object]
	if o == nil || d == nil || d.Kind() != KindMap {
		return
	}
	v := visitor{g: g, left: maxValues, visit: visit}
	v.object(o, d)
}

type visitor struct {
	g     Generation
	left  int
	depth int
	path  []Step
	visit func([]Step, *Object, *Field, Data)
}

func (v *visitor) object(o *Object, d Data) {
	if v.depth >= maxDepth {
		return
	}
	v.depth++
	defer func() { v.depth-- }()
	for i := range d.Len() {
		if v.left--; v.left < 0 {
			return
		}
		k, x := d.Field(i)
		if k.Kind() != KindString {
			continue
		}
		v.path = append(v.path, Step{Key: k.Text()})
		if f := o.byName[k.Text()]; f != nil {
			v.visit(v.path, o, f, x)
			v.enter(f.Type(v.g), x)
		} else if o.Rest != nil {
			v.enter(o.Rest, x)
		}
		v.path = v.path[:len(v.path)-1]
	}
}

func (v *visitor) enter(t *Type, d Data) {
	a := t.alt(d.Kind())
	switch {
	case a == nil:
	case a.Object != nil:
		v.object(a.Object, d)
	case a.Union != nil:
		if o, _ := a.Union.Variant(d); o != nil {
			v.object(o, d)
		}
	case d.Kind() == KindList && a.Item != nil && !a.Item.Any:
		for i := range d.Len() {
			if v.left--; v.left < 0 {
				return
			}
			v.path = append(v.path, Step{Index: i, IsIndex: true})
			v.enter(a.Item, d.Item(i))
			v.path = v.path[:len(v.path)-1]
		}
	}
}
