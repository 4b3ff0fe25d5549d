package lsp

import (
	"context"
	"path/filepath"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// target is a place to go to.
type target struct {
	doc  *document
	span source.Span // all of the thing
	name source.Span // its name
}

// definition goes from an alias or a merge key to its anchor, from a placeholder to the step that gives its value, and from an
// entrypoint to the flow's def line.
func (s *Server) definition(ctx context.Context, snap *snapshot, d *document, p *protocol.DefinitionParams) (any, error) {
	if !d.isPrefect(snap.settings) {
		return nil, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	from, found := define(a, d.offset(p.Position))
	if len(found) == 0 {
		return nil, nil
	}
	if snap.client.definitionLinks {
		out := make([]protocol.LocationLink, 0, len(found))
		origin := d.rangeOf(from)
		for _, t := range found {
			out = append(out, protocol.LocationLink{OriginSelectionRange: &origin, TargetURI: t.doc.uri,
				TargetRange: t.doc.rangeOf(t.span), TargetSelectionRange: t.doc.rangeOf(t.name)})
		}
		return out, nil
	}
	out := make([]protocol.Location, 0, len(found))
	for _, t := range found {
		out = append(out, protocol.Location{URI: t.doc.uri, Range: t.doc.rangeOf(t.name)})
	}
	return out, nil
}

// define finds what the thing at off stands for, and the extent of that thing.
func define(a *analysis, off int) (source.Span, []target) {
	path := a.tree.NodeAt(off)
	if len(path) == 0 {
		return source.Span{}, nil
	}
	n := path[len(path)-1]
	if n.Kind == yamldoc.Alias {
		return n.Span, anchorOf(a, n)
	}
	if len(path) > 1 && n.Text == "<<" {
		if p := pairOf(path[len(path)-2], n); p != nil && p.Key == n {
			var out []target
			for _, alias := range append([]*yamldoc.Node{p.Value}, p.Value.Items...) {
				out = append(out, anchorOf(a, alias)...)
			}
			return n.Span, out
		}
	}
	if refs := referencesAt(a.model, off); len(refs) > 0 {
		var out []target
		seen := map[*model.Step]bool{}
		for _, l := range linksAt(a, off) {
			if step := l.Source; step != nil && !seen[step] {
				seen[step] = true
				name := step.Key.Span
				if l.ByID && step.IDNode != nil {
					name = step.IDNode.Span
				}
				out = append(out, target{a.doc, step.Node.Span, name})
			}
		}
		return refs[0].Span, out
	}
	if isEntrypoint(path) {
		return n.Span, flowOf(a, n.Text)
	}
	if flow, param := parameterAt(a, n); param != nil {
		return n.Span, []target{{flow, param.Name.Span, param.Name.Span}}
	}
	return n.Span, fileOf(a, n)
}

// parameterAt finds what a key under "parameters" is called in the flow, and the document it is in.
func parameterAt(a *analysis, key *yamldoc.Node) (*document, *pyflow.Param) {
	if a.facts == nil {
		return nil, nil
	}
	for _, d := range a.model.Deployments {
		given := d.Field("parameters")
		if !given.Set() {
			continue
		}
		for _, e := range given.Node().Entries() {
			if e.Key != key {
				continue
			}
			r := a.facts.Flow(d)
			if r.Flow == nil {
				return nil, nil
			}
			for i := range r.Flow.Params {
				if p := &r.Flow.Params[i]; p.Name.Text == key.KeyText() {
					return &document{uri: uriOf(onDisk(a.doc, r.File.Path)), file: r.File, enc: a.doc.enc}, p
				}
			}
		}
	}
	return nil, nil
}

// fileOf finds the file that a step's argument names, such as a Dockerfile.
func fileOf(a *analysis, n *yamldoc.Node) []target {
	if a.facts == nil || n.Kind != yamldoc.String {
		return nil
	}
	for _, step := range a.facts.Steps() {
		for _, name := range fileArguments {
			if e, ok := step.Arg(name); ok && e.Value.Deref() == n {
				if uri := fileLink(a.doc, step.Arg, n.Text); uri != "" {
					return []target{{doc: &document{uri: uri, file: source.New(n.Text, nil), enc: a.doc.enc}}}
				}
			}
		}
	}
	return nil
}

func anchorOf(a *analysis, alias *yamldoc.Node) []target {
	if alias.Kind != yamldoc.Alias || alias.Target == nil || alias.Target.Anchor == nil {
		return nil
	}
	at := alias.Target.Anchor.Span
	span := alias.Target.Span
	span.Start = min(span.Start, at.Start)
	span.End = max(span.End, at.End)
	return []target{{a.doc, span, at}}
}

// pairOf finds the pair of a mapping that holds n as its key or value.
func pairOf(m, n *yamldoc.Node) *yamldoc.Pair {
	for i := range m.Pairs {
		if p := &m.Pairs[i]; p.Key == n || p.Value == n {
			return p
		}
	}
	return nil
}

// referencesAt are the uses of the placeholder at off: one, or several when it is shared through aliases.
func referencesAt(m *model.File, off int) []*model.Reference {
	var out []*model.Reference
	for _, r := range m.References {
		if r.Span.Contains(off) {
			out = append(out, r)
		}
	}
	return out
}

// linksAt says what the placeholder at off stands for in each of its uses.
func linksAt(a *analysis, off int) []*model.Link {
	if a.facts == nil {
		return nil
	}
	var out []*model.Link
	for _, l := range a.facts.Links().All {
		if l.Span.Contains(off) {
			out = append(out, l)
		}
	}
	return out
}

// isEntrypoint reports whether a path of nodes ends at the value of a deployment's entrypoint.
func isEntrypoint(path []*yamldoc.Node) bool {
	if len(path) < 2 {
		return false
	}
	n := path[len(path)-1]
	p := pairOf(path[len(path)-2], n)
	return p != nil && p.Value == n && n.Kind == yamldoc.String && p.Key.Text == "entrypoint"
}

// flowOf finds the def line of an entrypoint's function, or the start of its file when the function is not there.
func flowOf(a *analysis, text string) []target {
	if a.facts == nil || template.Has(text) {
		return nil
	}
	r := a.facts.Flows.Load(text)
	if r.File == nil {
		return nil
	}
	doc := &document{uri: uriOf(onDisk(a.doc, r.File.Path)), file: r.File, enc: a.doc.enc}
	if r.Flow != nil && r.Flow.Function != nil {
		return []target{{doc, r.Flow.Function.Header, r.Flow.Function.Name.Span}}
	}
	for i := len(r.Code.Functions) - 1; i >= 0; i-- { // the last definition wins
		if f := r.Code.Functions[i]; f.Qualname == r.Function {
			return []target{{doc, f.Header, f.Name.Span}}
		}
	}
	return []target{{doc: doc}}
}

// onDisk is the name of a project's file, which the loader knows relative to the document's directory.
func onDisk(d *document, name string) string {
	if name = filepath.FromSlash(name); filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(d.path), name)
}
