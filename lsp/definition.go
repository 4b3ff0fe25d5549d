package lsp

import (
	"context"
	"path/filepath"
	"strings"

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
	from, found := define(snap, a, d.offset(p.Position))
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
func define(snap *snapshot, a *analysis, off int) (source.Span, []target) {
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
		seen := map[*yamldoc.Node]bool{}
		for _, r := range refs {
			if step := giver(a.model, r); step != nil && !seen[step.IDNode] {
				seen[step.IDNode] = true
				out = append(out, target{a.doc, step.Node.Span, step.IDNode.Span})
			}
		}
		return refs[0].Span, out
	}
	if isEntrypoint(path) {
		return n.Span, flowOf(snap, a.doc, n.Text)
	}
	return source.Span{}, nil
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

// giver is the step with an id that a placeholder names, if it runs where the placeholder can see it.
func giver(m *model.File, r *model.Reference) *model.Step {
	if r.Kind != template.Standard {
		return nil
	}
	id := template.SplitPath(r.Name)[0]
	var found *model.Step
	for _, s := range visibleSteps(m, r.Deployment, r.Section, r.Step) {
		if s.ID == id && s.IDNode != nil {
			found = s // the last one wins, as in Prefect
		}
	}
	return found
}

// visibleSteps are the steps whose outputs are known at a place, in the order in which they run. A nil deployment is the
// file's own action, which sees the file's steps.
func visibleSteps(m *model.File, d *model.Deployment, section model.Section, until *model.Step) []*model.Step {
	var out []*model.Step
	for _, s := range model.Actions {
		if s == model.Pull && section != model.Pull {
			break
		}
		act := m.Action(s)
		if d != nil {
			act = d.Effective(s)
		}
		if act != nil {
			for _, one := range act.Steps {
				if one == until {
					return out
				}
				out = append(out, one)
			}
		}
		if s == section {
			break
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

// entrypoint splits an entrypoint as Prefect does, into the candidates for its file and the function's name.
func entrypoint(text string) (files []string, function string) {
	at := strings.LastIndexByte(text, ':')
	if at < 0 {
		at = strings.LastIndexByte(text, '.')
	}
	if at <= 0 {
		return nil, ""
	}
	left, function := text[:at], text[at+1:]
	if strings.Contains(text, ".py:") {
		return []string{filepath.FromSlash(left)}, function
	}
	name := filepath.FromSlash(strings.ReplaceAll(left, ".", "/"))
	return []string{name + ".py", filepath.Join(name, "__init__.py")}, function
}

// bases are the directories an entrypoint may be relative to: the file's own, then the workspace folders.
func (s *snapshot) bases(d *document) []string {
	var out []string
	if d.onDisk {
		out = append(out, filepath.Dir(d.path))
	}
	return append(out, s.folders...)
}

// flowOf finds the def line of an entrypoint's function, or the start of its file when the function is not there.
func flowOf(snap *snapshot, d *document, text string) []target {
	if template.Has(text) {
		return nil
	}
	files, function := entrypoint(text)
	for _, base := range snap.bases(d) {
		for _, name := range files {
			if !filepath.IsAbs(name) {
				name = filepath.Join(base, name)
			}
			if doc := snap.fileAt(filepath.Clean(name)); doc != nil {
				return []target{flowIn(doc, function)}
			}
		}
	}
	return nil
}

func flowIn(doc *document, function string) target {
	m := pyflow.Scan(doc.file)
	if fl, _ := m.Lookup(function); fl != nil && fl.Function != nil {
		return target{doc, fl.Function.Header, fl.Function.Name.Span}
	}
	for i := len(m.Functions) - 1; i >= 0; i-- { // the last definition wins
		if m.Functions[i].Qualname == function {
			return target{doc, m.Functions[i].Header, m.Functions[i].Name.Span}
		}
	}
	return target{doc: doc}
}
