package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// links visits the references to step outputs that ended in the given ways.
func links(p *Pass, visit func(*model.Link), statuses ...model.LinkStatus) {
	excuse := sync.OnceValue(func() excused { return excuses(p) }) // rarely needed
	for _, l := range p.Links().All {
		if slices.Contains(statuses, l.Status) && (l.Status != model.UnknownName || !excuse().covers(l)) {
			visit(l)
		}
	}
}

// excused are references that lead nowhere because of another mistake, which is reported.
type excused struct {
	ids     map[string]bool // ids under a misspelt key
	section bool            // build, push or pull is misspelt
	unknown map[string]bool // places of unknown keys
}

func excuses(p *Pass) excused {
	e := excused{ids: map[string]bool{}, unknown: map[string]bool{}}
	for i := range p.Shape() {
		m := &p.Shape()[i]
		if m.Kind != schema.UnknownField {
			continue
		}
		e.unknown[m.Place] = true
	}
	for _, entry := range p.Model.Doc.Root.Entries() { // the shape of a deployment does not tell of the file's own keys
		switch key := entry.Key.KeyText(); key {
		case "build", "push", "pull":
		default:
			near := schema.Nearest(key, []string{"build", "push", "pull"})
			e.section = e.section || near != "" && !holds(p.Model.Doc.Root.Deref(), near) && entry.Value.Deref() != nil && entry.Value.Deref().Kind == yamldoc.Sequence
		}
	}
	for _, s := range p.Steps() {
		if s.ID != "" {
			continue
		}
		for _, a := range s.Args {
			if text, ok := textOf(a.Value); ok && isID(a.Key.KeyText()) && s.Info != nil && s.Info.Param(a.Key.KeyText()) == nil {
				e.ids[text] = true
			}
		}
	}
	return e
}

// covers holds for a reference to an unknown name that is excused.
func (e excused) covers(l *model.Link) bool {
	if e.section || len(e.ids) > 0 && e.ids[template.SplitPath(l.Name)[0]] {
		return true
	}
	for at := len(l.Path); len(e.unknown) > 0 && at > 0; at = strings.LastIndexAny(l.Path[:at], ".[") {
		if e.unknown[l.Path[:at]] {
			return true
		}
	}
	return false
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
