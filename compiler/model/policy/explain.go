package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/errors"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/schema"
)

// syntax reports what CUE's parser refuses, in our words: the first error only, since the others tend to follow from it.
func (r *reader) syntax(err error) {
	all := errors.Errors(err)
	if len(all) == 0 {
		r.report(source.At(0), "this is not CUE")
		return
	}
	e := all[0]
	span := r.spanAt(e.Position())
	format, args := e.Msg()
	shown := r.file.Slice(span)
	var msg string
	switch {
	case strings.HasPrefix(format, "reference") && len(args) > 0:
		msg = fmt.Sprintf("nothing in this file is called %q", fmt.Sprint(args[0]))
	case strings.Contains(format, "not terminated"), strings.Contains(format, "terminated"):
		msg = "this text has no closing quote"
	case strings.Contains(format, "illegal character"), strings.Contains(format, "illegal"):
		msg = fmt.Sprintf("%s cannot stand here in CUE", oneWord(shown))
	case strings.Contains(format, "missing ','"):
		msg = fmt.Sprintf("a comma or a new line is missing before %s", oneWord(shown))
	case strings.Contains(format, "imported and not used"):
		msg = "this package is imported and not used"
	case shown == "" || span.Start >= len(strings.TrimRight(string(r.file.Text), " \t\r\n")):
		msg = "the file ends before everything that was opened is closed"
	default:
		msg = fmt.Sprintf("%s cannot stand here in CUE", oneWord(shown))
	}
	r.report(span, msg)
}

func oneWord(s string) string {
	if s = strings.TrimSpace(s); s == "" {
		return "the end of the line"
	}
	if rs := []rune(s); len(rs) > 40 {
		s = string(rs[:40]) + "…"
	}
	return strconv.Quote(s)
}

// contradictions reports what CUE refuses in the file by itself. Of several errors at one place the first one counts.
func (r *reader) contradictions(err error) {
	if err == nil {
		return
	}
	seen := map[string]bool{}
	for _, e := range errors.Errors(err) {
		path := relative(e.Path(), 0)
		if key := strings.Join(path, "\x00"); !seen[key] && len(r.found) < maxReported {
			seen[key] = true
			r.contradiction(e, path)
		}
	}
	if len(r.found) == 0 {
		r.report(source.At(0), "this file contradicts itself")
	}
}

// misfits holds the file against #Config, each policy and step by itself, for of several mistakes in one struct CUE may
// report one only.
func (r *reader) misfits() {
	for _, name := range r.names() {
		switch name {
		case "rules", "steps", "policies":
			if r.get(name).IncompleteKind() == cue.StructKind {
				for _, inner := range r.names(name) {
					r.fit(name, inner)
				}
				continue
			}
		}
		r.fit(name)
	}
}

// fit holds one part of the file against #Config.
func (r *reader) fit(path ...string) {
	want := r.schemaAt(path)
	if !want.Exists() {
		r.unknownField(path)
		return
	}
	both := want.Unify(r.get(path...))
	prefix := len(both.Path().Selectors())
	seen := map[string]bool{}
	for _, e := range errors.Errors(both.Validate(cue.All())) {
		inner := slices.Concat(path, relative(e.Path(), prefix))
		if key := strings.Join(inner, "\x00"); !seen[key] && len(r.found) < maxReported {
			seen[key] = true
			r.misfit(e, inner)
		}
	}
}

// maxReported is how many mistakes of a prefectc.cue are reported at a time.
const maxReported = 50

// contradiction reports what is wrong with the file by itself.
func (r *reader) contradiction(e errors.Error, path []string) {
	span, related := r.errorPlaces(e, path)
	format, args := e.Msg()
	what := r.what(path)
	var msg string
	switch {
	case strings.HasPrefix(format, "reference") && len(args) > 0:
		msg = fmt.Sprintf("nothing in this file is called %q", fmt.Sprint(args[0]))
		span = r.spanAt(e.Position())
	case strings.Contains(format, "undefined field"):
		msg = fmt.Sprintf("%s refers to a field that is not there", what)
	case strings.Contains(format, "conflicting values"), strings.Contains(format, "mismatched types"):
		msg = fmt.Sprintf("%s contradicts itself: no value is all that is asked of it", what)
	case strings.Contains(format, "empty disjunction"):
		msg = fmt.Sprintf("%s contradicts itself: none of its alternatives is possible", what)
	case strings.Contains(format, "out of bound"), strings.Contains(format, "invalid value"):
		msg = fmt.Sprintf("%s contradicts itself: its value is outside its own bounds", what)
	case strings.Contains(format, "cycle"):
		msg = fmt.Sprintf("%s is defined by itself", what)
	case strings.Contains(format, "field not allowed"):
		msg = fmt.Sprintf("%s is not in the definition it belongs to", what)
	case strings.Contains(format, "incompatible list lengths"):
		msg = fmt.Sprintf("%s contradicts itself: it is to be a list of two lengths", what)
	case strings.Contains(format, "error parsing regexp"), strings.Contains(format, "regexp"):
		msg = fmt.Sprintf("%s has a pattern that is no regular expression", what)
	case strings.Contains(format, "explicit error"):
		msg = fmt.Sprintf("%s is an error by definition", what)
	default:
		msg = fmt.Sprintf("%s cannot be evaluated: nothing can satisfy it", what)
	}
	r.report(span, msg, related...)
}

// errorPlaces is where an error is, and what else took part in it.
func (r *reader) errorPlaces(e errors.Error, path []string) (source.Span, []diag.Related) {
	var spans []source.Span
	add := func(s source.Span) {
		if s.Len() > 0 && !slices.Contains(spans, s) {
			spans = append(spans, s)
		}
	}
	if w := r.find(path); w.field != nil && w.depth == len(path) {
		add(r.spanOf(w.field.Value))
	}
	if r.ours(e.Position()) {
		add(r.spanAt(e.Position()))
	}
	for _, p := range e.InputPositions() {
		if r.ours(p) {
			add(r.spanAt(p))
		}
	}
	if len(spans) == 0 {
		return r.spanOfPath(path...), nil
	}
	var related []diag.Related
	for _, s := range spans[1:min(len(spans), 4)] {
		if s.Start != spans[0].Start {
			related = append(related, diag.Related{File: r.file, Span: s, Message: "this takes part"})
		}
	}
	return spans[0], related
}

// misfit reports what a prefectc.cue cannot say, though it is sound in itself.
func (r *reader) misfit(e errors.Error, path []string) {
	format, _ := e.Msg()
	switch {
	case strings.Contains(format, "field not allowed"):
		r.unknownField(path)
	case strings.Contains(format, "required but not present"):
		holder, last := path[:max(0, len(path)-1)], path[max(0, len(path)-1)]
		r.report(r.spanOfPath(holder...), fmt.Sprintf("%s needs %q", r.what(holder), last))
	default:
		want := r.wanted(path)
		if want == "" {
			want = "something else"
		}
		msg := fmt.Sprintf("%s must be %s", r.what(path), want)
		if got := r.file.Slice(r.valueSpan(path...)); got != "" {
			msg += ", not " + oneLine(got)
		}
		r.report(r.valueSpan(path...), msg)
	}
}

func oneLine(s string) string {
	s, _, more := strings.Cut(strings.TrimSpace(s), "\n")
	if rs := []rune(s); len(rs) > 60 {
		s, more = string(rs[:60]), true
	}
	if more {
		s += "…"
	}
	return s
}

func (r *reader) unknownField(path []string) {
	holder, last := path[:max(0, len(path)-1)], path[max(0, len(path)-1)]
	var allowed []string
	for it, err := r.schemaAt(holder).Fields(cue.All()); err == nil && it.Next(); {
		allowed = append(allowed, it.Selector().Unquoted())
	}
	msg := fmt.Sprintf("%s has no %q", r.what(holder), last)
	switch near := schema.Nearest(last, allowed); {
	case near != "":
		msg += fmt.Sprintf(", did you mean %q", near)
	case len(allowed) > 0 && len(allowed) <= 12:
		msg += ", only " + orList(allowed)
	}
	if len(holder) == 0 {
		msg += "; a name of your own begins with # or _"
	}
	r.report(r.spanOfPath(path...), msg)
}

// schemaAt is the part of #Config that a path leads to.
func (r *reader) schemaAt(path []string) cue.Value {
	v := r.schema
	for _, p := range path {
		next := cue.Value{}
		tries := []cue.Selector{cue.Str(p), cue.Str(p).Optional(), cue.Str(p).Required(), cue.AnyString}
		if _, err := strconv.Atoi(p); err == nil {
			tries = append(tries, cue.AnyIndex)
		}
		for _, s := range tries {
			if next = v.LookupPath(cue.MakePath(s)); next.Exists() {
				break
			}
		}
		v = next
	}
	return v
}

// wanted says in words what #Config wants at a place.
func (r *reader) wanted(path []string) string {
	v := r.schemaAt(path)
	if !v.Exists() {
		return ""
	}
	op, args := v.Expr()
	if op != cue.OrOp {
		return kindWords(v.IncompleteKind())
	}
	var words []string
	for _, a := range args {
		if s, err := a.String(); err == nil {
			words = append(words, strconv.Quote(s))
		} else if n, err := a.Int64(); err == nil {
			words = append(words, strconv.FormatInt(n, 10))
		} else {
			words = append(words, kindWords(a.IncompleteKind()))
		}
	}
	return orList(words)
}

func kindWords(k cue.Kind) string {
	var words []string
	for _, w := range []struct {
		kind cue.Kind
		word string
	}{
		{cue.NullKind, "null"}, {cue.BoolKind, "true or false"}, {cue.StringKind, "a text"},
		{cue.StructKind, "a mapping"}, {cue.ListKind, "a list"},
	} {
		if k&w.kind != 0 {
			words = append(words, w.word)
		}
	}
	switch {
	case k&cue.NumberKind == cue.IntKind:
		words = append(words, "a whole number")
	case k&cue.NumberKind != 0:
		words = append(words, "a number")
	}
	return orList(words)
}

// what names a place of a prefectc.cue for people.
func (r *reader) what(path []string) string {
	if len(path) == 0 {
		return FileName
	}
	if path[0] == unnamed || len(path) >= 3 && path[0] == "policies" && (path[2] == "deployment" || path[2] == "when") {
		rest := path[1:]
		if path[0] != unnamed {
			rest = path[3:]
		} else if len(rest) > 0 {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return "a deployment"
		}
		return fmt.Sprintf("%q of a deployment", strings.Join(rest, "."))
	}
	if len(path) == 1 {
		return fmt.Sprintf("%q", path[0])
	}
	holder := map[string]string{"policies": "policy", "steps": "step", "rules": "rule"}[path[0]]
	if holder == "" {
		return fmt.Sprintf("%q", strings.Join(path, "."))
	}
	name := fmt.Sprintf("%s %q", holder, path[1])
	if path[0] == "rules" {
		return "the level of " + name
	}
	if len(path) == 2 {
		return name
	}
	return fmt.Sprintf("%q of %s", strings.Join(path[2:], "."), name)
}
