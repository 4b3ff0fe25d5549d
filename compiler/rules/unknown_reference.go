package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
)

var unknownReference = &Rule{
	Name:     "unknown-reference",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "a {{ name }} that no step gives: Prefect drops it or makes it empty text",
	Run: func(p *Pass) {
		links(p, func(l *model.Link) {
			if looksLikeRunTime(l.Name) || looksLikeEnvironment(l.Name) {
				return // other rules speak
			}
			near := nearestName(l)
			msg := fmt.Sprintf("nothing gives %q", l.Name)
			switch {
			case near == "" && ofWorkflow(p, l):
				reportLink(p, l, "${{ %s }} is a GitHub expression, which prefect does not know: put it into an environment variable of the workflow and write {{ $%s }}",
					l.Name, strings.ToUpper(l.Name[strings.IndexByte(l.Name, '.')+1:]))
				return
			case near != "":
				msg += fmt.Sprintf(", did you mean %q", near)
			case len(l.Names) == 1:
				msg += fmt.Sprintf("; in reach is only %q", l.Names[0])
			case len(l.Names) > 0:
				msg += fmt.Sprintf("; in reach are %s", list(l.Names))
			default:
				msg += ": no step runs before it"
			}
			f := reportLink(p, l, "%s; %s", msg, effect(l))
			if near != "" {
				renameReference(f, l, near)
			}
		}, model.UnknownName)
	},
}

// ofWorkflow holds for an expression of GitHub Actions, which has a dollar before the braces.
func ofWorkflow(p *Pass, l *model.Link) bool {
	text := p.Model.Source.Text
	return strings.Contains(l.Name, ".") && l.Span.Start > 0 && l.Span.Start <= len(text) && text[l.Span.Start-1] == '$'
}

const maxListed = 6

// list writes names for a message, the first few of many.
func list(names []string) string {
	if len(names) > maxListed {
		return strings.Join(names[:maxListed], ", ") + fmt.Sprintf(" and %d more", len(names)-maxListed)
	}
	return strings.Join(names, ", ")
}

// looksLikeRunTime holds for names people take from a running flow.
func looksLikeRunTime(name string) bool {
	for _, prefix := range []string{"ctx.", "event.", "flow_run.", "flow.", "deployment.", "prefect."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// looksLikeEnvironment holds for names in capitals, as environment variables have them.
func looksLikeEnvironment(name string) bool {
	letters := false
	for _, c := range name {
		switch {
		case c >= 'A' && c <= 'Z':
			letters = true
		case c == '_' || c >= '0' && c <= '9':
		default:
			return false
		}
	}
	return letters
}
