package lsp

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pyflow"
)

// flowUser is a deployment that runs a flow of a Python file.
type flowUser struct {
	a          *analysis
	deployment *model.Deployment
}

func (u *flowUser) location() protocol.Location {
	return protocol.Location{URI: u.a.doc.uri, Range: u.a.doc.rangeOf(u.deployment.Field("entrypoint").Span())}
}

// flowUsers are the deployments whose entrypoint lies in a Python file, by function, in all prefect files of the workspace.
func (snap *snapshot) flowUsers(ctx context.Context, path string) (map[string][]flowUser, error) {
	docs, err := snap.everyPrefectDocument(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string][]flowUser{}
	for _, yaml := range docs {
		a, err := snap.analysis(ctx, yaml)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			continue // logged where the file is diagnosed
		}
		for _, dep := range a.model.Deployments {
			if r := a.facts.Flow(dep); r.File != nil && filepath.Clean(onDisk(yaml, r.File.Path)) == path {
				out[r.Function] = append(out[r.Function], flowUser{a, dep})
			}
		}
	}
	return out, nil
}

// flowReferences are the entrypoints that name a function, and its def line if that is wanted.
func (snap *snapshot) flowReferences(ctx context.Context, def target, function string, withDefinition bool) (any, error) {
	name, _ := pathOf(def.doc.uri)
	users, err := snap.flowUsers(ctx, name)
	if err != nil {
		return nil, err
	}
	out := []protocol.Location{}
	if withDefinition && def.name.Len() > 0 {
		out = append(out, protocol.Location{URI: def.doc.uri, Range: def.doc.rangeOf(def.name)})
	}
	for _, u := range users[function] {
		out = append(out, u.location())
	}
	return out, nil
}

// functionAt is the function whose def line or decorators a cursor is on, or nil.
func functionAt(m *pyflow.Module, off int) *pyflow.Function {
	for _, f := range m.Functions {
		span := f.Header
		for _, d := range f.Decorators {
			span.Start = min(span.Start, d.Span.Start-1)
		}
		if span.Start <= off && off <= span.End {
			return f
		}
	}
	return nil
}

// flowLenses names above each flow of a Python file the deployments whose entrypoint it is.
func flowLenses(ctx context.Context, snap *snapshot, d *document) (any, error) {
	out := []protocol.CodeLens{}
	users, err := snap.flowUsers(ctx, d.path)
	if err != nil {
		return nil, err
	}
	m := pyflow.Scan(d.file)
	last := map[string]int{}
	for i, f := range m.Functions {
		last[f.Qualname] = i // the last definition wins
	}
	for i, f := range m.Functions {
		fl, status := m.Lookup(f.Qualname)
		list := users[f.Qualname]
		if last[f.Qualname] != i || (status != pyflow.IsFlow || fl == nil) && len(list) == 0 {
			continue
		}
		at := f.Name.Span.Start
		command := &protocol.Command{Title: "no deployment"}
		if len(list) > 0 {
			var places []protocol.Location
			for _, u := range list {
				places = append(places, u.location())
			}
			command = snap.command(deploymentList(list), commandReferences, d.uri, d.position(at), places)
		}
		out = append(out, protocol.CodeLens{Range: lensAt(d, at), Command: command})
	}
	return out, nil
}

// deploymentList names deployments on one line.
func deploymentList(list []flowUser) string {
	const most = 3
	var names []string
	for _, u := range list {
		names = append(names, u.deployment.Label())
	}
	if n := len(names); n > most {
		return fmt.Sprintf("deployments: %s and %d more", strings.Join(names[:most], ", "), n-most)
	}
	return count(len(names), "deployment")[2:] + ": " + strings.Join(names, ", ")
}
