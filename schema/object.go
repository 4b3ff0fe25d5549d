package schema

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Object is a kind of mapping in the language: the file, a deployment, a schedule.
type Object struct {
	Name  string // as the CUE definition, without #
	Title string // for people: "a work pool"
	Doc   string

	Fields []*Field // in the order in which people write them

	// Rest is the type of keys that are not in Fields; nil when there may be none. Open says that they are arguments
	// and not mistakes, as in a step.
	Rest *Type
	Open bool

	OneKey     bool     // a mapping of exactly one key
	ExactlyOne []string // fields of which exactly one must be given

	model    generations // the types are checked when the file is read
	textKeys generations // a key that is not text discards the file
	forbid   generations // unknown keys discard the file
	several  generations // takes the first of ExactlyOne without a word
	variants []variant   // in a union: what chooses this object
	infer    []string    // in a union: the fields that choose it when no value does

	byName map[string]*Field
}

// Field is one key of an Object.
type Field struct {
	Name    string
	Doc     string
	Default string // as people would write it, or ""
	Example string
	Unit    string // "seconds", or ""

	Since, Until Generation // 0: always
	Required     bool

	Deprecated string // why it is not the way to write it any more, or ""
	ReplacedBy string
	Ignored    string // why it has no effect, or ""

	index     int
	types     [2]*Type // by generation
	null      generations
	lateNull  generations
	late      generations
	template  generations
	empty     bool
	tolerates [2]kinds
}

// Type is what a value may be: one of its alternatives.
type Type struct {
	Any  bool
	Alts []Alt

	late      generations
	tolerates [2]kinds
}

// Alt is one alternative of a Type.
type Alt struct {
	Kind Kind

	Enum             []string // KindString, KindInt: the values, if only some are allowed
	Min, Max         float64  // numbers
	HasMin, HasMax   bool
	MinExcl, MaxExcl bool
	Whole            bool     // numbers without a fraction
	Match, Unlike    *Pattern // KindString

	Words string // how people call it, or ""

	Item   *Type   // KindList: of an item; KindMap: of a value in a mapping with free keys
	Object *Object // KindMap
	Union  *Union  // KindMap

	object, union string // names, until linked
}

// Union is a mapping that may be one of several objects.
type Union struct {
	Name          string
	Doc           string
	Discriminator string // the field that names the variant, or ""
	Variants      []*Object

	variants []string
}

// Pattern is a regular expression that is compiled when it is first needed.
type Pattern struct {
	Source string
	once   sync.Once
	re     *regexp.Regexp
}

func (p *Pattern) matches(s string) bool {
	p.once.Do(func() { p.re = regexp.MustCompile(p.Source) })
	return p.re.MatchString(s)
}

type variant struct{ field, value string }

// generations is a set of generations.
type generations uint8

const (
	in2 generations = 1 << iota
	in3
)

func (s generations) has(g Generation) bool { return s&(1<<slot(g)) != 0 }

// slot is the index of a generation; any but 2 counts as 3.
func slot(g Generation) int {
	if g == Prefect2 {
		return 0
	}
	return 1
}

// kinds is a set of kinds.
type kinds uint16

func (s kinds) has(k Kind) bool { return s&(1<<k) != 0 }

const allKinds = ^kinds(0)

// Field finds a field by its key, or nil.
func (o *Object) Field(name string) *Field { return o.byName[name] }

// In says whether the generation knows the field.
func (f *Field) In(g Generation) bool {
	return (f.Since == 0 || f.Since <= g) && (f.Until == 0 || g <= f.Until)
}

// Type is what the field's value may be.
func (f *Field) Type(g Generation) *Type {
	if t := f.types[slot(g)]; t != nil {
		return t
	}
	return f.types[1-slot(g)]
}

// Nullable says whether null counts as leaving the field out.
func (f *Field) Nullable(g Generation) bool { return f.null.has(g) }

// Templates says whether a template may stand for a value that is not text.
func (f *Field) Templates(g Generation) bool { return f.template.has(g) }

// Kinds are the kinds of data the field takes.
func (f *Field) Kinds(g Generation) []Kind {
	var out []Kind
	t := f.Type(g)
	for i := range t.Alts {
		if k := t.Alts[i].Kind; !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	if f.Nullable(g) {
		out = append(out, KindNull)
	}
	return out
}

// Text is the type in people's words: "text or null".
func (f *Field) Text(g Generation) string {
	s := f.Type(g).Text()
	if f.Nullable(g) && !f.Type(g).Any {
		s += " or null"
	}
	return s
}

// Enum are the texts the field takes, if it takes only some.
func (f *Field) Enum(g Generation) []string { return f.Type(g).Enum() }

// Object is the mapping that the field holds, or nil.
func (f *Field) Object(g Generation) *Object {
	for _, a := range f.Type(g).Alts {
		if a.Object != nil {
			return a.Object
		}
	}
	return nil
}

// ItemObject is the mapping that an item of the field's list is, or nil. Of a union it is the first variant.
func (f *Field) ItemObject(g Generation) *Object {
	for _, a := range f.Type(g).Alts {
		if a.Kind != KindList || a.Item == nil {
			continue
		}
		for _, b := range a.Item.Alts {
			if b.Object != nil {
				return b.Object
			}
			if b.Union != nil {
				return b.Union.Variants[0]
			}
		}
	}
	return nil
}

// Union is the union that the field or an item of its list is, or nil.
func (f *Field) Union(g Generation) *Union {
	for _, a := range f.Type(g).Alts {
		if a.Union != nil {
			return a.Union
		}
		if a.Item == nil {
			continue
		}
		for _, b := range a.Item.Alts {
			if b.Union != nil {
				return b.Union
			}
		}
	}
	return nil
}

// Enum are the texts the type takes, if it takes only some.
func (t *Type) Enum() []string {
	var out []string
	for _, a := range t.Alts {
		if a.Kind == KindString {
			out = append(out, a.Enum...)
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// Text is the type in people's words.
func (t *Type) Text() string {
	if t.Any {
		return "anything"
	}
	var words []string
	for i := range t.Alts {
		if w := t.Alts[i].words(); !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return orList(words)
}

func (a *Alt) words() string {
	if a.Words != "" {
		return a.Words
	}
	switch a.Kind {
	case KindString:
		if len(a.Enum) > 0 {
			quoted := make([]string, len(a.Enum))
			for i, e := range a.Enum {
				quoted[i] = `"` + e + `"`
			}
			return orList(quoted)
		}
		return "text"
	case KindBool:
		return "true or false"
	case KindInt:
		return "a whole number" + a.bounds()
	case KindFloat:
		if a.Whole {
			return "a whole number" + a.bounds()
		}
		return "a number" + a.bounds()
	case KindDate:
		return "a date"
	case KindList:
		if a.Item == nil || a.Item.Any {
			return "a list"
		}
		return "a list of " + plural(a.Item.Text())
	case KindMap:
		return "a mapping"
	}
	return "null"
}

func (a *Alt) bounds() string {
	switch {
	case a.HasMin && a.HasMax:
		return " from " + number(a.Min) + " to " + number(a.Max)
	case a.HasMin && a.MinExcl:
		return ", more than " + number(a.Min)
	case a.HasMin:
		return ", at least " + number(a.Min)
	case a.HasMax:
		return ", at most " + number(a.Max)
	}
	return ""
}

func plural(s string) string {
	switch {
	case s == "text":
		return "texts"
	case s == "a mapping":
		return "mappings"
	case strings.HasPrefix(s, "a "):
		return strings.TrimPrefix(s, "a ") + "s"
	}
	return s
}

func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
