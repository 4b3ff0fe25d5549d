package schema

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// report keeps a violation at the walker's place.
func (w *walker) report(v Violation) {
	v.Tolerated = v.Effect >= Ignores
	w.found = append(w.found, v)
	if len(w.found) >= maxFound {
		w.left = 0
	}
}

// here is a copy of the path so far, with the keys given after it.
func (w *walker) here(keys ...string) []Step {
	p := make([]Step, len(w.path), len(w.path)+len(keys))
	copy(p, w.path)
	for _, k := range keys {
		p = append(p, Step{Key: k})
	}
	return p
}

func (w *walker) reject(o *Object, d Data) {
	w.rejected = append(w.rejected, unit{object: o, data: d, path: w.here()})
}

// unknown reports a key that the object does not have in any generation.
func (w *walker) unknown(o *Object, key string, v Data) {
	allowed := o.keys(w.g)
	w.report(Violation{
		Path: w.here(key), At: w.at, Kind: UnknownField, Object: o,
		Effect: w.ignores(o), Got: describe(v), Allowed: allowed,
		Nearest: nearest(key, allowed), BelongsIn: w.belongs(o, key),
	})
}

// ignores is what the generation does about a key that it does not know.
func (w *walker) ignores(o *Object) Effect {
	if o.forbid.has(w.g) {
		return Discards
	}
	return Ignores
}

func (w *walker) otherGeneration(o *Object, f *Field, v Data) {
	kind, want := TooNew, "Prefect "+strconv.Itoa(int(f.Since))
	if f.Until != 0 && f.Until < w.g {
		kind, want = TooOld, "Prefect "+strconv.Itoa(int(f.Until))
	}
	w.report(Violation{
		Path: w.here(f.Name), At: w.at, Kind: kind, Object: o, Field: f,
		Effect: w.ignores(o), Want: want, Got: describe(v),
	})
}

// keyNotText reports a key that is not text, in an object or, if free, in a mapping of a field of it.
func (w *walker) keyNotText(o *Object, key Data, free bool) {
	effect := w.ignores(o)
	switch {
	case !free && o.textKeys.has(w.g), free && o.model.has(w.g):
		effect = Discards
	case free, o.Rest != nil:
		effect = Converts
	}
	w.report(Violation{
		Path: w.here(keyText(key)), At: w.at, Kind: KeyNotText, Object: o, Effect: effect,
		Want: "text", Got: describe(key),
	})
}

func keyText(key Data) string {
	switch key.Kind() {
	case KindList, KindMap, KindOther:
		return "?" // no text can stand for it
	case KindNull:
		return "null"
	case KindBool:
		return strconv.FormatBool(key.Bool())
	}
	return key.Text()
}

func (w *walker) notOneKey(o *Object, d Data) {
	var keys []string
	for i := range d.Len() {
		k, _ := d.Field(i)
		keys = append(keys, keyText(k))
	}
	w.report(Violation{
		Path: w.here(), At: -1, Kind: NotOneKey, Object: o, Effect: Fails,
		Want: "one key, the step, with its arguments under it", Got: strconv.Itoa(len(keys)) + " keys", Allowed: keys,
	})
}

func (w *walker) null(o *Object, f *Field) {
	effect := Fails
	switch {
	case f.tolerates[slot(w.g)].has(KindNull):
		effect = Converts
	case o.model.has(w.g) && !f.lateNull.has(w.g):
		effect = Discards
	}
	w.report(Violation{
		Path: w.here(), At: w.at, Kind: NotNull, Object: o, Field: f, Effect: effect,
		Want: f.Type(w.g).Text(), Got: "null", Allowed: f.Enum(w.g),
	})
}

// mismatch reports a value that fits no alternative of its type. f is nil for items of free lists and mappings.
func (w *walker) mismatch(f *Field, t *Type, v Data, o *Object) {
	kind := t.misfit(v)
	at := w.at
	if n := len(w.path); n == 0 || w.path[n-1].IsIndex {
		at = -1
	}
	viol := Violation{
		Path: w.here(), At: at, Kind: kind, Object: o, Field: f, Effect: w.effect(f, t, kind, v, o),
		Want: t.Text(), Got: describe(v), Allowed: t.Enum(),
	}
	if v.Kind() == KindString {
		viol.Nearest = nearest(v.Text(), viol.Allowed)
	}
	w.report(viol)
}

func (w *walker) effect(f *Field, t *Type, kind ViolationKind, v Data, o *Object) Effect {
	got, number := v.Kind(), 0.0
	if got == KindFloat {
		number = v.Number()
	}
	g := slot(w.g)
	item := f == nil || f.Type(w.g) != t
	switch {
	case (math.IsInf(number, 0) || math.IsNaN(number)) && t.alt(KindFloat) == nil && o.model.has(w.g):
		return Discards // no other number becomes of it either
	case t.tolerates[g].has(got), !item && f.tolerates[g].has(got):
		return Converts
	case !o.model.has(w.g), kind == OutOfRange:
		return Fails
	case got == KindString && (t.late.has(w.g) || kind == BadValue && !item && f.late.has(w.g)):
		return Fails
	}
	return Discards
}

// misfit says in which way a value does not fit: in its kind, or in its value.
func (t *Type) misfit(v Data) ViolationKind {
	found := WrongType
	for i := range t.Alts {
		a := &t.Alts[i]
		same := a.Kind == v.Kind() || a.Kind == KindFloat && v.Kind() == KindInt
		switch {
		case !same:
		case len(a.Enum) > 0:
			if found == WrongType {
				found = BadValue
			}
		case a.HasMin || a.HasMax || a.Whole || a.Kind == KindFloat:
			if x := v.Number(); !math.IsInf(x, 0) && !math.IsNaN(x) && (!a.Whole || x == math.Trunc(x)) {
				return OutOfRange
			}
		default:
			found = BadFormat
		}
	}
	return found
}

func (w *walker) missing(o *Object, f *Field) {
	effect := Fails
	if o.model.has(w.g) && !f.late.has(w.g) {
		effect = Discards
	}
	w.report(Violation{
		Path: w.here(), At: -1, Kind: Missing, Object: o, Field: f, Effect: effect,
		Want: f.Text(w.g), Allowed: []string{f.Name},
	})
}

// exactlyOne reports none or several of the fields of which exactly one must be given.
func (w *walker) exactlyOne(o *Object, d Data, seen uint64, given int) {
	effect := Fails
	if o.model.has(w.g) && d.Len() > 0 {
		effect = Discards
	}
	want := "exactly one of " + orList(o.ExactlyOne)
	if given == 0 {
		w.report(Violation{
			Path: w.here(), At: -1, Kind: Missing, Object: o, Effect: effect,
			Want: want, Got: "none of them", Allowed: o.ExactlyOne,
		})
		return
	}
	if o.several.has(w.g) {
		effect = Ignores
	}
	first := ""
	for i := range d.Len() {
		k, v := d.Field(i)
		if k.Kind() != KindString || v.Kind() == KindNull || !slices.Contains(o.ExactlyOne, k.Text()) {
			continue
		}
		if first == "" {
			first = k.Text()
			continue
		}
		w.report(Violation{
			Path: w.here(k.Text()), At: i, Kind: Exclusive, Object: o, Field: o.byName[k.Text()], Effect: effect,
			Want: want, Got: "both " + first + " and " + k.Text(), Allowed: o.ExactlyOne,
		})
	}
}

func (w *walker) unknownVariant(u *Union, v Data) {
	var values []string
	for _, o := range u.Variants {
		for _, c := range o.variants {
			if c.field == u.Discriminator {
				values = append(values, c.value)
			}
		}
	}
	at := -1
	var got Data
	for i := range v.Len() {
		if k, x := v.Field(i); k.Kind() == KindString && k.Text() == u.Discriminator {
			at, got = i, x
		}
	}
	viol := Violation{
		Path: w.here(u.Discriminator), At: at, Kind: UnknownVariant, Effect: Fails,
		Object: u.Variants[0], Field: u.Variants[0].byName[u.Discriminator],
		Want: quotedList(values), Got: describe(got), Allowed: values,
	}
	if got.Kind() == KindString {
		viol.Nearest = nearest(got.Text(), values)
	}
	w.report(viol)
}

func quotedList(words []string) string {
	quoted := make([]string, len(words))
	for i, s := range words {
		quoted[i] = `"` + s + `"`
	}
	return orList(quoted)
}

// describe says in a few words what a value is.
func describe(d Data) string {
	switch d.Kind() {
	case KindNull:
		return "null"
	case KindBool:
		return strconv.FormatBool(d.Bool())
	case KindInt, KindFloat:
		return "the number " + shorten(d.Text())
	case KindString:
		return strconv.Quote(shorten(d.Text()))
	case KindDate:
		return "the date " + shorten(d.Text())
	case KindList:
		return counted("a list", d.Len())
	case KindMap:
		return counted("a mapping", d.Len())
	}
	return "data that is not plain"
}

func counted(what string, n int) string {
	if n == 0 {
		return what + " without anything in it"
	}
	return what
}

// shorten keeps the start of a text that is too long for a message.
func shorten(s string) string {
	const limit = 60
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	n := 0
	for i := range s {
		if n++; n == limit {
			return s[:i] + "…"
		}
	}
	return s
}

// String is the path in the usual notation: deployments[0].work_pool.name.
func (v Violation) String() string {
	return fmt.Sprintf("%s: %s: got %s, want %s", PathText(v.Path), v.Kind, v.Got, v.Want)
}

// PathText writes a path as deployments[0].work_pool.name; the root is ".".
func PathText(path []Step) string {
	if len(path) == 0 {
		return "."
	}
	var b []byte
	for i, s := range path {
		if s.IsIndex {
			b = append(b, '[')
			b = strconv.AppendInt(b, int64(s.Index), 10)
			b = append(b, ']')
			continue
		}
		if i > 0 {
			b = append(b, '.')
		}
		b = append(b, s.Key...)
	}
	return string(b)
}
