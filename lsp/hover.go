package lsp

import (
	"context"
	"fmt"
	"strings"
	"time"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// hover explains what is under the cursor: a field, a step or its argument, an alias, a placeholder, an entrypoint.
func (s *Server) hover(ctx context.Context, snap *snapshot, d *document, p *protocol.HoverParams) (any, error) {
	if !d.isPrefect(snap.settings) {
		return nil, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	off := d.offset(p.Position)
	text, span := explain(a, off, s.now())
	if page, at := explainFinding(a, off); !page.empty() {
		if text.empty() {
			span = at
		}
		text.parts = append(text.parts, page.parts...)
	}
	if text.empty() {
		return nil, nil
	}
	at := d.rangeOf(span)
	return protocol.Hover{Contents: text.markup(snap.client.markdownHover), Range: &at}, nil
}

// explain says what is at off, and where that starts and ends.
func explain(a *analysis, off int, now time.Time) (prose, source.Span) {
	path := a.tree.NodeAt(off)
	if len(path) == 0 || a.facts == nil {
		return prose{}, source.Span{}
	}
	n := path[len(path)-1]
	if refs := referencesAt(a.model, off); len(refs) > 0 {
		return explainReference(a, refs[0], linksAt(a, off)), refs[0].Span
	}
	if n.Anchor != nil && n.Anchor.Span.Start-1 <= off && off <= n.Anchor.Span.End {
		var p prose
		p.add(heading, "anchor "+n.Anchor.Name)
		p.add(paragraph, count(len(n.Anchor.Uses), "use"))
		return p, n.Anchor.Span
	}
	if n.Kind == yamldoc.Alias {
		return explainAlias(a, n), n.Span
	}
	if _, param := parameterAt(a, n); param != nil {
		return explainParameter(param), n.Span
	}
	way, onKey := elemsOf(a.tree, path)
	if onKey && n.Text == "<<" {
		var p prose
		p.add(heading, "<<")
		p.add(paragraph, "Takes over the keys of another mapping. Keys written here win over them.")
		explainMerge(a, &p, path)
		return p, n.Span
	}
	at, ok := locatePath(a.facts.Language, a.model.Generation, way)
	switch {
	case !ok:
		return prose{}, source.Span{}
	case onKey && at.function != "" && at.argument == "":
		return explainStep(a, at.function), n.Span
	case onKey && at.argument != "" && at.depth == 0:
		return explainArgument(a, at), n.Span
	case onKey && at.field != nil && at.function == "":
		return explainField(at.object, at.field, a.model.Generation), n.Span
	case !onKey && at.field != nil && at.function == "":
		return explainValue(a, at, path, now), n.Span
	}
	return prose{}, source.Span{}
}

func explainField(o *schema.Object, f *schema.Field, g schema.Generation) prose {
	var p prose
	p.add(heading, f.Name)
	p.add(paragraph, f.Text(g)+versions(f.Since, f.Until))
	p.add(paragraph, f.Doc)
	if f.Ignored != "" {
		p.add(paragraph, "Has no effect: "+f.Ignored+".")
	}
	if f.Deprecated != "" {
		p.add(paragraph, "Deprecated: "+f.Deprecated+".")
	}
	if f.Default != "" {
		p.add(bullet, "default: `"+f.Default+"`")
	}
	if f.Unit != "" {
		p.add(bullet, "unit: "+f.Unit)
	}
	if len(o.ExactlyOne) > 0 && contains(o.ExactlyOne, f.Name) {
		p.add(bullet, "exactly one of `"+strings.Join(o.ExactlyOne, "`, `")+"` is given")
	}
	if f.Example != "" {
		p.add(listing, f.Name+": "+f.Example)
	}
	return p
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func versions(since, until schema.Generation) string {
	switch {
	case since == 0 && until == 0:
		return ""
	case until == 0:
		return fmt.Sprintf(" (Prefect %d and later)", since)
	case since == 0 || since == until:
		return fmt.Sprintf(" (Prefect %d only)", until)
	}
	return fmt.Sprintf(" (Prefect %d to %d)", since, until)
}

func explainValue(a *analysis, at place, path []*yamldoc.Node, now time.Time) prose {
	var p prose
	n := path[len(path)-1]
	switch at.field.Name {
	case "entrypoint":
		if n.Kind == yamldoc.String {
			return explainEntrypoint(a, n.Text)
		}
	case schedule.KindCron, schedule.KindInterval, schedule.KindRRule:
		if item := path[len(path)-2]; item.Kind == yamldoc.Mapping {
			describeTiming(&p, item, a.model.Generation, now)
		}
		if p.empty() {
			p.add(paragraph, fieldWords(at.field.Name, n, a.model.Generation))
		}
	}
	return p
}

// explainParameter shows a parameter as the flow's signature has it.
func explainParameter(q *pyflow.Param) prose {
	var p prose
	text := q.Name.Text
	if q.Annotation.Present() {
		text += ": " + q.Annotation.Text
	}
	if q.Default.Present() {
		text += " = " + q.Default.Text
	}
	p.add(python, text)
	if !q.Default.Present() && q.Kind != pyflow.VarPositional && q.Kind != pyflow.VarKeyword {
		p.add(paragraph, "The flow cannot run without it.")
	}
	return p
}

func explainEntrypoint(a *analysis, text string) prose {
	var p prose
	if template.Has(text) {
		return p
	}
	r := a.facts.Flows.Load(text)
	if r.Flow == nil || r.Flow.Function == nil {
		return p
	}
	f := r.Flow
	if f.Name.Known {
		p.add(heading, "flow "+f.Name.Text)
	}
	header := r.File.Slice(f.Function.Header)
	if len(header) < 2000 {
		p.add(python, header)
	}
	if f.Function.Docstring.Known {
		p.add(paragraph, f.Function.Docstring.Text)
	}
	return p
}

// explainMerge lists what the merge at the end of a path brings.
func explainMerge(a *analysis, p *prose, path []*yamldoc.Node) {
	m := path[len(path)-2]
	pair := pairOf(m, path[len(path)-1])
	if pair == nil || pair.Value == nil {
		return
	}
	for _, alias := range append([]*yamldoc.Node{pair.Value}, pair.Value.Items...) {
		if alias.Kind != yamldoc.Alias {
			continue
		}
		for _, e := range m.Entries() {
			if e.Via == alias {
				p.add(bullet, "`"+e.Key.KeyText()+": "+brief(e.Value, 3)+"` from `"+a.doc.file.Slice(alias.Span)+"`")
			}
		}
	}
}

func explainAlias(a *analysis, n *yamldoc.Node) prose {
	var p prose
	t := n.Deref()
	if t == nil {
		return p
	}
	p.add(heading, a.model.Source.Slice(n.Span))
	if t.Anchor != nil {
		line := a.model.Source.Position(t.Anchor.Span.Start).Line
		p.add(paragraph, fmt.Sprintf("stands for this, written on line %d (%s):", line, count(len(t.Anchor.Uses), "use")))
	}
	p.add(listing, dedent(a.model.Source, t.Span))
	return p
}

// dedent is a piece of the file with the indentation of its first line taken away, cut when it is long.
func dedent(f *source.File, span source.Span) string {
	const most = 24
	line := f.LineSpan(f.LineOf(span.Start))
	indent := span.Start - line.Start
	lines := strings.Split(strings.ReplaceAll(f.Slice(span), "\r\n", "\n"), "\n")
	if len(lines) > most {
		lines = append(lines[:most], "…")
	}
	for i := range lines {
		if i > 0 {
			blanks := len(lines[i]) - len(strings.TrimLeft(lines[i], " "))
			lines[i] = lines[i][min(blanks, indent):]
		}
	}
	return strings.Join(lines, "\n")
}

func count(n int, what string) string {
	switch n {
	case 0:
		return "no " + what + "s"
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
