package rules

import (
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var stepArgumentType = &Rule{
	Name:     "step-argument-type",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "an argument of another type than the step can work with",
	Run: func(p *Pass) {
		knownSteps(p, func(s *StepUse) {
			for _, a := range s.Args {
				if param := s.parameter(a.Key.Text); param != nil {
					checkArgument(p, s, param, a)
				}
			}
		})
	},
}

// parameter is what is known of an argument, also of one that goes on to a library.
func (s *StepUse) parameter(name string) *schema.Param {
	if param := s.Info.Param(name); param != nil {
		return param
	}
	if b := s.Info.Backend(s.selected()); b != nil {
		for i := range b.Keywords {
			if b.Keywords[i].Name == name {
				return &b.Keywords[i]
			}
		}
	}
	return nil
}

func checkArgument(p *Pass, s *StepUse, param *schema.Param, a yamldoc.Entry) {
	v := a.Value.Deref()
	if v == nil || len(param.Types) == 0 || unreadableAt(p, v) {
		return
	}
	got := typeOf(v)
	switch {
	case got == "" || got == "string" && template.Has(v.Text):
		return
	case got == "null":
		if param.Required && !param.Nullable {
			reportStep(p, s, a.Key.Span, "%q of %s must be %s, not null", param.Name, s.name(), words(param.Types))
		}
		return
	case !takes(param, got):
		if slices.Contains(param.Types, "boolean") || got == "string" && slices.Contains(param.Types, "array") {
			notAsMeant(p, s, param, v)
			return
		}
		f := reportStep(p, s, v.Span, "%q of %s must be %s, not %s", param.Name, s.name(), words(param.Types), described(v, got))
		if slices.Contains(param.Types, "string") {
			quotePlain(f, v)
		}
		return
	}
	checkValues(p, s, param, v)
}

// notAsMeant speaks of a value that the step takes, but for something else.
func notAsMeant(p *Pass, s *StepUse, param *schema.Param, v *yamldoc.Node) {
	if !slices.Contains(param.Types, "array") || v.Kind != yamldoc.String || len(v.Text) < 2 || s.Info.Param(param.Name) == nil {
		return // a flag takes anything: see flag-as-text
	}
	f := reportStep(p, s, v.Span, "%q of %s must be a list: of the text %q each letter counts as an item", param.Name, s.name(), v.Text).Deploys()
	if v.Style != yamldoc.Literal && v.Style != yamldoc.Folded {
		f.Fix("make it a list", Insert(v.Span.Start, "["), Insert(v.Span.End, "]"))
	}
}

// checkValues looks into a mapping or list of texts.
func checkValues(p *Pass, s *StepUse, param *schema.Param, v *yamldoc.Node) {
	if v.Kind != yamldoc.Mapping || len(param.Values) != 1 || param.Values[0] != "string" || s.Info.Param(param.Name) == nil {
		return
	}
	for _, e := range v.Entries() {
		n := e.Value.Deref()
		if n == nil || typeOf(n) == "" || typeOf(n) == "string" {
			continue
		}
		span := n.Span
		if span.Len() == 0 {
			span = e.Key.Span
		}
		f := reportStep(p, s, span, "%q in %q of %s must be text, not %s", e.Key.KeyText(), param.Name, s.name(), described(n, typeOf(n)))
		quotePlain(f, n)
	}
}

// takes reports whether a parameter copes with a JSON Schema type.
func takes(param *schema.Param, got string) bool {
	if slices.Contains(param.Types, got) || slices.Contains(param.AlsoWorks, got) {
		return true
	}
	switch got {
	case "integer":
		return slices.Contains(param.Types, "number")
	case "object":
		return param.Block
	}
	return false
}

// typeOf is the JSON Schema type of a node; "" for what has none.
func typeOf(n *yamldoc.Node) string {
	switch n.Kind {
	case yamldoc.Null:
		return "null"
	case yamldoc.Bool:
		return "boolean"
	case yamldoc.Int:
		return "integer"
	case yamldoc.Float:
		return "number"
	case yamldoc.String:
		return "string"
	case yamldoc.Sequence:
		return "array"
	case yamldoc.Mapping:
		return "object"
	}
	return ""
}

var typeWords = map[string]string{
	"string": "text", "boolean": "true or false", "integer": "a whole number", "number": "a number", "array": "a list", "object": "a mapping",
}

func words(types []string) string {
	out := make([]string, len(types))
	for i, t := range types {
		out[i] = typeWords[t]
	}
	return strings.Join(out, " or ")
}

// described names a value for a message.
func described(n *yamldoc.Node, typ string) string {
	switch typ {
	case "array", "object", "null":
		if typ == "null" {
			return typ
		}
		return typeWords[typ]
	case "string":
		return "the text " + brief(n.Text)
	case "boolean":
		return n.Text
	}
	return "the number " + n.Text
}

const maxQuoted = 60

// brief quotes the start of a text.
func brief(text string) string {
	first, _, more := strings.Cut(text, "\n")
	if r := []rune(first); len(r) > maxQuoted {
		first, more = string(r[:maxQuoted]), true
	}
	if more {
		first += "…"
	}
	return `"` + first + `"`
}
