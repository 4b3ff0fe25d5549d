package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var malformedTemplate = &Rule{
	Name:     "malformed-template",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Deploys:  true,
	Summary:  "text that looks like a placeholder but is none for Prefect, such as {{ x | upper }} or ${X}",
	Run: func(p *Pass) {
		if p.Generated() {
			return
		}
		names := templateNames(p)
		eachPlace(p, func(at *place, n *yamldoc.Node) {
			if n.Kind == yamldoc.String && strings.ContainsAny(n.Text, "{$") {
				reportTemplates(p, at, n, names)
			}
		})
	},
}

// templateNames are the words by which a placeholder of Prefect's can be told from one of another language.
func templateNames(p *Pass) map[string]bool {
	names := map[string]bool{}
	add := func(a *model.Action) {
		if a == nil {
			return
		}
		for _, s := range a.Steps {
			if s.ID != "" {
				names[s.ID] = true
			}
		}
	}
	for _, section := range model.Actions {
		add(p.Model.Action(section))
		for _, d := range p.Model.Deployments {
			add(d.Own(section))
		}
	}
	return names
}

var (
	doubleBraces = pattern.New(`\{\{([^{}\n]*)\}\}`)
	halfOpen     = pattern.New(`\{\{\s*([\w.$\[\]-]+)\s*\}|\{\s*([\w.$\[\]-]+)\s*\}\}`)
	singleBraces = pattern.New(`\{\s*([\w.\[\]-]+)\s*\}`)
	dollarBraces = pattern.New(`\{\{\s*\$\{\s*(\w+)\s*\}\s*\}\}`)
	splitBraces  = pattern.New(`\{ \{\s*[\w.$-]+\s*\} ?\}|\{\{\s*[\w.$-]+\s*\} \}`)
	wholeDollar  = pattern.New(`^\$(?:\{([A-Za-z_]\w*)\}|([A-Z_][A-Z0-9_]*))$`)
	leadingWord  = pattern.New(`^-?\s*(\$?\s*[\w-]+)`)
)

func reportTemplates(p *Pass, at *place, n *yamldoc.Node, names map[string]bool) {
	if at.Section == model.Setting && at.Field == "triggers" {
		return // events have a template language of their own
	}
	if strings.Count(n.Text, "{{") > len(template.Find(n.Text)) {
		reportDoubleBraces(p, at, n, names)
	}
	reportBraces(p, at, n, names)
	if strings.Contains(n.Text, "{ {") || strings.Contains(n.Text, "} }") {
		reportSplitBraces(p, at, n, names)
	}
	if n.Text[0] == '$' && !literalText(at) {
		reportDollar(p, at, n)
	}
}

func reportDoubleBraces(p *Pass, at *place, n *yamldoc.Node, names map[string]bool) {
	for _, m := range doubleBraces.FindAllStringSubmatchIndex(n.Text, -1) {
		inner := n.Text[m[2]:m[3]]
		if template.Has(n.Text[m[0]:m[1]]) || !ours(at, inner, names) {
			continue
		}
		at.report(p, part(p, n, m[0], m[1]), "%s is no placeholder for prefect and stays as it is: %s", n.Text[m[0]:m[1]], whatIsWrong(inner))
	}
}

// reportBraces reports placeholders with a brace too few, and {{ ${NAME} }}.
func reportBraces(p *Pass, at *place, n *yamldoc.Node, names map[string]bool) {
	report := func(m []int, name, why string) {
		span := part(p, n, m[0], m[1])
		f := at.report(p, span, "%s is no placeholder for prefect and stays as it is: %s, write {{ %s }}", n.Text[m[0]:m[1]], why, name)
		if p.Model.Source.Slice(span) == n.Text[m[0]:m[1]] && n.Style != yamldoc.Plain {
			f.UnsafeFix("write a placeholder", Replace(span, "{{ "+name+" }}"))
		}
	}
	alone := func(m []int) bool { // no further brace beside it
		return !strings.HasSuffix(strings.TrimRight(n.Text[:m[0]], " "), "{") && !strings.HasPrefix(strings.TrimLeft(n.Text[m[1]:], " "), "}")
	}
	for _, m := range dollarBraces.FindAllStringSubmatchIndex(n.Text, -1) {
		report(m, "$"+n.Text[m[2]:m[3]], "there are no braces after $")
	}
	for _, m := range halfOpen.FindAllStringSubmatchIndex(n.Text, -1) {
		name := n.Text[max(m[2], m[4]):max(m[3], m[5])]
		if alone(m) && !strings.HasPrefix(name, "$") && known(name, names) || alone(m) && !literalText(at) {
			report(m, name, "a brace is missing")
		}
	}
	for _, m := range singleBraces.FindAllStringSubmatchIndex(n.Text, -1) {
		name := n.Text[m[2]:m[3]]
		before := m[0] > 0 && n.Text[m[0]-1] == '$'
		if alone(m) && !before && strings.Contains(name, ".") && known(name, names) {
			report(m, name, "there is only one brace")
		}
	}
	if m := template.Find(n.Text); len(m) > 0 && !literalText(at) && !strings.ContainsAny(without(n.Text, m), " \t\n") {
		for _, ph := range m {
			if ph.Start > 0 && n.Text[ph.Start-1] == '$' && names[firstName(ph.Name)] {
				at.report(p, part(p, n, ph.Start-1, ph.End), "$%s keeps its $: write %[1]s", n.Text[ph.Start:ph.End]).As(diag.Warning)
			}
		}
	}
}

// known holds for a name that begins as a placeholder of Prefect's does.
func known(name string, names map[string]bool) bool {
	return names[firstName(name)] || strings.HasPrefix(name, "prefect.") || strings.HasPrefix(name, "$")
}

func firstName(name string) string {
	if i := strings.IndexAny(name, ".["); i >= 0 {
		return name[:i]
	}
	return name
}

// without is the text around placeholders.
func without(text string, found []template.Placeholder) string {
	var b strings.Builder
	at := 0
	for _, ph := range found {
		b.WriteString(text[at:ph.Start])
		at = ph.End
	}
	return b.String() + text[at:]
}

func reportSplitBraces(p *Pass, at *place, n *yamldoc.Node, names map[string]bool) {
	for _, m := range splitBraces.FindAllStringIndex(n.Text, -1) {
		name := strings.Trim(n.Text[m[0]:m[1]], "{} ")
		if !ours(at, name, names) {
			continue
		}
		span := part(p, n, m[0], m[1])
		f := at.report(p, span, "%s is no placeholder for prefect and stays as it is: write {{ %s }}", n.Text[m[0]:m[1]], name)
		if p.Model.Source.Slice(span) == n.Text[m[0]:m[1]] && n.Style != yamldoc.Plain {
			f.UnsafeFix("close the gap", Replace(span, "{{ "+name+" }}"))
		}
	}
}

func reportDollar(p *Pass, at *place, n *yamldoc.Node) {
	m := wholeDollar.FindStringSubmatch(n.Text)
	if m == nil {
		return
	}
	name := m[1] + m[2]
	f := at.report(p, n.Span, "%s stays as it is: write {{ $%s }} for the environment variable of the deploy", n.Text, name).As(diag.Warning)
	if n.Style != yamldoc.Literal && n.Style != yamldoc.Folded {
		f.UnsafeFix("take it from the environment of the deploy", Replace(n.Span, fmt.Sprintf(`"{{ $%s }}"`, name)))
	}
}

// literalText holds where text is likely meant for another program, a shell or a person.
func literalText(at *place) bool {
	for _, s := range at.steps {
		switch s.key {
		case "command", "args", "script":
			return true
		}
	}
	switch at.Field {
	case "parameters", "description", "script", "command":
		return true
	}
	return false
}

// ours tells Prefect's placeholders from those of other languages, such as Jinja in parameters or Go templates in commands.
func ours(at *place, inner string, names map[string]bool) bool {
	inner = strings.TrimSpace(inner)
	if inner == "" {
		return false
	}
	if !literalText(at) {
		return !strings.HasPrefix(inner, ".")
	}
	m := leadingWord.FindStringSubmatch(inner)
	return m != nil && (names[m[1]] || m[1] == "prefect" || m[1][0] == '$')
}

// whatIsWrong explains why the inside of {{ }} is no name.
func whatIsWrong(inner string) string {
	inner = strings.TrimSpace(inner)
	switch {
	case strings.HasPrefix(inner, "-") || strings.HasSuffix(inner, "-"):
		return "there is no {{- -}}"
	case strings.HasPrefix(inner, "$ "):
		return "there must be no space after $"
	case strings.Contains(inner, "|"):
		return "there are no filters"
	case strings.ContainsAny(inner, "()"):
		return "there are no functions"
	case strings.ContainsAny(inner, `'"`):
		return "there are no quotes, an item is written a.b or a[0]"
	case strings.Contains(inner, ":"):
		return "there is no \":\" in a name"
	case strings.Contains(inner, "/"):
		return "there is no \"/\" in a name"
	case strings.ContainsAny(inner, "+*%<>=!&?,~"):
		return "there are no expressions, only a name"
	case strings.ContainsAny(inner, " \t"):
		return "there is no space in a name"
	}
	return "a name is made of letters, digits, _ . - [ ] and $"
}
