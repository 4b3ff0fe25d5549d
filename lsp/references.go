package lsp

import (
	"context"
	"slices"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// thing is what a file gives a name to and mentions elsewhere.
type thing struct {
	kind  thingKind
	name  string
	spots []mention // in source order, without repetitions
	at    int       // index in spots of the one under the cursor

	scattered bool // a mention is written in a way that has no span of its own, such as an escape
}

type thingKind uint8

const (
	nothing thingKind = iota
	anchor
	stepID
	stepOutput
	deployment
	flow
	parameter // any other placeholder: an environment variable, a block, a variable
)

// mention is one place that names a thing.
type mention struct {
	span   source.Span
	around source.Span // the placeholder or alias it is part of
	writes bool        // it defines the thing
}

// thingAt finds what the text at off names.
func thingAt(a *analysis, off int) thing {
	path := a.tree.NodeAt(off)
	if len(path) == 0 || a.facts == nil {
		return thing{}
	}
	n := path[len(path)-1]
	var t thing
	switch {
	case n.Anchor != nil && n.Anchor.Span.Start-1 <= off && off <= n.Anchor.Span.End:
		t = anchorThing(n.Anchor)
	case n.Kind == yamldoc.Alias && n.Target != nil && n.Target.Anchor != nil:
		t = anchorThing(n.Target.Anchor)
	case len(referencesAt(a.model, off)) > 0:
		t = placeholderThing(a, off)
	default:
		t = nodeThing(a, path, n)
	}
	t.spots = t.sorted()
	t.at = max(0, slices.IndexFunc(t.spots, func(m mention) bool { return m.around.Contains(off) }))
	return t
}

// sorted are the spots in source order, each once.
func (t *thing) sorted() []mention {
	slices.SortStableFunc(t.spots, func(x, y mention) int { return x.span.Start - y.span.Start })
	return slices.CompactFunc(t.spots, func(x, y mention) bool { return x.span == y.span })
}

func anchorThing(x *yamldoc.Anchor) thing {
	t := thing{kind: anchor, name: x.Name, spots: []mention{{x.Span, source.Span{Start: x.Span.Start - 1, End: x.Span.End}, true}}}
	for _, use := range x.Uses {
		t.spots = append(t.spots, mention{source.Span{Start: use.Span.Start + 1, End: use.Span.End}, use.Span, false})
	}
	return t
}

// nodeThing is for names that are values: a step's id, a deployment's name, an entrypoint.
func nodeThing(a *analysis, path []*yamldoc.Node, n *yamldoc.Node) thing {
	for _, s := range a.facts.Steps() {
		switch {
		case s.IDNode == n && s.ID != "":
			return stepThing(a, n)
		case s.Key == n && s.ID != "" && s.IDNode != nil:
			return stepThing(a, s.IDNode)
		case s.Key == n && s.Key != nil:
			return outputThing(a, s.Step, "")
		}
	}
	if isEntrypoint(path) {
		return flowThing(a, n.Text)
	}
	var t thing
	for _, d := range a.model.Deployments {
		if f := d.Field("name"); f.Node() == n && d.Name() != "" {
			t = thing{kind: deployment, name: d.Name(), spots: []mention{{n.Span, n.Span, true}}, scattered: template.Has(d.Name())}
		}
	}
	return t
}

// stepThing gathers a step's id and all placeholders that mean it, in every chain. Where a placeholder means another step too,
// depending on the deployment, that step has to keep the same id, so it belongs to the thing.
func stepThing(a *analysis, id *yamldoc.Node) thing {
	t := thing{kind: stepID, name: id.Text, scattered: id.Kind != yamldoc.String || id.Text == ""}
	ids := map[*yamldoc.Node]bool{id: true}
	taken := map[source.Span]bool{}
	links := a.facts.Links().All
	for grown := true; grown; {
		grown = false
		for _, l := range links {
			if !l.ByID || l.Source == nil || l.Source.IDNode == nil {
				continue
			}
			if is, has := ids[l.Source.IDNode], taken[l.Span]; is != has {
				ids[l.Source.IDNode], taken[l.Span] = true, true
				grown = true
			}
		}
	}
	for n := range ids {
		t.spots = append(t.spots, mention{n.Span, n.Span, true})
	}
	for _, l := range links {
		if !taken[l.Span] {
			continue
		}
		span := source.Span{Start: l.NameSpan.Start, End: l.NameSpan.Start + len(t.name)}
		if a.doc.file.Slice(span) != t.name {
			span, t.scattered = l.NameSpan, true
		}
		t.spots = append(t.spots, mention{span, l.Span, false})
	}
	return t
}

// outputThing gathers the placeholders that take one output of a step, or any when none is named.
func outputThing(a *analysis, s *model.Step, output string) thing {
	t := thing{kind: stepOutput, name: s.Function(), spots: []mention{{s.Key.Span, s.Key.Span, true}}}
	for _, l := range a.facts.Links().All {
		if l.Source != nil && l.Source.Key == s.Key && (output == "" || l.Output == output) {
			t.spots = append(t.spots, mention{l.NameSpan, l.Span, false})
		}
	}
	return t
}

func placeholderThing(a *analysis, off int) thing {
	for _, l := range linksAt(a, off) {
		switch {
		case l.Source == nil || l.Source.Key == nil:
		case l.ByID && l.Source.IDNode != nil && off <= l.NameSpan.Start+len(l.Source.ID):
			return stepThing(a, l.Source.IDNode)
		default:
			return outputThing(a, l.Source, l.Output)
		}
	}
	r := referencesAt(a.model, off)[0]
	t := thing{kind: parameter, name: r.Name}
	for _, o := range a.model.References {
		if o.Name == r.Name {
			t.spots = append(t.spots, mention{o.NameSpan, o.Span, false})
		}
	}
	return t
}

// flowThing gathers the entrypoints of one flow, however they are written.
func flowThing(a *analysis, text string) thing {
	t := thing{kind: flow, name: text}
	same := func(other string) bool { return other == text }
	if r := a.facts.Flows.Load(text); r.File != nil && !template.Has(text) {
		same = func(other string) bool {
			if template.Has(other) {
				return false
			}
			o := a.facts.Flows.Load(other)
			return o.File != nil && o.File.Path == r.File.Path && o.Function == r.Function
		}
	}
	for _, d := range a.model.Deployments {
		if f := d.Field("entrypoint"); f.Set() && d.Entrypoint() != "" && same(d.Entrypoint()) {
			t.spots = append(t.spots, mention{f.Node().Span, f.Node().Span, false})
		}
	}
	return t
}

// references lists where a thing is named: in the document, and for a flow in all prefect files of the workspace and in Python.
func (s *Server) references(ctx context.Context, snap *snapshot, d *document, p *protocol.ReferenceParams) (any, error) {
	out := []protocol.Location{}
	if strings.HasSuffix(d.path, ".py") {
		if f := functionAt(pyflow.Scan(d.file), d.offset(p.Position)); f != nil {
			return snap.flowReferences(ctx, target{d, f.Header, f.Name.Span}, f.Qualname, p.Context.IncludeDeclaration)
		}
		return out, nil
	}
	if !d.isPrefect(snap.settings) {
		return out, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	t := thingAt(a, d.offset(p.Position))
	if t.kind == flow {
		if found := flowOf(a, t.name); len(found) == 1 {
			return snap.flowReferences(ctx, found[0], a.facts.Flows.Load(t.name).Function, p.Context.IncludeDeclaration)
		}
	}
	for _, m := range t.spots {
		if !m.writes || p.Context.IncludeDeclaration {
			out = append(out, protocol.Location{URI: d.uri, Range: d.rangeOf(m.span)})
		}
	}
	return out, nil
}

func (s *Server) documentHighlight(ctx context.Context, snap *snapshot, d *document, p *protocol.DocumentHighlightParams) (any, error) {
	out := []protocol.DocumentHighlight{}
	if !d.isPrefect(snap.settings) {
		return out, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, m := range thingAt(a, d.offset(p.Position)).spots {
		kind := protocol.DocumentHighlightKindRead
		if m.writes {
			kind = protocol.DocumentHighlightKindWrite
		}
		out = append(out, protocol.DocumentHighlight{Range: d.rangeOf(m.span), Kind: &kind})
	}
	return out, nil
}
