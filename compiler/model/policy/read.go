package policy

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/parser"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/schema"
)

// patience is how long CUE may take over one thing. The bounds make it unlikely that it is ever needed.
const patience = 5 * time.Second

// errTooLong is returned by within when the time is over.
var errTooLong = errors.New("took too long")

// within runs f, which CUE offers no way to stop; when it takes too long it is left behind.
func within(ctx context.Context, f func()) (err error) {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if failure := recover(); failure != nil {
				done <- fmt.Errorf("%v", failure)
			}
		}()
		f()
		done <- nil
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return errTooLong
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *reader) read(ctx context.Context) {
	switch {
	case len(r.file.Text) > maxSource:
		r.report(source.At(0), fmt.Sprintf("%s has %d bytes, at most %d can be read", FileName, len(r.file.Text), maxSource))
		return
	case r.tooDeep():
		return
	}
	tree, err := parser.ParseFile(r.file.Path, r.file.Text, parser.ParseComments)
	if err != nil {
		r.syntax(err)
		return
	}
	r.tree = tree
	if !r.bounded() {
		return
	}
	sub := *r // so that one left behind writes nowhere that is read
	sub.found = nil
	switch err := within(ctx, sub.evaluate); {
	case errors.Is(err, errTooLong):
		r.report(source.At(0), fmt.Sprintf("evaluating this file takes longer than %s: make it simpler", patience))
	case err != nil && ctx.Err() != nil:
		r.report(source.At(0), "reading this file was interrupted")
	case err != nil:
		r.report(source.At(0), fmt.Sprintf("this file cannot be evaluated: internal error, please report it: %v", err))
	default:
		*r = sub
	}
}

// evaluate compiles the file, holds it against #Config, and takes out what it says.
func (r *reader) evaluate() {
	c := &Config{File: r.file, Levels: map[string]Level{}, fields: map[string]bool{}, ctx: cuecontext.New()}
	definition := c.ctx.CompileString(schema.ConfigCUE(), cue.Filename("config.cue"))
	r.schema = definition.LookupPath(cue.MakePath(cue.Def("Config")))
	compiled := definition.LookupPath(cue.MakePath(cue.Def("Compiled")))
	for it, err := compiled.Fields(cue.Optional(true)); err == nil && it.Next(); {
		c.fields[it.Selector().Unquoted()] = true
	}
	r.root = c.ctx.BuildFile(r.tree)
	if r.contradictions(r.root.Validate(cue.All())); len(r.found) > 0 {
		return
	}
	r.ruleNames()
	if r.misfits(); len(r.found) > 0 {
		return
	}
	r.config = c
	r.generation()
	r.levels()
	r.ownSteps()
	r.allPolicies()
	r.policyLevels()
}

func (r *reader) get(path ...string) cue.Value {
	selectors := make([]cue.Selector, len(path))
	for i, p := range path {
		selectors[i] = cue.Str(p)
	}
	return r.root.LookupPath(cue.MakePath(selectors...))
}

func (r *reader) text(path ...string) (string, bool) {
	v := r.get(path...)
	if d, ok := v.Default(); ok {
		v = d
	}
	s, err := v.String()
	return s, err == nil
}

// spanOfPath is the label that a path leads to.
func (r *reader) spanOfPath(path ...string) source.Span {
	if w := r.find(path); w.field != nil {
		return r.spanOf(w.field.Label)
	}
	return source.At(0)
}

// valueSpan is the value that a path leads to.
func (r *reader) valueSpan(path ...string) source.Span {
	if w := r.find(path); w.field != nil && w.depth == len(path) {
		return r.spanOf(w.field.Value)
	}
	return r.spanOfPath(path...)
}

func (r *reader) generation() {
	v := r.get("prefect")
	if !v.Exists() {
		return
	}
	n, err := v.Int64()
	if err != nil {
		r.report(r.valueSpan("prefect"), "prefect is 2 or 3, one of them")
		return
	}
	r.config.Generation = schema.Generation(n)
}

// names lists the regular fields of a struct in the file, in its order.
func (r *reader) names(path ...string) []string {
	var out []string
	for it, err := r.get(path...).Fields(); err == nil && it.Next(); {
		out = append(out, it.Selector().Unquoted())
	}
	return out
}

// ruleNames reports rules that do not exist; policies are looked up when they are known.
func (r *reader) ruleNames() {
	for _, name := range r.names("rules") {
		if strings.HasPrefix(name, Prefix) || slices.Contains(r.known.Rules, name) {
			continue
		}
		msg := fmt.Sprintf("there is no rule %q", name)
		if near := schema.Nearest(name, r.known.Rules); near != "" {
			msg += fmt.Sprintf(", did you mean %q", near)
		} else {
			msg += "; prefectc explain --all lists the rules"
		}
		r.report(r.spanOfPath("rules", name), msg)
	}
}

func (r *reader) levels() {
	for _, name := range r.names("rules") {
		word, ok := r.text("rules", name)
		if !ok {
			r.report(r.valueSpan("rules", name), fmt.Sprintf("the level of rule %q is %s", name, orList(quoted(levelWords))))
			continue
		}
		l := level(word)
		if slices.Contains(r.known.Fixed, name) && (l.Off || l.Severity != diag.Error) {
			r.report(r.valueSpan("rules", name), fmt.Sprintf("rule %q cannot be made milder: of a file that Prefect cannot read nothing can be deployed", name))
		}
		r.config.Levels[name] = l
	}
}

var levelWords = []string{"off", "info", "warning", "error"} //nolint:gochecknoglobals // constant

func level(word string) Level {
	switch word {
	case "error":
		return Level{Severity: diag.Error}
	case "warning":
		return Level{Severity: diag.Warning}
	case "info":
		return Level{Severity: diag.Info}
	}
	return Level{Off: true}
}

// policyLevels applies the levels that name policies.
func (r *reader) policyLevels() {
	for _, name := range r.names("rules") {
		short, ok := strings.CutPrefix(name, Prefix)
		if !ok {
			continue
		}
		i := slices.IndexFunc(r.config.policies, func(p *policy) bool { return p.name == short })
		if i < 0 {
			msg := fmt.Sprintf("there is no policy %q", short)
			if near := schema.Nearest(short, r.names("policies")); near != "" {
				msg += fmt.Sprintf(", did you mean %q", near)
			}
			r.report(r.spanOfPath("rules", name), msg)
			continue
		}
		l := r.config.Levels[name]
		r.config.policies[i].off = l.Off
		if !l.Off {
			r.config.policies[i].severity = l.Severity
		}
	}
}

// policyName is what a comment or flag can name.
var policyName = regexp.MustCompile(`^[a-z0-9]+([-_][a-z0-9]+)*$`)

func (r *reader) allPolicies() {
	r.computed = computes(r.tree.Decls)
	for _, name := range r.names("policies") {
		if !policyName.MatchString(name) || name == unnamed {
			r.report(r.spanOfPath("policies", name), fmt.Sprintf("policy %q is to be named in comments and flags: call it like tags-required, with small letters, digits and hyphens", name))
			continue
		}
		p := &policy{name: name, severity: diag.Error, span: r.spanOfPath("policies", name)}
		if !r.complete(name) {
			continue
		}
		p.want = r.newConstraint(r.get("policies", name, "deployment"))
		var ok bool
		if p.message, ok = r.text("policies", name, "message"); !ok || strings.TrimSpace(p.message) == "" {
			r.report(r.valueSpan("policies", name, "message"), fmt.Sprintf("the message of policy %q must be a text: it is what people are told", name))
		}
		if word, given := r.text("policies", name, "severity"); given {
			p.severity = level(word).Severity
		}
		if when := r.get("policies", name, "when"); when.Exists() {
			c := r.newConstraint(when)
			p.when = &c
			r.satisfiable(when, "policies", name, "when")
		}
		r.satisfiable(p.want.value, "policies", name, "deployment")
		r.config.policies = append(r.config.policies, p)
	}
	r.unnamedPolicy()
	r.config.flows = mentions(r.tree, "flow")
}

// complete reports what a policy lacks.
func (r *reader) complete(name string) bool {
	ok := true
	for _, need := range [][2]string{{"message", "what people are told"}, {"deployment", "what a deployment must satisfy"}} {
		if !r.get("policies", name, need[0]).Exists() {
			r.report(r.spanOfPath("policies", name), fmt.Sprintf("policy %q needs %q: %s", name, need[0], need[1]))
			ok = false
		}
	}
	return ok
}

// unnamedPolicy is "deployments: [...]". What it says of every item is looked at one by one, anything else on the list.
func (r *reader) unnamedPolicy() {
	list := r.get(unnamed)
	if !list.Exists() {
		return
	}
	p := &policy{name: unnamed, severity: diag.Error, span: r.spanOfPath(unnamed), want: constraint{value: list, all: true}, whole: true}
	if w := r.find([]string{unnamed}); w.field != nil {
		if lit, ok := w.field.Value.(*ast.ListLit); ok && len(lit.Elts) == 1 {
			if _, open := lit.Elts[0].(*ast.Ellipsis); open {
				p.want, p.whole = r.newConstraint(list.LookupPath(cue.MakePath(cue.AnyIndex))), false
				r.satisfiable(p.want.value, unnamed)
			}
		}
	}
	r.config.policies = append(r.config.policies, p)
}

// satisfiable reports a constraint that no deployment can ever satisfy, for it is closed.
func (r *reader) satisfiable(want cue.Value, path ...string) {
	if !want.Allows(cue.AnyString) {
		r.report(r.valueSpan(path...), "this constraint is closed, so that every deployment with other fields breaks it: end the definition with ...")
	}
}

// mentions reports whether a field or reference of that name occurs.
func mentions(n ast.Node, name string) bool {
	found := false
	ast.Walk(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			found = found || n.Name == name
		case *ast.BasicLit:
			found = found || n.Value == `"`+name+`"`
		}
		return !found
	}, nil)
	return found
}
