package schema

import (
	"slices"
	"strings"
)

// Catalogue is every step that Prefect and its integrations ship for one generation, as measured.
type Catalogue struct {
	Generation Generation
	Steps      []*StepInfo

	byPath  map[string]*StepInfo
	removed map[string]Removal
	other   map[string]*StepInfo // of the other generation
}

// StepInfo is one step.
type StepInfo struct {
	Path              string
	Aliases           []string // other import paths of the same function
	DeprecatedAliases []string // paths that still work and warn
	Package           string   // the distribution: what requires should name
	Doc               string
	Notes             []string
	Call              string // sync, async or dual
	Deprecated        bool
	ReplacedBy        string
	IntendedIn        []string // sections it is made for; all run it
	AllowedIn         []string
	Params            []Param
	Extra             *ExtraKeywords // nil: any other keyword is an error
	Constraints       []Constraint
	Outputs           []Output
}

// Param is one argument of a step. Its types are JSON Schema's words: string, boolean, integer, number, array, object.
type Param struct {
	Name          string
	Doc           string
	Types         []string
	Items         []string // types of a list's items
	Values        []string // types of a mapping's values
	Required      bool
	Nullable      bool
	Default       any      // of a parameter that is not required
	Enum          []any    // all the values there are
	SpecialValues []string // some values with a meaning of their own
	AlsoWorks     []string // other types that the step copes with
	Keys          []Param  // known keys of a mapping
	Sensitive     bool     // should come from a block
	Block         bool     // a block document may be passed
	BlockTypes    []string // slugs of the block types that fit
	Hint          string   // what the text is: path, docker-image, git-url, …
}

// ExtraKeywords is what a step does with arguments that it does not name.
type ExtraKeywords struct {
	Name        string
	Policy      string // open: all are taken; closed: only those of Backends
	ForwardedTo string
	Unknown     string // what happens to one that is not known
	Selector    string // the parameter that chooses the backend, or ""
	Backends    []Backend
}

// Backend is a library that extra keywords go to.
type Backend struct {
	Name        string
	ForwardedTo string
	SetByStep   []string // the step gives these itself
	NotFromYAML []string // accepted, but nothing that YAML can say
	Keywords    []Param
}

// Constraint is a check that a step makes of its arguments, beyond their types. Which fields count depends on Kind.
type Constraint struct {
	Kind     string // not_both, not_prefix, pattern, enum, needs_any_key, key_needs_any, needs_value, absent_file, no_white_space, inside_working_directory
	Param    string
	Params   []string
	Prefix   string
	Pattern  string
	Key      string
	Keys     []string
	NeedsAny []string
	Unless   string
	File     string
	Value    any
	When     *When
	Error    string // the Python exception
}

// When is the condition of a Constraint.
type When struct {
	Param      string
	Equals     string
	LongerThan int // more items than this, if not 0
}

// Output is one value that a step returns.
type Output struct {
	Name     string
	Doc      string
	Types    []string
	Items    []string
	Nullable bool
	Known    string // always, never, if_tag_given, if_absolute or unless_setting: when it is known before the step runs
	From     []Clause
}

// Clause is one rule for an output's value: the first whose condition holds counts.
type Clause struct {
	If    *Cond
	Value Expr
}

// Cond is a condition on an argument, or on a Prefect setting.
type Cond struct {
	Param, Setting string
	Is             string // truthy, contains, starts_or_ends_with or absolute_path
	Text           string
}

// Expr says how a value is made.
type Expr struct {
	Op    string // text, param, output, setting, const, concat, call or unknown
	Name  string // of the text, argument, output, setting or function; why it is unknown
	Const any
	Parts []Expr     // concat
	Args  []NamedArg // call
}

// NamedArg is an argument of a function in a rule.
type NamedArg struct {
	Name  string
	Value Expr
}

// Removal is a step path that no longer exists.
type Removal struct {
	Path      string
	Use       string // the path to write instead
	LastSeen  string // "prefect 2.16.9"
	MissingIn string
}

// Status is what is known of a step path.
type Status uint8

// Statuses of a path.
const (
	Unknown         Status = iota // not one of the shipped steps: a step of one's own, or a mistake
	Known                         // ships with this generation
	Removed                       // existed once
	OtherGeneration               // ships with the other generation only
)

// Steps is the catalogue of a generation.
func (l *Language) Steps(g Generation) Catalogue { return l.steps[slot(g)]() }

func newCatalogue(g Generation) Catalogue {
	steps, removed, others := steps3(), removed3(), steps2()
	if g == Prefect2 {
		steps, removed, others = steps2(), removed2(), steps3()
	}
	c := Catalogue{
		Generation: g, Steps: steps,
		byPath: map[string]*StepInfo{}, removed: map[string]Removal{}, other: map[string]*StepInfo{},
	}
	for _, s := range steps {
		index(c.byPath, s)
	}
	for _, r := range removed {
		c.removed[r.Path] = r
	}
	for _, s := range others {
		index(c.other, s)
	}
	return c
}

func index(m map[string]*StepInfo, s *StepInfo) {
	m[s.Path] = s
	for _, a := range s.Aliases {
		m[a] = s
	}
	for _, a := range s.DeprecatedAliases {
		m[a] = s
	}
}

// Lookup finds a step by its import path. For Removed, Removal says what to write instead; for OtherGeneration the
// step is that of the other generation.
func (c Catalogue) Lookup(path string) (*StepInfo, Status) {
	path = dotted(path)
	if s := c.byPath[path]; s != nil {
		return s, Known
	}
	if r, ok := c.removed[path]; ok {
		return c.byPath[r.Use], Removed
	}
	if s := c.other[path]; s != nil {
		return s, OtherGeneration
	}
	return nil, Unknown
}

// dotted writes module:function as module.function, which imports the same.
func dotted(path string) string { return strings.Replace(path, ":", ".", 1) }

// Removal says when a step path went away and what replaced it.
func (c Catalogue) Removal(path string) (Removal, bool) {
	r, ok := c.removed[dotted(path)]
	return r, ok
}

// Nearest is the path of a shipped step that was probably meant, or "".
func (c Catalogue) Nearest(path string) string {
	path = dotted(path)
	paths := make([]string, 0, len(c.Steps))
	for _, s := range c.Steps {
		paths = append(paths, s.Path)
	}
	if n := nearest(path, paths); n != "" {
		return n
	}
	// The function's name alone is often right under a module that is not.
	name := path[strings.LastIndexByte(path, '.')+1:]
	for _, p := range paths {
		if p[strings.LastIndexByte(p, '.')+1:] == name {
			return p
		}
	}
	return ""
}

// Param finds a parameter by name, or nil.
func (s *StepInfo) Param(name string) *Param {
	for i := range s.Params {
		if s.Params[i].Name == name {
			return &s.Params[i]
		}
	}
	return nil
}

// Output finds an output by name, or nil.
func (s *StepInfo) Output(name string) *Output {
	for i := range s.Outputs {
		if s.Outputs[i].Name == name {
			return &s.Outputs[i]
		}
	}
	return nil
}

// Backend is the library that gets the extra keywords, given the selecting argument ("" when it is not given); nil
// when there is none of that name.
func (s *StepInfo) Backend(selected string) *Backend {
	if s.Extra == nil {
		return nil
	}
	if selected == "" && s.Extra.Selector != "" {
		if p := s.Param(s.Extra.Selector); p != nil {
			selected, _ = p.Default.(string)
		}
	}
	for i := range s.Extra.Backends {
		if b := &s.Extra.Backends[i]; b.Name == selected || s.Extra.Selector == "" {
			return b
		}
	}
	return nil
}

// Accepts says whether the step takes a keyword, given the argument that selects its backend. A backend that there is
// not takes anything: the mistake is elsewhere.
func (s *StepInfo) Accepts(keyword, selected string) bool {
	if s.Param(keyword) != nil {
		return true
	}
	if s.Extra == nil {
		return false
	}
	if s.Extra.Policy == "open" {
		return true
	}
	b := s.Backend(selected)
	if b == nil {
		return true
	}
	return slices.ContainsFunc(b.Keywords, func(p Param) bool { return p.Name == keyword }) ||
		slices.Contains(b.SetByStep, keyword) || slices.Contains(b.NotFromYAML, keyword)
}

// Keywords are all argument names the step takes, given the argument that selects its backend.
func (s *StepInfo) Keywords(selected string) []string {
	var out []string
	for _, p := range s.Params {
		out = append(out, p.Name)
	}
	if b := s.Backend(selected); b != nil {
		for _, p := range b.Keywords {
			out = append(out, p.Name)
		}
	}
	return out
}

// NearestKeyword is the argument that was probably meant by one the step does not take, or "".
func (s *StepInfo) NearestKeyword(keyword, selected string) string {
	return nearest(keyword, s.Keywords(selected))
}
