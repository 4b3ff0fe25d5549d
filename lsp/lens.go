package lsp

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/sourcegraph/jsonrpc2"
	protocol "github.com/tliron/glsp/protocol_3_16"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
)

// Commands that an editor may have. It lists those it has as capabilities.experimental.commands; the lenses of the others are text.
const (
	commandPlan       = "prefectc.plan"           // URI, deployment's name, its index: the name may be another when the lens is clicked
	commandReferences = "prefectc.showReferences" // URI, position, locations
)

// lensData finds the deployment whose next run is asked for once its lens is on screen.
type lensData struct {
	URI        string `json:"uri"`
	Version    int32  `json:"version"`
	Deployment int    `json:"deployment"`
}

// codeLens shows above a deployment a way to plan it and its next run, above an anchor and a step how often they are used, and in
// Python above a flow the deployments that run it.
func (s *Server) codeLens(ctx context.Context, snap *snapshot, d *document, _ *protocol.CodeLensParams) (any, error) {
	out := []protocol.CodeLens{}
	if strings.HasSuffix(d.path, ".py") {
		return flowLenses(ctx, snap, d)
	}
	if !d.isPrefect(snap.settings) {
		return out, nil
	}
	a, err := snap.analysis(ctx, d)
	if err != nil {
		return nil, err
	}
	for i, dep := range a.model.Deployments {
		at := lensAt(d, dep.Node.Span.Start)
		if name := dep.Name(); name != "" && !template.Has(name) && contains(snap.client.commands, commandPlan) {
			out = append(out, protocol.CodeLens{Range: at, Command: snap.command("plan", commandPlan, d.uri, name, i)})
		}
		if len(dep.Schedules()) > 0 {
			out = append(out, protocol.CodeLens{Range: at, Data: lensData{d.uri, d.version, i}})
		}
	}
	for _, x := range a.tree.Anchors {
		out = append(out, usesLens(snap, a, x.Span, anchorThing(x)))
	}
	return append(out, stepLenses(snap, a)...), nil
}

// stepLenses counts the placeholders of each step that some name.
func stepLenses(snap *snapshot, a *analysis) []protocol.CodeLens {
	type uses struct {
		step  *model.Step
		spots map[source.Span]bool
	}
	at := map[source.Span]*uses{}
	var order []*uses
	for _, l := range a.facts.Links().All {
		if l.Source == nil || l.Source.Key == nil || l.Status != model.Linked {
			continue
		}
		u := at[l.Source.Key.Span]
		if u == nil {
			u = &uses{l.Source, map[source.Span]bool{}}
			at[l.Source.Key.Span] = u
			order = append(order, u)
		}
		u.spots[l.NameSpan] = true
	}
	var out []protocol.CodeLens
	for _, u := range order {
		t := thing{}
		for span := range u.spots {
			t.spots = append(t.spots, mention{span, span, false})
		}
		out = append(out, usesLens(snap, a, u.step.Key.Span, t))
	}
	return out
}

func usesLens(snap *snapshot, a *analysis, span source.Span, t thing) protocol.CodeLens {
	locations := []protocol.Location{}
	for _, m := range t.sorted() {
		if !m.writes {
			locations = append(locations, protocol.Location{URI: a.doc.uri, Range: a.doc.rangeOf(m.span)})
		}
	}
	return protocol.CodeLens{Range: lensAt(a.doc, span.Start),
		Command: snap.command(count(len(locations), "use"), commandReferences, a.doc.uri, a.doc.position(span.Start), locations)}
}

// lensAt is an empty range; a lens takes the line above it.
func lensAt(d *document, off int) protocol.Range {
	at := d.position(off)
	return protocol.Range{Start: at, End: at}
}

// command is something to click on if the editor has the command, else only text.
func (snap *snapshot) command(title, name string, args ...any) *protocol.Command {
	if !contains(snap.client.commands, name) {
		return &protocol.Command{Title: title}
	}
	return &protocol.Command{Title: title, Command: name, Arguments: args}
}

func (s *Server) resolveLens(ctx context.Context, snap *snapshot, lens *protocol.CodeLens) (any, error) {
	var data lensData
	body, err := json.Marshal(lens.Data)
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
	if data.Deployment < 0 || data.Deployment >= len(a.model.Deployments) {
		return nil, failure(jsonrpc2.CodeInvalidParams, "there is no such deployment")
	}
	lens.Command = &protocol.Command{Title: nextRun(a, a.model.Deployments[data.Deployment], s.now())}
	return lens, nil
}

// nextRun is the first date of all active schedules of a deployment.
func nextRun(a *analysis, d *model.Deployment, now time.Time) string {
	if paused := d.Field("paused"); paused.Set() && paused.Node().Scalar == true {
		return "paused"
	}
	first, unclear, active := "", false, 0
	var best time.Time
	for _, item := range d.Schedules() {
		if model.Inactive(item) {
			continue
		}
		active++
		it := model.Timing(item, a.model.Generation, now)
		if it == nil {
			unclear = true
			continue
		}
		dates, err := it.Next(now, 1)
		if len(dates) == 0 {
			unclear = unclear || err != nil
			continue
		}
		if first == "" || dates[0].Before(best) {
			best, first = dates[0], dateText(dates[0].In(it.Location))
		}
	}
	switch {
	case active == 0:
		return "no active schedule"
	case first == "" && unclear:
		return "next run not known"
	case first == "":
		return "no more runs"
	case unclear:
		return "next run " + first + " or sooner"
	}
	return "next run " + first
}
