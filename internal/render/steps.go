package render

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

// StepsJSON is the JSON form of the catalogue of steps.
type StepsJSON struct {
	SchemaVersion int        `json:"schema_version"`
	Steps         []StepJSON `json:"steps"`
}

// StepJSON is one step.
type StepJSON struct {
	Path       string       `json:"path"`
	Package    string       `json:"package"` // what requires should name
	Doc        string       `json:"doc"`
	Notes      []string     `json:"notes"`
	Aliases    []string     `json:"aliases"` // other import paths of the same function
	Deprecated bool         `json:"deprecated"`
	ReplacedBy string       `json:"replaced_by"`
	IntendedIn []string     `json:"intended_in"`
	Arguments  []ArgJSON    `json:"arguments"`
	Others     bool         `json:"other_arguments"` // arguments that are not listed are passed on
	Outputs    []OutputJSON `json:"outputs"`
}

// ArgJSON is one argument of a step.
type ArgJSON struct {
	Name     string   `json:"name"`
	Doc      string   `json:"doc"`
	Types    []string `json:"types"`
	Required bool     `json:"required"`
	Nullable bool     `json:"nullable"`
	Default  any      `json:"default"`
	Enum     []any    `json:"enum"`
}

// OutputJSON is one output of a step.
type OutputJSON struct {
	Name     string   `json:"name"`
	Doc      string   `json:"doc"`
	Types    []string `json:"types"`
	Nullable bool     `json:"nullable"`
}

// StepsDocument makes the JSON form of steps.
func StepsDocument(list []*schema.StepInfo) StepsJSON {
	doc := StepsJSON{SchemaVersion, []StepJSON{}}
	for _, s := range list {
		out := StepJSON{
			Path: s.Path, Package: s.Package, Doc: s.Doc, Notes: orEmpty(s.Notes), Aliases: orEmpty(s.Aliases), Deprecated: s.Deprecated,
			ReplacedBy: s.ReplacedBy, IntendedIn: orEmpty(s.IntendedIn), Arguments: []ArgJSON{}, Outputs: []OutputJSON{}, Others: s.Extra != nil,
		}
		for _, a := range s.Params {
			out.Arguments = append(out.Arguments, ArgJSON{a.Name, a.Doc, orEmpty(a.Types), a.Required, a.Nullable, a.Default, orEmpty(a.Enum)})
		}
		for _, o := range s.Outputs {
			out.Outputs = append(out.Outputs, OutputJSON{o.Name, o.Doc, orEmpty(o.Types), o.Nullable})
		}
		doc.Steps = append(doc.Steps, out)
	}
	return doc
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// StepList writes one line a step, package by package.
func StepList(w io.Writer, list []*schema.StepInfo) error {
	var b strings.Builder
	var packages []string
	byPackage := map[string][]*schema.StepInfo{}
	for _, s := range list {
		if byPackage[s.Package] == nil {
			packages = append(packages, s.Package)
		}
		byPackage[s.Package] = append(byPackage[s.Package], s)
	}
	for i, name := range packages {
		if i > 0 {
			b.WriteByte('\n')
		}
		if name == "" {
			name = "declared in prefectc.cue"
		}
		b.WriteString(name + "\n")
		for _, s := range byPackage[packages[i]] {
			b.WriteString("  " + s.Path)
			if s.Deprecated {
				b.WriteString("  (deprecated)")
			}
			b.WriteByte('\n')
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Step explains one step in a width, 0 for the usual.
func Step(w io.Writer, s *schema.StepInfo, width int) error {
	if width <= 0 {
		width = defaultWidth
	}
	var b strings.Builder
	b.WriteString(s.Path + "\n")
	paragraph(&b, s.Doc, 2, width)
	if s.Deprecated {
		text := "deprecated"
		if s.ReplacedBy != "" {
			text += ": use " + s.ReplacedBy
		}
		paragraph(&b, text, 2, width)
	}
	if s.Package == "" {
		paragraph(&b, "declared in prefectc.cue", 2, width)
	} else {
		paragraph(&b, "comes with "+s.Package, 2, width)
	}
	if len(s.IntendedIn) > 0 {
		paragraph(&b, "made for "+strings.Join(s.IntendedIn, ", "), 2, width)
	}
	if len(s.Aliases) > 0 {
		paragraph(&b, "also "+strings.Join(s.Aliases, ", "), 2, width)
	}
	if len(s.Params) > 0 || s.Extra != nil {
		b.WriteString("\narguments\n")
	}
	for i := range s.Params {
		argument(&b, &s.Params[i], width)
	}
	if s.Extra != nil {
		paragraph(&b, "any other argument is passed on to "+s.Extra.ForwardedTo, 2, width)
	}
	if len(s.Outputs) > 0 {
		b.WriteString("\noutputs\n")
	}
	for _, o := range s.Outputs {
		paragraph(&b, o.Name+"  "+types(o.Types, o.Nullable), 2, width)
		paragraph(&b, o.Doc, 6, width)
	}
	for i, note := range s.Notes {
		if i == 0 {
			b.WriteString("\nnotes\n")
		}
		paragraph(&b, note, 2, width)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func argument(b *strings.Builder, a *schema.Param, width int) {
	head := a.Name + "  " + types(a.Types, a.Nullable)
	if text, err := value.JSON(plainValue(a.Enum)); err == nil && len(a.Enum) > 0 {
		head += ", one of " + strings.ReplaceAll(strings.Trim(string(text), "[]"), ",", ", ")
	}
	switch {
	case a.Required:
		head += ", required"
	case a.Default != nil:
		if text, err := value.JSON(plainValue(a.Default)); err == nil {
			head += ", default " + string(text)
		}
	}
	paragraph(b, head, 2, width)
	paragraph(b, a.Doc, 6, width)
}

// plainValue makes a value of the catalogue one that value knows.
func plainValue(v any) value.Value {
	switch v := v.(type) {
	case []any:
		out := make([]value.Value, len(v))
		for i := range v {
			out[i] = plainValue(v[i])
		}
		return out
	case map[string]any:
		out := &value.Map{}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out.Set(k, plainValue(v[k]))
		}
		return out
	}
	return v
}

func types(list []string, nullable bool) string {
	text := strings.Join(list, " or ")
	if text == "" {
		text = "anything"
	}
	if nullable {
		text += " or null"
	}
	return text
}

// paragraph writes a text, wrapped and indented; nothing for "".
func paragraph(b *strings.Builder, text string, indent, width int) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if line != "" {
			fmt.Fprintf(b, "%s%s\n", strings.Repeat(" ", indent), wrap(line, indent, width))
		}
	}
}
