package lsp

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/sourcegraph/jsonrpc2"
	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

type renameRange struct {
	Range       protocol.Range `json:"range"`
	Placeholder string         `json:"placeholder"`
}

// prepareRename says what would be renamed, or why it cannot be.
func (s *Server) prepareRename(ctx context.Context, snap *snapshot, d *document, p *protocol.PrepareRenameParams) (any, error) {
	if !d.isPrefect(snap.settings) {
		return nil, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	t := thingAt(a, d.offset(p.Position))
	if t.kind == nothing {
		return nil, nil
	}
	if why := t.fixed(a); why != "" {
		return nil, failure(jsonrpc2.CodeInvalidRequest, why)
	}
	span := t.spots[t.at].span
	if text := d.file.Slice(span); len(text) > 1 && unquote(text) == t.name && text != t.name {
		span = source.Span{Start: span.Start + 1, End: span.End - 1}
	}
	return renameRange{d.rangeOf(span), t.name}, nil
}

// fixed says why a thing cannot be renamed, "" if it can.
func (t *thing) fixed(a *analysis) string {
	switch {
	case fatals(a.tree) > 0:
		return "the YAML cannot be read as it stands, so that uses might be missed: mend it first"
	case t.kind == stepOutput:
		return fmt.Sprintf("%s gives its outputs their names; only a step's id can be renamed", t.name)
	case t.kind == parameter:
		return fmt.Sprintf("%q is not defined in this file", t.name)
	case t.kind == flow:
		return "a flow is renamed in its Python file"
	case t.kind == deployment && t.scattered:
		return "the name is made by a template"
	case t.scattered:
		return fmt.Sprintf("%q is written with escapes somewhere, so it has to be renamed by hand", t.name)
	}
	return ""
}

func (s *Server) rename(ctx context.Context, snap *snapshot, d *document, p *protocol.RenameParams) (any, error) {
	if !d.isPrefect(snap.settings) {
		return nil, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	t := thingAt(a, d.offset(p.Position))
	if t.kind == nothing {
		return nil, failure(jsonrpc2.CodeInvalidRequest, "there is nothing here that can be renamed")
	}
	why := t.fixed(a)
	if why == "" {
		why = t.refuses(a, p.NewName)
	}
	if why != "" {
		return nil, failure(jsonrpc2.CodeInvalidRequest, why)
	}
	edits := t.renamed(a, p.NewName)
	if fatals(a.edit(edits)) > fatals(a.tree) {
		return nil, failure(jsonrpc2.CodeInvalidRequest, fmt.Sprintf("the YAML could not be read any more with the name %q", p.NewName))
	}
	var c *caution
	if t.kind == deployment {
		c = &caution{"Rename deployment " + t.name,
			"Prefect knows a deployment by its name: the next deploy creates a new one, and the old one stays on the server with its schedules and runs"}
	}
	return snap.workspaceEdit(d, edits, c), nil
}

var (
	anchorName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`) // what PyYAML takes
	idName     = regexp.MustCompile(`^[A-Za-z0-9_$-]+$`)
)

// refuses says why a thing cannot get a name, "" if it can.
func (t *thing) refuses(a *analysis, name string) string {
	switch t.kind {
	case anchor:
		if !anchorName.MatchString(name) {
			return fmt.Sprintf("%q cannot name an anchor; letters, digits, _ and - can", name)
		}
		for _, x := range a.tree.Anchors {
			if x.Name == name && name != t.name {
				return fmt.Sprintf("there is an anchor %q already, on line %d", name, a.doc.file.Position(x.Span.Start).Line)
			}
		}
	case stepID:
		if !idName.MatchString(name) || strings.HasPrefix(name, "$") {
			return fmt.Sprintf("%q cannot be a step's id in placeholders; letters, digits, _ and - can", name)
		}
		for _, s := range a.facts.Steps() {
			if s.ID == name && name != t.name {
				return fmt.Sprintf("there is a step with the id %q already, on line %d", name, a.doc.file.Position(s.IDNode.Span.Start).Line)
			}
		}
	case deployment:
		if strings.TrimSpace(name) == "" || strings.ContainsAny(name, "\r\n") {
			return "a deployment's name is a text on one line"
		}
	}
	return ""
}

// renamed writes the new name at each mention. Values keep their quotes, and get some where YAML would read another value.
func (t *thing) renamed(a *analysis, name string) []diag.Edit {
	var edits []diag.Edit
	for _, m := range t.spots {
		text := name
		if t.kind != anchor && m.writes {
			text = scalar(name, a.doc.file.Slice(m.span))
		}
		edits = append(edits, diag.Edit{Span: m.span, Text: text})
	}
	return edits
}

// scalar writes a text as YAML on one line, in the style of what it replaces where that can hold it.
func scalar(text, old string) string {
	switch {
	case strings.HasPrefix(old, "'") && isText("'"+strings.ReplaceAll(text, "'", "''")+"'", text):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case !strings.HasPrefix(old, `"`) && isText(text, text):
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\t", `\t`).Replace(text) + `"`
}

// isText reports whether YAML, in a flow mapping as well as in a block one, reads a text as the wanted string.
func isText(yaml, want string) bool {
	doc := yamldoc.Read(source.New("", []byte("{k: "+yaml+"}\n")))
	if len(doc.Problems) > 0 || doc.Root == nil || len(doc.Root.Pairs) != 1 {
		return false
	}
	v := doc.Root.Pairs[0].Value
	return v != nil && v.Kind == yamldoc.String && v.Text == want && v.Anchor == nil
}
