package lsp

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// maxCreate is how many flows without a deployment are offered at once.
const maxCreate = 5

// pythonActions offers to create a deployment for the flow at the start of a range, in the nearest prefect file above it.
func (s *Server) pythonActions(ctx context.Context, snap *snapshot, d *document, p *protocol.CodeActionParams) (any, error) {
	out := []protocol.CodeAction{}
	kind := protocol.CodeActionKindRefactor
	if !snap.client.actionLiterals || !wanted(kind, p.Context.Only) || !d.onDisk {
		return out, nil
	}
	m := pyflow.Scan(d.file)
	f := functionAt(m, d.offset(p.Range.Start))
	if f == nil {
		return out, nil
	}
	fl, status := m.Lookup(f.Qualname)
	if status != pyflow.IsFlow || fl == nil || fl.Function != f {
		return out, nil
	}
	edit, where, err := snap.createDeployment(ctx, d, fl)
	if err != nil || edit == nil {
		return out, err
	}
	title := fmt.Sprintf("create a deployment of %s in %s", fl.Qualname, where)
	return append(out, protocol.CodeAction{Title: title, Kind: &kind, Edit: edit}), nil
}

// createDeployment is the edit that adds a deployment of a flow, and the name of the file it goes to.
func (snap *snapshot) createDeployment(ctx context.Context, d *document, fl *pyflow.Flow) (*protocol.WorkspaceEdit, string, error) {
	yaml, err := snap.nearestPrefectFile(ctx, d.path)
	if err != nil {
		return nil, "", err
	}
	if yaml == nil {
		return snap.createFile(d, fl)
	}
	a, err := snap.analysis(ctx, yaml)
	if err != nil {
		return nil, "", err
	}
	rel, err := filepath.Rel(filepath.Dir(yaml.path), d.path)
	if err != nil {
		return nil, "", nil // on another drive: no entrypoint leads there
	}
	edits := newDeployment(a, fl, filepath.ToSlash(rel))
	if edits == nil {
		return nil, "", nil
	}
	return snap.workspaceEdit(yaml, edits, nil), snap.shown(yaml.path), nil
}

// shown is a file's name from its workspace folder.
func (snap *snapshot) shown(path string) string {
	if rel, err := filepath.Rel(snap.folderOf(path), path); err == nil {
		return filepath.ToSlash(rel)
	}
	return filepath.Base(path)
}

// folderOf is the workspace folder that a file is in, else its directory.
func (snap *snapshot) folderOf(path string) string {
	best := ""
	for _, f := range snap.folders {
		if len(f) > len(best) && strings.HasPrefix(path, filepath.Clean(f)+string(filepath.Separator)) {
			best = filepath.Clean(f)
		}
	}
	if best == "" {
		return filepath.Dir(path)
	}
	return best
}

// nearestPrefectFile is the one in the directory of a Python file or in the next above it, up to the workspace folder; nil
// without one.
func (snap *snapshot) nearestPrefectFile(ctx context.Context, path string) (*document, error) {
	docs, err := snap.everyPrefectDocument(ctx)
	if err != nil {
		return nil, err
	}
	top := snap.folderOf(path)
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		var best *document
		for _, d := range docs {
			if d.onDisk && filepath.Dir(d.path) == dir && (best == nil || len(d.path) < len(best.path)) {
				best = d // of prefect.yaml and prefect-dev.yaml the first
			}
		}
		if best != nil || dir == top || dir == filepath.Dir(dir) {
			return best, nil
		}
	}
}

// createFile is the edit that makes a prefect.yaml with a deployment, if the editor can create files.
func (snap *snapshot) createFile(d *document, fl *pyflow.Flow) (*protocol.WorkspaceEdit, string, error) {
	dir := snap.folderOf(d.path)
	rel, err := filepath.Rel(dir, d.path)
	if !snap.client.createFiles || err != nil {
		return nil, "", nil
	}
	name := filepath.Join(dir, "prefect.yaml")
	empty := &document{uri: uriOf(name), path: name, file: source.New(name, nil), enc: snap.enc}
	text := "deployments:\n" + deploymentText(fl, deploymentName(fl), filepath.ToSlash(rel), "", "  ", "\n")
	edit := snap.workspaceEdit(empty, []diag.Edit{{Text: text}}, nil)
	edit.DocumentChanges = append([]any{protocol.CreateFile{Kind: "create", URI: empty.uri}}, edit.DocumentChanges...)
	return edit, "a new prefect.yaml", nil
}

// newDeployment adds a deployment at the end of the list; nil where the list is not written as a block.
func newDeployment(a *analysis, fl *pyflow.Flow, file string) []diag.Edit {
	f, eol := a.doc.file, a.lineBreak()
	text := func(indent string) string {
		return deploymentText(fl, freeDeploymentName(a, fl), file, poolText(a, indent, eol), indent, eol)
	}
	var e diag.Edit
	pair := deploymentsPair(a)
	switch {
	case pair == nil:
		end := len(f.Text)
		e = diag.Edit{Span: source.At(end), Text: "deployments:" + eol + text("  ")}
		if end > 0 && f.Text[end-1] != '\n' {
			e.Text = eol + e.Text
		}
	case pair.Value == nil || pair.Value.Kind == yamldoc.Null, pair.Value.Style == yamldoc.Flow && len(pair.Value.Items) == 0:
		colon := pair.Key.Span.End + strings.IndexByte(f.Slice(source.Span{Start: pair.Key.Span.End, End: len(f.Text)}), ':') + 1
		e = diag.Edit{Span: source.Span{Start: colon, End: max(colon, pair.Span.End)}, Text: eol + strings.TrimSuffix(text("  "), eol)}
	case pair.Value.Kind == yamldoc.Sequence && pair.Value.Style == yamldoc.Block && len(pair.Value.Items) > 0:
		items := pair.Value.Items
		first := f.Slice(f.LineSpan(f.LineOf(items[0].Span.Start)))
		dash := strings.IndexByte(first, '-')
		if dash < 0 || !blank(first[:dash]) {
			return nil
		}
		end := items[len(items)-1].Span.End
		line := f.LineOf(end)
		if end == f.LineStart(line) && line > 0 {
			line-- // it ends with its line break
		}
		e = diag.Edit{Span: source.At(len(f.Text)), Text: text(first[:dash])}
		if line+1 < f.Lines() {
			e.Span = source.At(f.LineStart(line + 1))
		} else if f.Text[len(f.Text)-1] != '\n' {
			e.Text = eol + e.Text
		}
	default:
		return nil
	}
	if edits := []diag.Edit{e}; a.readable(edits) {
		return edits
	}
	return nil
}

func deploymentsPair(a *analysis) *yamldoc.Pair {
	if a.tree.Root == nil {
		return nil
	}
	for i := range a.tree.Root.Pairs {
		if p := &a.tree.Root.Pairs[i]; p.Key.KeyText() == "deployments" {
			return p
		}
	}
	return nil
}

// deploymentText is a new deployment as an item of a list. What its flow cannot do without is left to the user to give.
func deploymentText(fl *pyflow.Flow, name, file, pool, indent, eol string) string {
	lines := []string{indent + "- name: " + scalar(name, ""), indent + "  entrypoint: " + scalar(file+":"+fl.Qualname, "")}
	var required []string
	for _, p := range fl.Params {
		if !p.Default.Present() && p.Kind != pyflow.VarPositional && p.Kind != pyflow.VarKeyword {
			required = append(required, p.Name.Text)
		}
	}
	if len(required) > 0 {
		lines = append(lines, indent+"  parameters: {} # give "+strings.Join(required, ", "))
	}
	return strings.Join(lines, eol) + eol + pool
}

func deploymentName(fl *pyflow.Flow) string {
	return strings.ReplaceAll(fl.Qualname[strings.LastIndexByte(fl.Qualname, '.')+1:], "_", "-")
}

func freeDeploymentName(a *analysis, fl *pyflow.Flow) string {
	base := deploymentName(fl)
	name := base
	for i := 2; ; i++ {
		taken := false
		for _, d := range a.model.Deployments {
			taken = taken || d.Name() == name
		}
		if !taken {
			return name
		}
		name = fmt.Sprintf("%s-%d", base, i)
	}
}

// poolText is the work pool of the last deployment that has one, for the next.
func poolText(a *analysis, indent, eol string) string {
	for _, d := range slices.Backward(a.model.Deployments) {
		field := d.Field("work_pool")
		if !field.Set() || field.Via != nil {
			continue
		}
		if raw := field.Value; raw.Kind == yamldoc.Alias {
			return indent + "  work_pool: " + a.doc.file.Slice(raw.Span) + eol
		}
		if name, ok := d.WorkPool("name").Text(); ok && name != "" {
			return indent + "  work_pool:" + eol + indent + "    name: " + scalar(name, "") + eol
		}
	}
	return ""
}

// creations offers deployments for flows that have none, at the key of the list.
func creations(ctx context.Context, snap *snapshot, a *analysis, span source.Span) []action {
	pair := deploymentsPair(a)
	if pair == nil || !touches(pair.Key.Span, span) || !a.doc.onDisk {
		return nil
	}
	used := map[string]bool{}
	for _, d := range a.model.Deployments {
		if r := a.facts.Flow(d); r.File != nil {
			used[filepath.Clean(onDisk(a.doc, r.File.Path))+":"+r.Function] = true
		}
	}
	var out []action
	for at, fl := range snap.projectFlows(ctx, filepath.Dir(a.doc.path)) {
		if used[filepath.Join(filepath.Dir(a.doc.path), filepath.FromSlash(at))+":"+fl.Qualname] {
			continue
		}
		out = append(out, action{title: "create a deployment of " + at + ":" + fl.Qualname, kind: protocol.CodeActionKindRefactor,
			edits: func(context.Context) ([]diag.Edit, error) { return newDeployment(a, fl, at), nil }})
		if len(out) == maxCreate {
			break
		}
	}
	return out
}
