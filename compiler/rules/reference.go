package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/schema"
)

// links visits the references to step outputs that ended in the given ways.
func links(p *Pass, visit func(*model.Link), statuses ...model.LinkStatus) {
	for _, l := range p.Links().All {
		for _, s := range statuses {
			if l.Status == s {
				visit(l)
			}
		}
	}
}

// reportLink reports a reference at its placeholder. In the file's own actions it names the deployment it is wrong for, if
// only some are.
func reportLink(p *Pass, l *model.Link, format string, args ...any) *Finding {
	f := p.Report(l.Span, format, args...).At(l.Path).In(l.Deployment)
	if l.Deployment == nil && l.For != nil {
		f.Deployment = l.For.Name()
	}
	if l.Section == model.Pull {
		f.Deploys() // Prefect registers the text and fills it in, or blanks it, at the run
	}
	return f
}

// renameReference offers to write another name in the placeholder.
func renameReference(f *Finding, l *model.Link, head string) {
	if l.NameSpan == l.Node.Span {
		return
	}
	rest := strings.TrimPrefix(l.Name, template.SplitPath(l.Name)[0])
	if strings.Contains(head, ".") || rest == "."+head {
		rest = ""
	}
	f.UnsafeFix(fmt.Sprintf("use %q", head+rest), Replace(l.NameSpan, head+rest))
}

// effect says what Prefect makes of a reference without a value.
func effect(l *model.Link) string {
	switch {
	case l.Section == model.Pull:
		return "at the run it is left out"
	case l.Whole && l.InList:
		return "prefect drops the item"
	case l.Whole && l.Step != nil:
		return "prefect drops the argument"
	case l.Whole:
		return "prefect drops the key"
	}
	return "prefect puts nothing in its place"
}

// nearestName finds the id or output that was probably meant, in the spelling of the reference.
func nearestName(l *model.Link) string {
	if n := schema.Nearest(l.Name, l.Names); n != "" {
		return n
	}
	head := template.SplitPath(l.Name)[0]
	var heads []string
	for _, n := range l.Names {
		id, _, _ := strings.Cut(n, ".")
		heads = append(heads, id)
	}
	if near := schema.Nearest(head, heads); near != "" {
		return near
	}
	if _, output, ok := strings.Cut(l.Name, "."); ok && slices.Contains(l.Names, output) {
		return output // of a step without an id
	}
	return ""
}

// stepLabel names a step for people: its id, else its function.
func stepLabel(s *model.Step) string {
	if s.ID != "" {
		return fmt.Sprintf("step %q", s.ID)
	}
	function := s.Function()
	return fmt.Sprintf("step %q", function[strings.LastIndexAny(function, ".:")+1:])
}
