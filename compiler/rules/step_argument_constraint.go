package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var stepArgumentConstraint = &Rule{
	Name:     "step-argument-constraint",
	Severity: diag.Error,
	Summary:  "arguments that the step refuses, alone or together",
	Run: func(p *Pass) {
		patterns := map[string]*regexp.Regexp{}
		knownSteps(p, func(s *StepUse) {
			for i := range s.Info.Constraints {
				checkConstraint(p, s, &s.Info.Constraints[i], patterns)
			}
		})
	},
}

// given is an argument that Python counts as true and that has no placeholder as its whole value.
func given(s *StepUse, name string) (yamldoc.Entry, bool) {
	a, ok := s.Arg(name)
	if !ok {
		return a, false
	}
	v := a.Value.Deref()
	if v == nil || v.Kind == yamldoc.Null || v.Kind == yamldoc.String && v.Text == "" || v.Kind == yamldoc.Mapping && len(v.Entries()) == 0 {
		return a, false
	}
	return a, true
}

func checkConstraint(p *Pass, s *StepUse, c *schema.Constraint, patterns map[string]*regexp.Regexp) {
	switch c.Kind {
	case "not_both":
		notBoth(p, s, c)
	case "not_prefix", "pattern", "no_white_space", "inside_working_directory":
		text, ok := s.text(c.Param)
		if !ok || text == "" {
			return
		}
		if why := refused(c, text, patterns); why != "" {
			reportStep(p, s, s.argument(c.Param).Span, "%q of %s %s, not %s", c.Param, s.name(), why, brief(text))
		}
	case "enum":
		notOneOf(p, s, c)
	case "needs_any_key":
		if a, ok := given(s, c.Param); ok {
			if v := a.Value.Deref(); v.Kind == yamldoc.Mapping && !hasAny(v, c.Keys) {
				reportStep(p, s, a.Key.Span, "%q of %s needs one of %s", c.Param, s.name(), strings.Join(c.Keys, ", "))
			}
		}
	case "key_needs_any":
		if a, ok := given(s, c.Param); ok && !s.lacksKeys(c.Param) {
			if v := a.Value.Deref(); v.Kind == yamldoc.Mapping && hasAny(v, []string{c.Key}) && !hasAny(v, c.NeedsAny) {
				reportStep(p, s, a.Key.Span, "%q of %s has %q, which needs one of %s beside it", c.Param, s.name(), c.Key, strings.Join(c.NeedsAny, ", "))
			}
		}
	case "needs_value":
		if on, known := s.truth(c.Param); c.When != nil && c.Value == true && known && !on && s.selected() == "buildx" {
			if a, ok := s.Arg(c.When.Param); ok && len(a.Value.Deref().Items) > c.When.LongerThan {
				reportStep(p, s, a.Key.Span, "%q of %s with more than %d items needs \"%s: true\"", c.When.Param, s.name(), c.When.LongerThan, c.Param)
			}
		}
	}
}

// lacksKeys holds for a mapping that a constraint of its own refuses already.
func (s *StepUse) lacksKeys(name string) bool {
	for _, c := range s.Info.Constraints {
		if c.Kind == "needs_any_key" && c.Param == name {
			return !hasAny(s.argument(name), c.Keys)
		}
	}
	return false
}

func notBoth(p *Pass, s *StepUse, c *schema.Constraint) {
	var both []yamldoc.Entry
	for _, name := range c.Params {
		if a, ok := given(s, name); ok {
			both = append(both, a)
		}
	}
	if len(both) < 2 {
		return
	}
	last := both[len(both)-1]
	reportStep(p, s, last.Key.Span, "%s takes %s or %s, not both", s.name(), quotedName(both[0]), quotedName(last)).
		Also(both[0].Key.Span, "%s is given here", quotedName(both[0]))
}

func quotedName(e yamldoc.Entry) string { return fmt.Sprintf("%q", e.Key.Text) }

// refused says what the text must be or do, "" if the constraint holds.
func refused(c *schema.Constraint, text string, patterns map[string]*regexp.Regexp) string {
	switch c.Kind {
	case "not_prefix":
		if strings.HasPrefix(text, c.Prefix) {
			return fmt.Sprintf("must not start with %q", c.Prefix)
		}
	case "pattern":
		re := patterns[c.Pattern]
		if re == nil {
			var err error
			if re, err = regexp.Compile(c.Pattern); err != nil {
				return ""
			}
			patterns[c.Pattern] = re
		}
		if !re.MatchString(text) {
			return "must match " + c.Pattern
		}
	case "no_white_space":
		if strings.ContainsAny(text, " \t\r\n") {
			return "must be without white space"
		}
	case "inside_working_directory":
		if strings.HasPrefix(text, "/") || slices.Contains(strings.FieldsFunc(text, func(r rune) bool { return r == '/' }), "..") {
			return "must stay inside the working directory"
		}
	}
	return ""
}

func notOneOf(p *Pass, s *StepUse, c *schema.Constraint) {
	param, n := s.Info.Param(c.Param), s.argument(c.Param)
	if param == nil || n == nil || n.Kind != yamldoc.String || template.Has(n.Text) || slices.Contains(param.Enum, any(n.Text)) {
		return
	}
	var allowed []string
	for _, v := range param.Enum {
		allowed = append(allowed, fmt.Sprintf("%q", v))
	}
	reportStep(p, s, n.Span, "%q of %s must be %s, not %q", c.Param, s.name(), strings.Join(allowed, " or "), n.Text)
}

// hasAny reports whether a mapping has one of the keys with a value that counts as true in Python.
func hasAny(m *yamldoc.Node, keys []string) bool {
	for _, k := range keys {
		if e, ok := m.Get(k); ok {
			if v := e.Value.Deref(); v == nil || v.Kind != yamldoc.Null && v.Text != "" || len(v.Entries()) > 0 {
				return true
			}
		}
	}
	return false
}
