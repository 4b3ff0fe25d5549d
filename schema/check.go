package schema

import "math"

// Limits on what one Check looks at. A file that people wrote is far below both.
const (
	maxValues = 1 << 21 // values, counted as often as aliases repeat them
	maxDepth  = 100
	maxFound  = 10_000 // violations reported
)

// Check compares data with an object of the language: File for a whole document, Deployment for one item. It returns
// nil for data without mistakes, at the cost of one walk over it and a few words of memory. An unknown object name checks nothing.
func (l *Language) Check(object string, g Generation, d Data) []Violation {
	o := l.byName[object]
	if o == nil || d == nil {
		return nil
	}
	gate := walker{g: g, left: maxValues}
	if gate.root(o, d) && gate.left > 0 {
		return nil
	}
	w := explain(o, g, d)
	l.confirm(o, g, d, w)
	return w.found
}

// CheckShared compares a whole document with the language, but for those of its deployments that are mappings:
// [Language.CheckDeployment] looks at them one by one.
func (l *Language) CheckShared(g Generation, d Data) []Violation {
	o := l.byName["File"]
	if o == nil || d == nil {
		return nil
	}
	gate := walker{g: g, left: maxValues, shared: true}
	if gate.root(o, d) && gate.left > 0 {
		return nil
	}
	w := &walker{g: g, left: maxValues, shared: true, explain: true}
	w.run(o, d)
	l.confirm(o, g, d, w)
	return w.found
}

// CheckDeployment compares the deployment at an index of a document. Paths start at the document. CUE is asked too if
// confirm holds; it costs a hundred times more.
func (l *Language) CheckDeployment(g Generation, d Data, index int, confirm bool) []Violation {
	file, o := l.byName["File"], l.byName["Deployment"]
	if file == nil || o == nil || d == nil {
		return nil
	}
	gate := walker{g: g, left: maxValues, objects: []*Object{file}}
	if gate.object(o, d) && gate.left > 0 {
		return nil
	}
	w := &walker{g: g, left: maxValues, explain: true, objects: []*Object{file}, path: []Step{{Key: deployments}, {Index: index, IsIndex: true}}}
	w.at = -1
	w.object(o, d)
	w.overrun(o)
	if confirm {
		l.confirmParts(file, g, []part{{object: o, data: d, path: w.here()}}, w)
	}
	return w.found
}

// deployments is the field of File that holds them.
const deployments = "deployments"

// explain finds every mistake, by the table alone.
func explain(o *Object, g Generation, d Data) *walker {
	w := &walker{g: g, left: maxValues, explain: true}
	w.run(o, d)
	return w
}

func (w *walker) run(o *Object, d Data) {
	w.root(o, d)
	w.overrun(o)
}

// overrun reports data that is too large to be looked at as a whole.
func (w *walker) overrun(o *Object) {
	if w.left <= 0 {
		w.report(Violation{Kind: TooLarge, At: -1, Object: o, Want: "a document that people could read", Effect: Converts})
	}
}

// walker goes over data with the table. As a gate it stops at the first mistake; explaining, it reports them all.
type walker struct {
	g       Generation
	left    int // values that may still be looked at
	explain bool
	shared  bool // passes over deployments
	path    []Step
	at      int
	found   []Violation
	objects []*Object // the objects that the path goes through, innermost last

	rejected []unit // objects in which something was found, for CUE
}

// unit is an object in which something was found.
type unit struct {
	object *Object
	data   Data
	path   []Step
}

func (w *walker) root(o *Object, d Data) bool {
	if d.Kind() != KindMap {
		if w.explain {
			w.mismatch(nil, &Type{Alts: []Alt{{Kind: KindMap, Object: o}}}, d, o)
		}
		return false
	}
	return w.object(o, d)
}

func (w *walker) push(s Step) {
	if w.explain {
		w.path = append(w.path, s)
	}
}

func (w *walker) pop() {
	if w.explain {
		w.path = w.path[:len(w.path)-1]
	}
}

// object checks a mapping against an object. It says whether all is well; a gate returns at once when it is not.
func (w *walker) object(o *Object, d Data) bool {
	if len(w.objects) >= maxDepth {
		w.left = 0
		return true
	}
	w.objects = append(w.objects, o)
	defer func() { w.objects = w.objects[:len(w.objects)-1] }()
	ok := true
	var seen uint64
	n := d.Len()
	if o.OneKey && n > 1 {
		if !w.explain {
			return false
		}
		w.notOneKey(o, d)
		ok = false
	}
	before := len(w.found)
	for i := range n {
		key, v := d.Field(i)
		if w.left--; w.left <= 0 {
			return true
		}
		w.at = i
		if !w.entry(o, key, v, &seen) {
			if !w.explain {
				return false
			}
			ok = false
		}
	}
	if !w.complete(o, d, seen) {
		ok = false
	}
	if w.explain && len(w.found) > before {
		w.reject(o, d)
	}
	return ok
}

// entry checks one key and its value.
func (w *walker) entry(o *Object, key, v Data, seen *uint64) bool {
	if key.Kind() != KindString {
		if w.explain {
			w.keyNotText(o, key, false)
		}
		return false
	}
	f := o.byName[key.Text()]
	if f == nil {
		if o.Rest != nil {
			w.push(Step{Key: key.Text()})
			defer w.pop()
			return w.value(nil, o.Rest, v, o)
		}
		if w.explain && !o.Open {
			w.unknown(o, key.Text(), v)
		}
		return o.Open
	}
	if !f.In(w.g) {
		if w.explain {
			w.otherGeneration(o, f, v)
		}
		return false
	}
	if v.Kind() != KindNull {
		*seen |= 1 << f.index
	}
	w.push(Step{Key: f.Name})
	defer w.pop()
	return w.field(o, f, v)
}

func (w *walker) field(o *Object, f *Field, v Data) bool {
	t := f.Type(w.g)
	switch v.Kind() {
	case KindNull:
		if f.Nullable(w.g) || t.Any {
			return true
		}
		if w.explain {
			w.null(o, f)
		}
		return false
	case KindString:
		if f.template.has(w.g) && hasTemplate(v.Text()) {
			return true
		}
	case KindMap:
		if f.empty && v.Len() == 0 {
			return true
		}
	}
	return w.value(f, t, v, o)
}

// value checks a value that is not a null that counts as nothing.
func (w *walker) value(f *Field, t *Type, v Data, o *Object) bool {
	if t.Any {
		return true
	}
	if w.left--; w.left <= 0 {
		return true
	}
	kind := v.Kind()
	for i := range t.Alts {
		a := &t.Alts[i]
		switch kind {
		case KindList:
			if a.Kind == KindList {
				return w.list(f, a, v, o)
			}
		case KindMap:
			if a.Kind == KindMap {
				return w.mapping(f, a, v, o)
			}
		default:
			if a.scalar(kind, v) {
				return true
			}
		}
	}
	if w.explain {
		w.mismatch(f, t, v, o)
	}
	return false
}

func (w *walker) list(f *Field, a *Alt, v Data, o *Object) bool {
	ok := true
	for i := range v.Len() {
		w.push(Step{Index: i, IsIndex: true})
		item := v.Item(i)
		if w.shared && len(w.objects) == 1 && f != nil && f.Name == deployments && item.Kind() == KindMap {
			w.pop()
			continue
		}
		good := f != nil && f.template.has(w.g) && item.Kind() == KindString && hasTemplate(item.Text())
		if !good {
			w.at = -1
			good = w.value(f, a.Item, item, o)
		}
		w.pop()
		if !good {
			if !w.explain {
				return false
			}
			ok = false
		}
	}
	return ok
}

func (w *walker) mapping(f *Field, a *Alt, v Data, o *Object) bool {
	switch {
	case a.Object != nil:
		return w.object(a.Object, v)
	case a.Union != nil:
		return w.union(a.Union, v)
	}
	ok := true
	for i := range v.Len() {
		key, item := v.Field(i)
		if w.left--; w.left <= 0 {
			return true
		}
		w.at = i
		good := key.Kind() == KindString
		if !good && w.explain {
			w.keyNotText(o, key, true)
		}
		if good && !a.Item.Any {
			w.push(Step{Key: key.Text()})
			good = f != nil && f.template.has(w.g) && item.Kind() == KindString && hasTemplate(item.Text()) ||
				w.value(f, a.Item, item, o)
			w.pop()
		}
		if !good {
			if !w.explain {
				return false
			}
			ok = false
		}
	}
	return ok
}

func (w *walker) union(u *Union, v Data) bool {
	o, known := u.Variant(v)
	switch {
	case o != nil:
		return w.object(o, v)
	case known && w.explain:
		w.unknownVariant(u, v)
	}
	return !known
}

// complete checks what a mapping must hold, given the fields seen.
func (w *walker) complete(o *Object, d Data, seen uint64) bool {
	ok := true
	for _, f := range o.Fields {
		if f.Required && seen&(1<<f.index) == 0 && f.In(w.g) && entry(d, f.Name) == nil {
			if !w.explain {
				return false
			}
			w.missing(o, f)
			ok = false
		}
	}
	if len(o.ExactlyOne) == 0 {
		return ok
	}
	given := 0
	for _, name := range o.ExactlyOne {
		if f := o.byName[name]; seen&(1<<f.index) != 0 {
			given++
		}
	}
	if given == 1 {
		return ok
	}
	if w.explain {
		w.exactlyOne(o, d, seen, given)
	}
	return false
}

// scalar says whether a scalar is of the alternative.
func (a *Alt) scalar(kind Kind, v Data) bool {
	switch a.Kind {
	case KindString:
		return kind == KindString && a.text(v.Text())
	case KindInt:
		return kind == KindInt && a.number(v)
	case KindFloat:
		return (kind == KindInt || kind == KindFloat) && a.number(v)
	default:
		return a.Kind == kind
	}
}

func (a *Alt) text(s string) bool {
	if len(a.Enum) > 0 {
		for _, e := range a.Enum {
			if e == s {
				return true
			}
		}
		return false
	}
	return (a.Match == nil || a.Match.matches(s)) && (a.Unlike == nil || !a.Unlike.matches(s))
}

func (a *Alt) number(v Data) bool {
	x := v.Number()
	if len(a.Enum) > 0 {
		for _, e := range a.Enum {
			if e == number(x) {
				return true
			}
		}
		return false
	}
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0) || a.Whole && x != math.Trunc(x):
		return false
	case a.HasMin && (x < a.Min || a.MinExcl && x == a.Min):
		return false
	case a.HasMax && (x > a.Max || a.MaxExcl && x == a.Max):
		return false
	}
	return true
}

// hasTemplate says whether text holds a placeholder {{ … }}.
func hasTemplate(s string) bool {
	for i := 0; i+3 < len(s); i++ {
		if s[i] != '{' || s[i+1] != '{' {
			continue
		}
		for j := i + 2; j+1 < len(s); j++ {
			if s[j] == '}' && s[j+1] == '}' {
				return true
			}
		}
		return false
	}
	return false
}
