package lsp

import (
	"context"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// symbol is one entry of the outline before it is written in either of the protocol's forms.
type symbol struct {
	name, detail string
	kind         protocol.SymbolKind
	span, label  source.Span // all of it, and its name
	kids         []symbol
}

// documentSymbol is the outline: the file's actions with their steps, the deployments with their schedules and steps.
func (s *Server) documentSymbol(ctx context.Context, snap *snapshot, d *document, _ *protocol.DocumentSymbolParams) (any, error) {
	if !d.isPrefect(snap.settings) {
		return []protocol.DocumentSymbol{}, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	all := outline(a)
	if snap.client.symbolTree {
		return symbolTree(d, all), nil
	}
	out := []protocol.SymbolInformation{}
	flatSymbols(d, all, nil, &out)
	return out, nil
}

func outline(a *analysis) []symbol {
	m := a.model
	var out []symbol
	for _, f := range m.Fields {
		key := f.Key.KeyText()
		node := f.Node()
		one := symbol{name: key, kind: protocol.SymbolKindProperty, span: pairSpan(f.Entry), label: f.Key.Span}
		switch {
		case key == "deployments":
			one.kind = protocol.SymbolKindArray
			one.kids = deploymentSymbols(m)
		case m.Action(model.Section(key)) != nil:
			one.kind, one.kids = protocol.SymbolKindEvent, stepSymbols(m.Action(model.Section(key)))
		case node != nil && node.Kind == yamldoc.Mapping:
			one.kind = protocol.SymbolKindNamespace
			for _, e := range node.Pairs {
				one.kids = append(one.kids, symbol{name: e.Key.KeyText(), kind: protocol.SymbolKindProperty, span: e.Span, label: e.Key.Span})
			}
		case node != nil:
			one.detail = clip(node.Text)
		}
		out = append(out, one)
	}
	return out
}

func deploymentSymbols(m *model.File) []symbol {
	var out []symbol
	for _, d := range m.Deployments {
		one := symbol{name: d.Label(), detail: clip(d.Entrypoint()), kind: protocol.SymbolKindModule, span: d.Node.Span, label: d.Node.Span}
		if name := d.Field("name"); name.Set() {
			one.label = name.Span()
		} else if len(d.Fields) > 0 {
			one.label = d.Fields[0].Key.Span
		}
		for _, key := range []string{"schedule", "schedules"} {
			one.kids = append(one.kids, scheduleSymbols(d.Field(key))...)
		}
		if pool := d.WorkPool("name"); pool.Set() {
			field := d.Field("work_pool")
			one.kids = append(one.kids, symbol{name: "work_pool", detail: clip(pool.Node().Text), kind: protocol.SymbolKindObject,
				span: pairSpan(field.Entry), label: field.Key.Span})
		}
		for _, section := range model.Actions {
			if act := d.Own(section); act != nil && len(act.Steps) > 0 {
				one.kids = append(one.kids, symbol{name: string(section), kind: protocol.SymbolKindEvent, span: pairSpan(act.Field.Entry),
					label: act.Field.Key.Span, kids: stepSymbols(act)})
			}
		}
		out = append(out, one)
	}
	return out
}

func scheduleSymbols(f model.Field) []symbol {
	if !f.Set() {
		return nil
	}
	items := []*yamldoc.Node{f.Node()}
	if f.Node().Kind == yamldoc.Sequence {
		items = f.Node().Items
	}
	var out []symbol
	for _, item := range items {
		for _, kind := range []string{"cron", "interval", "rrule"} {
			if e, ok := item.Get(kind); ok && e.Value.Deref() != nil {
				out = append(out, symbol{name: kind, detail: clip(e.Value.Deref().Text), kind: protocol.SymbolKindConstant,
					span: item.Span, label: e.Key.Span})
				break
			}
		}
	}
	return out
}

func stepSymbols(a *model.Action) []symbol {
	var out []symbol
	for _, s := range a.Steps {
		if s.Key == nil {
			continue
		}
		out = append(out, symbol{name: s.Function(), detail: clip(s.ID), kind: protocol.SymbolKindFunction, span: s.Node.Span, label: s.Key.Span})
	}
	return out
}

// pairSpan is from the key of an entry to the end of its value as written.
func pairSpan(e yamldoc.Entry) source.Span {
	span := e.Key.Span
	if e.Value != nil && e.Via == nil && e.Value.Span.End > span.End {
		span.End = e.Value.Span.End
	}
	return span
}

// clip shortens a text for one line of an editor's list.
func clip(s string) string {
	const most = 80
	n := 0
	for i, r := range s {
		if r == '\n' || r == '\r' {
			return s[:i] + "…"
		}
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

// symbolTree writes the outline; the protocol wants every name, and every part, to lie inside the whole.
func symbolTree(d *document, all []symbol) []protocol.DocumentSymbol {
	out := make([]protocol.DocumentSymbol, 0, len(all))
	for _, s := range all {
		if !s.span.Covers(s.label) { // it came through an alias or a merge
			s.label = source.Span{Start: s.span.Start, End: s.span.Start}
		}
		name := s.name
		if name == "" {
			name = "(no name)"
		}
		one := protocol.DocumentSymbol{Name: name, Kind: s.kind, Range: d.rangeOf(s.span), SelectionRange: d.rangeOf(s.label)}
		if s.detail != "" {
			one.Detail = &s.detail
		}
		one.Children = symbolTree(d, s.kids)
		out = append(out, one)
	}
	return out
}

func flatSymbols(d *document, all []symbol, parent *string, out *[]protocol.SymbolInformation) {
	for _, s := range all {
		*out = append(*out, protocol.SymbolInformation{Name: s.name, Kind: s.kind, ContainerName: parent,
			Location: protocol.Location{URI: d.uri, Range: d.rangeOf(s.span)}})
		name := s.name
		flatSymbols(d, s.kids, &name, out)
	}
}
