package rules

import (
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var unreachableStepID = &Rule{
	Name:     "unreachable-step-id",
	Severity: diag.Warning,
	Summary:  "an id of a step that no {{ reference }} can name",
	Run: func(p *Pass) {
		all := p.Steps()
		for i := range all {
			s := &all[i]
			if s.ID == "" || template.Has(s.ID) {
				continue
			}
			if why := unreachable(s.IDNode); why != "" {
				reportStep(p, s, s.IDNode.Span, "id %q cannot be referred to: %s; use letters, digits, _ and -", s.ID, why)
			}
		}
	},
}

// unreachable says why a name finds no key of that text, "" if it does. Prefect takes a name apart at dots and brackets, and
// takes parts that are numbers for numbers.
func unreachable(id *yamldoc.Node) string {
	if id.Kind == yamldoc.Float {
		return "the dot separates names"
	}
	if id.Kind != yamldoc.String {
		return ""
	}
	if strings.ContainsAny(id.Text, ".[]") {
		return "dots and brackets separate names"
	}
	if _, err := strconv.Atoi(strings.TrimSpace(id.Text)); err == nil {
		return "in a reference it is a number, not text"
	}
	if p, ok := template.Whole("{{" + id.Text + "}}"); !ok || p.Name != id.Text {
		return "names in {{ }} are made of letters, digits, _ and -"
	}
	return ""
}
