package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sourcegraph/jsonrpc2"
	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// kindFixAll is ours below the protocol's source.fixAll, so that users can turn it on or off for us alone.
const kindFixAll = "source.fixAll.prefectc"

// actionKinds are what the editor may ask for.
var actionKinds = []protocol.CodeActionKind{protocol.CodeActionKindQuickFix, protocol.CodeActionKindRefactor, protocol.CodeActionKindRefactorExtract,
	protocol.CodeActionKindRefactorInline, protocol.CodeActionKindRefactorRewrite, kindFixAll}

// action is an edit on offer. Its edits are made up only when they are wanted; none then means that it cannot be done.
type action struct {
	title     string
	kind      protocol.CodeActionKind
	preferred bool
	finding   *diag.Diagnostic // what it repairs, or nil
	edits     func(ctx context.Context) ([]diag.Edit, error)
}

// codeAction offers the fixes of the findings in a range, comments that ignore them, and what can be rewritten there.
func (s *Server) codeAction(ctx context.Context, snap *snapshot, d *document, p *protocol.CodeActionParams) (any, error) {
	out := []protocol.CodeAction{}
	if strings.HasSuffix(d.path, ".py") {
		return s.pythonActions(ctx, snap, d, p)
	}
	if !d.isPrefect(snap.settings) || !snap.client.actionLiterals {
		return out, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, one := range actions(ctx, snap, a, p) {
		item := protocol.CodeAction{Title: one.title, Kind: &one.kind}
		if one.preferred {
			item.IsPreferred = &one.preferred
		}
		if one.finding != nil {
			item.Diagnostics = []protocol.Diagnostic{toDiagnostic(snap, d, one.finding)}
		}
		if snap.client.actionResolve {
			item.Data = actionData{d.uri, d.version, p.Range, p.Context.Only, one.title}
		} else {
			edits, err := one.edits(ctx)
			if err != nil {
				return nil, err
			}
			if len(edits) == 0 {
				continue
			}
			item.Edit = snap.workspaceEdit(d, edits, nil)
		}
		out = append(out, item)
	}
	return out, nil
}

// actionData finds an action again when its edits are asked for.
type actionData struct {
	URI     string                    `json:"uri"`
	Version int32                     `json:"version"`
	Range   protocol.Range            `json:"range"`
	Only    []protocol.CodeActionKind `json:"only,omitempty"`
	Title   string                    `json:"title"`
}

func (s *Server) resolveAction(ctx context.Context, snap *snapshot, raw *protocol.CodeAction) (any, error) {
	var data actionData
	body, err := json.Marshal(raw.Data)
	if err != nil || json.Unmarshal(body, &data) != nil {
		return nil, failure(jsonrpc2.CodeInvalidParams, "data is not what this server sent")
	}
	d := snap.docs[data.URI]
	if d == nil || d.version != data.Version {
		return nil, failure(codeContentModified, "the document has changed since")
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, one := range actions(ctx, snap, a, &protocol.CodeActionParams{Range: data.Range, Context: protocol.CodeActionContext{Only: data.Only}}) {
		if one.title != data.Title {
			continue
		}
		edits, err := one.edits(ctx)
		if err != nil {
			return nil, err
		}
		if len(edits) == 0 {
			return nil, failure(jsonrpc2.CodeInvalidRequest, "this would leave the YAML unreadable or change what it means: it has to be done by hand")
		}
		raw.Edit = snap.workspaceEdit(d, edits, nil)
		return raw, nil
	}
	return nil, failure(codeContentModified, "there is no such action any more")
}

// actions lists what can be done in a range, quick fixes first.
func actions(ctx context.Context, snap *snapshot, a *analysis, p *protocol.CodeActionParams) []action {
	span := source.Span{Start: a.doc.offset(p.Range.Start), End: a.doc.offset(p.Range.End)}
	var out []action
	for i := range a.findings {
		f := &a.findings[i]
		if f.File.Path == a.doc.file.Path && touches(f.Span, span) {
			out = append(out, fixes(a, f)...)
		}
	}
	out = append(out, ignores(a, span)...)
	out = append(out, refactorings(a, span)...)
	if wanted(protocol.CodeActionKindRefactor, p.Context.Only) { // it looks for files
		out = append(out, creations(ctx, snap, a, span)...)
	}
	if fixable(a) && (snap.client.actionResolve || len(p.Context.Only) > 0) { // otherwise nobody asked, and it is much work
		out = append(out, action{title: "prefectc: apply all safe fixes", kind: kindFixAll,
			edits: func(ctx context.Context) ([]diag.Edit, error) { return fixAll(ctx, snap, a) }})
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(x action) bool {
		again := seen[x.title]
		seen[x.title] = true
		return again || !wanted(x.kind, p.Context.Only)
	})
}

// touches also holds for a cursor at either end.
func touches(a, b source.Span) bool { return a.Start <= b.End && b.Start <= a.End }

// wanted reports whether a kind, or one above it, is among those asked for; none means all.
func wanted(kind protocol.CodeActionKind, only []protocol.CodeActionKind) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(o protocol.CodeActionKind) bool {
		return o == kind || o == "" || strings.HasPrefix(string(kind), string(o)+".")
	})
}

// fixes offers what the compiler knows to do about a finding; the first safe fix is the one to prefer.
func fixes(a *analysis, f *diag.Diagnostic) []action {
	var out []action
	preferred := false
	for i := range f.Fixes {
		fix := &f.Fixes[i]
		if len(fix.Edits) == 0 {
			continue
		}
		title := fix.Title
		if !fix.Safe {
			title += " (may change what is deployed)"
		}
		out = append(out, action{title: title, kind: protocol.CodeActionKindQuickFix, preferred: fix.Safe && !preferred, finding: f,
			edits: func(context.Context) ([]diag.Edit, error) {
				if !a.readable(fix.Edits) {
					return nil, nil
				}
				return fix.Edits, nil
			}})
		preferred = preferred || fix.Safe
	}
	return out
}

// fixable reports whether any finding has a safe fix.
func fixable(a *analysis) bool {
	return slices.ContainsFunc(a.findings, func(f diag.Diagnostic) bool {
		return slices.ContainsFunc(f.Fixes, func(x diag.Fix) bool { return x.Safe && len(x.Edits) > 0 })
	})
}

// fixAll makes the edits that "prefectc fix" makes.
func fixAll(ctx context.Context, snap *snapshot, a *analysis) ([]diag.Edit, error) {
	c, err := compiler.Shared()
	if err != nil {
		return nil, err
	}
	project, _ := snap.config(ctx, c, a.doc)
	file, made, err := c.Fix(ctx, compiler.Input{File: a.doc.file, Generation: snap.settings.generation(), Config: project, Flows: snap.flows(a.doc)}, false)
	if err != nil || len(made) == 0 {
		return nil, err
	}
	if edits := lineEdits(a.doc.file, file.Text); a.readable(edits) {
		return edits, nil
	}
	return nil, nil
}

// ignores offers a comment for each rule that found something on the lines of a span.
func ignores(a *analysis, span source.Span) []action {
	var out []action
	for i := range a.findings {
		f := &a.findings[i]
		if f.File.Path != a.doc.file.Path || !touches(f.Span, span) {
			continue
		}
		out = append(out,
			action{title: fmt.Sprintf("ignore %s here", f.Rule), kind: protocol.CodeActionKindQuickFix, finding: f,
				edits: func(context.Context) ([]diag.Edit, error) { return ignoreHere(a, f), nil }},
			action{title: fmt.Sprintf("ignore %s in this file", f.Rule), kind: protocol.CodeActionKindQuickFix, finding: f,
				edits: func(context.Context) ([]diag.Edit, error) { return ignoreInFile(a, f), nil }})
	}
	return out
}

const ignoreStart = "# prefectc: ignore["

// ignoreHere adds a comment above the first line of a finding, or adds the rule to the one that is there. The reason is left to
// the user, behind the comment. Where the comment would speak for the whole file, it goes to the end of the line.
func ignoreHere(a *analysis, f *diag.Diagnostic) []diag.Edit {
	file := a.doc.file
	line := file.LineOf(f.Span.Start)
	if line > 0 {
		above := file.LineSpan(line - 1)
		text := file.Slice(above)
		blanks := len(text) - len(strings.TrimLeft(text, " "))
		if strings.HasPrefix(text[blanks:], ignoreStart) && line > topComments(a) {
			if end := strings.IndexByte(text, ']'); end > 0 {
				return a.comment(diag.Edit{Span: source.At(above.Start + end), Text: ", " + f.Rule}, above.Start+blanks)
			}
		}
	}
	own := file.LineSpan(line)
	text := file.Slice(own)
	comment := ignoreStart + f.Rule + "] "
	if line <= topComments(a) {
		return a.comment(diag.Edit{Span: source.At(own.End), Text: "  " + comment}, own.End+2)
	}
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	return a.comment(diag.Edit{Span: source.At(own.Start), Text: indent + comment + a.lineBreak()}, own.Start+len(indent))
}

// ignoreInFile adds a comment on the first line.
func ignoreInFile(a *analysis, f *diag.Diagnostic) []diag.Edit {
	if strings.HasPrefix(string(a.doc.file.Text), "\ufeff") {
		return nil // a comment behind it is not seen as the first thing of the file
	}
	return a.comment(diag.Edit{Span: source.At(0), Text: ignoreStart + f.Rule + "] " + a.lineBreak()}, 0)
}

// topComments is how many lines the comments take up that open the file and speak for all of it.
func topComments(a *analysis) int {
	n := 0
	for _, c := range a.tree.Comments {
		line := a.doc.file.LineOf(c.Start)
		if line != n || !blank(a.doc.file.Slice(source.Span{Start: a.doc.file.LineStart(line), End: c.Start})) {
			break
		}
		n++
	}
	return n
}

// comment is an edit that writes a comment, unless the text there is part of something else.
func (a *analysis) comment(e diag.Edit, at int) []diag.Edit {
	next := a.edit([]diag.Edit{e})
	if fatals(next) > fatals(a.tree) || !slices.ContainsFunc(next.Comments, func(s source.Span) bool { return s.Start == at }) {
		return nil
	}
	return []diag.Edit{e}
}

// lineBreak is how the document ends its lines.
func (a *analysis) lineBreak() string {
	if strings.Contains(string(a.doc.file.Text[:min(len(a.doc.file.Text), 1<<16)]), "\r\n") {
		return "\r\n"
	}
	return "\n"
}
