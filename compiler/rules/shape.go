package rules

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// misfits visits what misses the schema in the given ways.
func misfits(p *Pass, visit func(*model.Misfit), kinds ...schema.ViolationKind) {
	shape := p.Shape()
	broken := brokenSteps(shape)
	for i := range shape {
		m := &shape[i]
		if broken[m.Parent] && m.Kind != schema.NotOneKey || claimed(m, p.Generation()) || unread(p, m) {
			continue
		}
		for _, k := range kinds {
			if m.Kind == k {
				visit(m)
			}
		}
	}
}

// reportMisfit reports one at its place. What Prefect converts or ignores is a warning, and deployed.
func reportMisfit(p *Pass, m *model.Misfit, format string, args ...any) *Finding {
	f := p.Report(m.Span(), format, args...).At(m.Place).In(m.Deployment)
	if m.Tolerated {
		f.As(diag.Warning)
	}
	return f
}

// consequence says what Prefect does about a misfit, for the end of a message.
func consequence(m *model.Misfit) string {
	switch m.Effect {
	case schema.Discards:
		return "; prefect 3 skips the whole file over it"
	case schema.Ignores:
		return "; prefect ignores it"
	}
	return ""
}

// keyName is the last key of a misfit's path, "" for an index.
func keyName(m *model.Misfit) string {
	if n := len(m.Path); n > 0 && !m.Path[n-1].IsIndex {
		return m.Path[n-1].Key
	}
	return ""
}

// subject names what a misfit is about: the key, or "item 3 of tags". It does not name the deployment, so that a part
// shared through an alias is reported once.
func subject(m *model.Misfit) string {
	n := len(m.Path)
	switch {
	case keyName(m) != "":
		return strconv.Quote(keyName(m))
	case n > 1 && !m.Path[n-2].IsIndex:
		return fmt.Sprintf("item %d of %q", m.Path[n-1].Index+1, m.Path[n-2].Key)
	}
	return m.Place
}

// claimed holds for a misfit that a rule of its own reports, or that does no harm.
func claimed(m *model.Misfit, g schema.Generation) bool {
	field, rest := fieldOf(m)
	switch field {
	case "entrypoint":
		return m.Kind == schema.BadFormat || m.Kind == schema.BadValue
	case "tags":
		return true
	case "schedule":
		return rest == 0 && m.Kind == schema.WrongType || keyName(m) == "interval" && m.Kind != schema.Exclusive && m.Value != nil
	case "schedules":
		return keyName(m) == "interval" && m.Kind != schema.Exclusive && m.Value != nil
	case "build", "push", "pull": // Prefect 2 takes an empty mapping for no steps
		if rest == 0 && g == schema.Prefect2 && m.Value != nil && m.Value.Kind == yamldoc.Mapping && len(m.Value.Entries()) == 0 {
			return true
		}
	}
	return m.Kind == schema.WrongType && bodyOf(m) != "" && !importable(bodyOf(m))
}

// bodyOf is the step that a misfit is the whole body of; "" if it is anything else.
func bodyOf(m *model.Misfit) string {
	path := m.Path
	if len(path) > 2 && path[0].Key == "deployments" {
		path = path[2:]
	}
	if len(path) < 2 || path[0].Key != "build" && path[0].Key != "push" && path[0].Key != "pull" {
		return ""
	}
	if path = path[1:]; path[0].IsIndex {
		path = path[1:]
	}
	if len(path) != 1 || path[0].IsIndex {
		return ""
	}
	return path[0].Key
}

// unread holds for what stands there, or is missing, only because text could not be read as YAML, which is reported.
func unread(p *Pass, m *model.Misfit) bool {
	return unreadableAt(p, m.Value) || m.Value != nil && m.Kind == schema.Missing && damaged(p, m.Value)
}

func unreadableAt(p *Pass, n *yamldoc.Node) bool {
	if n != nil && n.Kind == yamldoc.Invalid {
		return true
	}
	if n == nil || n.Span.Len() == 0 {
		return false
	}
	whole := len(n.Pairs)+len(n.Items) == 0
	for _, found := range p.Model.Doc.Problems {
		if !whole && (!found.Fatal || found.Kind != yamldoc.Syntax || found.Span.Start != n.Span.Start) {
			continue // else a mapping where only its indentation makes it one
		}
		if found.Fatal && found.Span.Start <= n.Span.Start && n.Span.Start < max(found.Span.End, found.Span.Start+1) {
			return true
		}
	}
	return false
}

// damaged holds for a mapping of which a part could not be read as YAML, so that what it seems to lack may be there.
func damaged(p *Pass, n *yamldoc.Node) bool {
	for _, pair := range n.Pairs {
		if pair.Key.IsMerge() && pair.Value.Kind == yamldoc.Invalid {
			return true
		}
	}
	for _, found := range p.Model.Doc.Problems {
		if found.Fatal && found.Kind != yamldoc.UnknownAlias && n.Span.Start <= found.Span.End &&
			(found.Span.Start <= n.Span.End || endsIn(p.Model.Source, n, found.Span)) {
			return true
		}
		if found.Fatal && found.Span.End < n.Span.Start && strings.TrimSpace(string(p.Model.Source.Text[found.Span.End:n.Span.Start])) == "" {
			return true // its first key
		}
	}
	return false
}

// endsIn holds for a place below a mapping that is indented as its keys are, and so was meant to be in it.
func endsIn(f *source.File, n *yamldoc.Node, at source.Span) bool {
	first, last := f.LineOf(n.Span.End)+1, f.LineOf(at.Start)
	column := n.Span.Start - f.LineStart(f.LineOf(n.Span.Start))
	if last-first > 1000 {
		return false
	}
	for line := first; line <= last; line++ {
		text := f.Slice(f.LineSpan(line))
		if words := strings.TrimLeft(text, " "); words != "" && len(text)-len(words) < column {
			return false
		}
	}
	return n.Span.End <= at.Start
}

// unreadable holds for what a rule finds at a place that could not be read as YAML, which is reported: it follows from that.
func (p *Pass) unreadable(f *Finding) bool {
	for _, found := range p.Model.Doc.Problems {
		switch {
		case !found.Fatal || string(found.Kind) == p.rule.Name:
		case found.Kind == yamldoc.UnknownAlias && found.Span == f.Span,
			found.Kind == yamldoc.Syntax && found.Span.Start <= f.Span.Start && f.Span.Start < found.Span.End,
			found.Kind == yamldoc.UnquotedStar && found.Span == f.Span:
			return true
		}
	}
	return false
}

// misspelt holds when a mapping has an unknown key that was probably meant for this one; the rule unknown-key speaks.
func misspelt(p *Pass, n *yamldoc.Node, key string) bool {
	for i := range p.Shape() {
		if m := &p.Shape()[i]; m.Kind == schema.UnknownField && m.Nearest == key && m.Parent == n {
			return true
		}
	}
	return false
}

// fieldOf is the deployment's field that a misfit is in, and how deep below it.
func fieldOf(m *model.Misfit) (field string, depth int) {
	if len(m.Path) < 3 || m.Path[0].Key != "deployments" {
		return "", 0
	}
	return m.Path[2].Key, len(m.Path) - 3
}

// brokenSteps are the steps that are reported as a whole, since they have several keys.
func brokenSteps(shape []model.Misfit) map[*yamldoc.Node]bool {
	broken := map[*yamldoc.Node]bool{}
	for i := range shape {
		if shape[i].Kind == schema.NotOneKey && shape[i].Value != nil {
			broken[shape[i].Value] = true
		}
	}
	return broken
}
