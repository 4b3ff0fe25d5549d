package compile

import (
	"encoding/json"
	"fmt"
	"strings"

	"cuelang.org/go/cue/format"
)

// StepsCUE writes a catalogue as CUE: for each step its arguments, with types, defaults and documentation, and its
// outputs, as expressions where CUE can say the rule readably and else as a type with the rule in an attribute.
func StepsCUE(header string, f *StepsFile) ([]byte, error) {
	w := &writer{}
	w.printf("%s\n// Measured with Prefect %s and %s.\npackage prefect\n\n", header, f.Versions["prefect"], versions(f.Versions))
	w.printf("// The steps that Prefect and its integrations ship.\n#Steps: {\n")
	for _, s := range f.Steps {
		w.comment(s.Doc)
		w.printf("%q: {\n", s.Path)
		w.printf("@step(package=%q, intended=%q)\n", s.Package, strings.Join(s.IntendedIn, " "))
		if s.ReplacedBy != "" {
			w.printf("@deprecated(%q)\n", s.ReplacedBy)
		}
		w.printf("arguments: {\n")
		for _, p := range s.Params {
			w.param(p)
		}
		if s.Extra != nil {
			w.extra(s.Extra)
		}
		w.printf("}\noutputs: {\n")
		for _, o := range s.Outputs {
			if err := w.output(s, o); err != nil {
				return nil, err
			}
		}
		w.printf("}\n}\n")
	}
	w.printf("}\n")
	out, err := format.Source(w.Bytes())
	if err != nil {
		return nil, fmt.Errorf("format the steps: %w\n%s", err, w.Bytes())
	}
	return out, nil
}

func (w *writer) comment(s string) {
	if s != "" {
		w.printf("// %s\n", strings.ReplaceAll(s, "\n", "\n// "))
	}
}

func (w *writer) param(p Param) {
	w.comment(p.Doc)
	mark := "?"
	if p.Required {
		mark = "!"
	}
	w.printf("%q%s: %s", p.Name, mark, paramType(p))
	if p.Hint != "" {
		w.printf(" @hint(%q)", p.Hint)
	}
	if p.Sensitive {
		w.printf(" @sensitive()")
	}
	if len(p.BlockTypes) > 0 {
		w.printf(" @block(%s)", strings.Join(p.BlockTypes, ", "))
	}
	w.printf("\n")
}

func (w *writer) extra(e *ExtraKeywords) {
	if e.Policy == "open" || len(e.Backends) > 1 {
		w.printf("...\n")
		return
	}
	for _, b := range e.Backends {
		for _, k := range b.Keywords {
			w.param(k)
		}
	}
}

// paramType is a CUE type with its default. Anything may be written as a template too, which is text.
func paramType(p Param) string {
	var alts []string
	if len(p.Enum) > 0 {
		for _, e := range p.Enum {
			alts = append(alts, fmt.Sprintf("%#v", e))
		}
	} else {
		for _, t := range p.Types {
			alts = append(alts, cueType(t, p.Items, p.Values))
		}
	}
	if p.Block {
		alts = append(alts, "string")
	}
	if p.Nullable && (p.Required || p.Default != nil) {
		alts = append(alts, "null")
	}
	if !p.Required {
		if d, err := json.Marshal(p.Default); err == nil && (p.Default != nil || p.Nullable) {
			alts = append([]string{"*" + string(d)}, alts...)
		}
	}
	return strings.Join(alts, " | ")
}

func cueType(t string, items, values []string) string {
	switch t {
	case "string", "number":
		return t
	case "boolean":
		return "bool"
	case "integer":
		return "int"
	case "array":
		if len(items) == 1 {
			return "[..." + cueType(items[0], nil, nil) + "]"
		}
		return "[...]"
	case "object":
		if len(values) == 1 {
			return "{[string]: " + cueType(values[0], nil, nil) + "}"
		}
		return "{[string]: _}"
	}
	return "_"
}

func (w *writer) output(s *StepInfo, o Output) error {
	w.comment(o.Doc)
	rule, err := json.Marshal(o.From)
	if err != nil {
		return err
	}
	if x, ok := cueRule(s, o); ok {
		w.printf("%q: %s @known(%s)\n", o.Name, x, o.Known)
		return nil
	}
	var alts []string
	for _, t := range o.Types {
		alts = append(alts, cueType(t, o.Items, nil))
	}
	if o.Nullable {
		alts = append(alts, "null")
	}
	w.printf("%q: %s @known(%s) @from(%q)\n", o.Name, strings.Join(alts, " | "), o.Known, rule)
	return nil
}

// cueRule writes an output that is always made in the same way from texts as a CUE expression.
func cueRule(s *StepInfo, o Output) (string, bool) {
	if len(o.From) != 1 || o.From[0].If != nil {
		return "", false
	}
	x := o.From[0].Value
	switch x.Op {
	case "param":
		for _, p := range s.Params {
			if p.Name == x.Name && p.Required {
				return fmt.Sprintf("arguments[%q]", x.Name), true
			}
		}
	case "concat":
		var b strings.Builder
		for _, p := range x.Parts {
			switch {
			case p.Op == "text":
				b.WriteString(p.Name)
			case p.Op == "const":
				text, ok := p.Const.(string)
				if !ok {
					return "", false
				}
				b.WriteString(text)
			case p.Op == "output":
				fmt.Fprintf(&b, `\(outputs[%q])`, p.Name)
			default:
				return "", false
			}
		}
		return `"` + b.String() + `"`, true
	}
	return "", false
}

// MarshalJSON writes an expression as the rule language has it.
func (e Expr) MarshalJSON() ([]byte, error) {
	switch e.Op {
	case "text":
		return json.Marshal(e.Name)
	case "const":
		return json.Marshal(map[string]any{"const": e.Const})
	case "concat":
		return json.Marshal(map[string]any{"concat": e.Parts})
	case "call":
		args := map[string]Expr{}
		for _, a := range e.Args {
			args[a.Name] = a.Value
		}
		return json.Marshal(map[string]any{"call": e.Name, "args": args})
	}
	return json.Marshal(map[string]any{e.Op: e.Name})
}
