package lsp

import (
	"context"
	"path"
	"path/filepath"
	"strings"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// inlayHints shows what is not written: the value behind an alias or a placeholder, the keys a merge brings, a schedule in words, the pull step that
// Prefect makes up.
func (s *Server) inlayHints(ctx context.Context, snap *snapshot, d *document, p *inlayHintParams) (any, error) {
	out := []inlayHint{}
	if !d.isPrefect(snap.settings) {
		return out, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	h := hinter{a: a, within: source.Span{Start: d.offset(p.Range.Start), End: d.offset(p.Range.End)}, seen: map[int]bool{}}
	h.aliases()
	h.placeholders()
	for _, dep := range a.model.Deployments {
		h.pull(dep)
		for _, item := range dep.Schedules() {
			h.timing(item)
		}
	}
	return h.out, nil
}

type hinter struct {
	a      *analysis
	within source.Span
	seen   map[int]bool // offsets that have a hint
	out    []inlayHint
}

func (h *hinter) add(off int, label string) {
	if label != "" && !h.seen[off] {
		h.seen[off] = true
		h.out = append(h.out, inlayHint{Position: h.a.doc.position(off), Label: label, PaddingLeft: true})
	}
}

func (h *hinter) aliases() {
	for _, anchor := range h.a.tree.Anchors {
		for _, use := range anchor.Uses {
			if !h.within.Contains(use.Span.End) {
				continue
			}
			path := h.a.tree.NodeAt(use.Span.Start)
			if p := pairOf(path[max(0, len(path)-2)], use); p != nil && p.Key.IsMerge() {
				h.add(use.Span.End, h.brings(path[len(path)-2], use))
			} else {
				h.add(use.Span.End, brief(use, 3))
			}
		}
	}
}

// placeholders shows outputs of steps that follow from what the file says, where they are the same for all deployments.
func (h *hinter) placeholders() {
	links := h.a.facts.Links()
	values := map[source.Span]value.Value{}
	var order []source.Span
	for _, l := range links.All {
		if l.Status != model.Linked || !h.within.Contains(l.Span.End) {
			continue
		}
		v, known, _ := links.Value(l)
		if old, seen := values[l.Span]; !seen {
			order = append(order, l.Span)
		} else if !known || !value.Equal(old, v) {
			known = false
		}
		if values[l.Span] = v; !known {
			values[l.Span] = nil
		}
	}
	for _, span := range order {
		if v := values[span]; v != nil {
			h.add(span.End, "= "+brevity(v))
		}
	}
}

// brings names the keys that a merge adds to a mapping.
func (h *hinter) brings(m, alias *yamldoc.Node) string {
	var keys []string
	for _, e := range m.Entries() {
		if e.Via == alias {
			keys = append(keys, e.Key.KeyText())
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return "adds " + clip(strings.Join(keys, ", "))
}

// brief is the data of a node on one short line.
func brief(n *yamldoc.Node, depth int) string {
	if n = n.Deref(); n == nil {
		return ""
	}
	const most = 4
	var parts []string
	open, shut := "{", "}"
	switch n.Kind {
	case yamldoc.Mapping:
		for _, e := range n.Entries() {
			parts = append(parts, e.Key.KeyText()+": "+inner(e.Value, depth))
		}
	case yamldoc.Sequence:
		open, shut = "[", "]"
		for _, item := range n.Items {
			parts = append(parts, inner(item, depth))
		}
	case yamldoc.String:
		return clip(n.Text)
	case yamldoc.Null:
		return "null"
	default:
		return clip(value.Str(n.Scalar))
	}
	if len(parts) > most {
		parts = append(parts[:most], "…")
	}
	return clip(open + strings.Join(parts, ", ") + shut)
}

func inner(n *yamldoc.Node, depth int) string {
	if depth <= 1 {
		return "…"
	}
	return brief(n, depth-1)
}

func (h *hinter) timing(item *yamldoc.Node) {
	for _, kind := range []string{schedule.KindCron, schedule.KindInterval, schedule.KindRRule} {
		e, ok := item.Get(kind)
		if !ok || e.Value.Deref() == nil {
			continue
		}
		if end := e.Value.Deref().Span.End; h.within.Contains(end) && !h.seen[end] {
			h.add(end, fieldWords(kind, e.Value.Deref(), h.a.model.Generation))
		}
		return
	}
}

// fieldWords puts the value of one schedule field into words.
func fieldWords(kind string, n *yamldoc.Node, g schema.Generation) string {
	switch kind {
	case schedule.KindCron:
		if c, err := schedule.ParseCron(n.Text, int(g)); err == nil {
			return c.Words()
		}
	case schedule.KindInterval:
		if s, err := schedule.ParseInterval(n.Scalar, int(g)); err == nil && s >= 60 {
			return schedule.IntervalWords(s)
		}
	case schedule.KindRRule:
		if _, err := schedule.ParseRRule(n.Text, int(g)); err == nil {
			return schedule.RRuleWords(n.Text)
		}
	}
	return ""
}

// pull shows the step that Prefect registers for a deployment without one; see plan for where that comes from.
func (h *hinter) pull(d *model.Deployment) {
	name := d.Field("name")
	if !name.Set() || !h.within.Contains(name.Span().End) || !d.Node.Span.Covers(name.Span()) ||
		d.Effective(model.Pull) != nil || d.PullDisabled() || !h.a.doc.onDisk {
		return
	}
	if dir := defaultDirectory(h.a, d); dir != "" {
		h.add(name.Span().End, "pull: set_working_directory "+dir)
	}
}

// Where images keep the project, and the step that builds them.
const (
	imageRoot  = "/opt/prefect"
	buildImage = "prefect_docker.deployments.steps.build_docker_image"
)

// defaultDirectory is where a deployment without a pull step runs; "" when no step is made for it.
func defaultDirectory(a *analysis, d *model.Deployment) string {
	dir := filepath.Dir(a.doc.path)
	build := a.model.FileAction(model.Build)
	if own := d.Own(model.Build); own != nil && len(own.Steps) > 0 {
		build = own
	}
	if build != nil {
		for _, s := range build.Steps {
			if s.Function() != buildImage {
				continue
			}
			if file, ok := s.Arg("dockerfile"); ok && file.Value.Deref() != nil && file.Value.Deref().Text == "auto" {
				return path.Join(imageRoot, filepath.Base(dir))
			}
			return ""
		}
	}
	if a.model.Generation == schema.Prefect3 {
		if vars := d.WorkPool("job_variables"); vars.Set() {
			if image, ok := vars.Node().Get("image"); ok && image.Value.Deref() != nil && image.Value.Deref().Text != "" {
				return imageRoot
			}
		}
	}
	return dir
}
