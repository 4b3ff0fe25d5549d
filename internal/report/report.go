package report

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/prefectc/prefectc/compiler"
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/schedule"
	"github.com/prefectc/prefectc/internal/render"
)

//go:embed page.html page.css page.js
var assets embed.FS

// Input is what a page is made of.
type Input struct {
	Files   []*compiler.Result // as Check gives them
	Plan    *Plan              // nil without one
	Now     time.Time
	Zone    *time.Location // of the dates on the page
	Version string         // of the program
}

// page is what the template sees.
type page struct {
	Title, Made, Zone, Version string
	CSS                        template.CSS
	JS                         template.JS
	Counts                     render.Counts
	Deployments                []deployment
	Graphs                     []template.HTML
	Findings                   []finding
	Lanes                      []laneView
	DayNames                   []string
	Clashes                    []clashView
	MoreClashes                int
	Cut, Vague                 string
	Plan                       *Plan
}

type deployment struct {
	Name, Entrypoint, Pool, Queue string
	Tags, Schedules               []string
	Next                          string // date for people, or why there is none
	NextKey                       int64  // to sort by
	Place                         string
	Worst                         string // severity of its gravest finding, "" without one
	Findings                      int
}

type finding struct{ Severity, Rule, URL, Message, Place, Deployment string }

// Write writes the page.
func Write(w io.Writer, in Input) error {
	t, err := template.New("page.html").ParseFS(assets, "page.html")
	if err != nil {
		return fmt.Errorf("the page's template: %w", err)
	}
	p, err := in.page()
	if err != nil {
		return err
	}
	return t.Execute(w, p)
}

func (in Input) page() (*page, error) {
	css, err := assets.ReadFile("page.css")
	if err != nil {
		return nil, err
	}
	js, err := assets.ReadFile("page.js")
	if err != nil {
		return nil, err
	}
	p := &page{Zone: in.Zone.String(), Made: in.Now.In(in.Zone).Format("Mon 2006-01-02 15:04 MST"), Version: in.Version, Plan: in.Plan,
		CSS: template.CSS(css), JS: template.JS(js)} //nolint:gosec // our own files
	var names []string
	var all []diag.Diagnostic
	t := &timeline{from: in.Now.In(in.Zone).Truncate(time.Hour), lanes: map[string]*lane{}}
	for _, r := range in.Files {
		names = append(names, r.Doc.File.Path)
		all = append(all, r.Diagnostics...)
		for _, d := range r.Model.Deployments {
			p.Deployments = append(p.Deployments, in.deployment(r, d, t))
		}
		if len(r.Model.Deployments) > 0 {
			var svg strings.Builder
			g := render.Graph{File: r.Doc.File.Path, Generation: int(r.Model.Generation), Graph: r.Facts.Links().Graph()}
			if err := g.SVG(&svg); err != nil {
				return nil, err
			}
			p.Graphs = append(p.Graphs, template.HTML(svg.String())) //nolint:gosec // drawn and escaped by us
		}
	}
	p.Title = strings.Join(names, ", ")
	if len(names) > 3 {
		p.Title = fmt.Sprintf("%d prefect files", len(names))
	}
	p.Counts = render.Count(len(in.Files), all)
	p.findings(all)
	p.timeline(t)
	return p, nil
}

func (in Input) deployment(r *compiler.Result, d *model.Deployment, t *timeline) deployment {
	file := r.Doc.File
	out := deployment{Name: d.Label(), Entrypoint: d.Entrypoint(), Place: fmt.Sprintf("%s:%d", file.Path, file.Position(d.Node.Span.Start).Line)}
	out.Pool, _ = d.WorkPool("name").Text()
	out.Queue, _ = d.WorkPool("work_queue_name").Text()
	if f := d.Field("tags"); f.Set() {
		for _, item := range f.Node().Items {
			if item = item.Deref(); item != nil {
				out.Tags = append(out.Tags, item.Text)
			}
		}
	}
	for i := range r.Diagnostics {
		if found := &r.Diagnostics[i]; found.Deployment != "" && found.Deployment == d.Name() {
			out.Findings++
			if out.Worst == "" { // they are looked at in the order of the file, so the gravest is not the first
				out.Worst = found.Severity.String()
			}
			if found.Severity == diag.Error {
				out.Worst = found.Severity.String()
			}
		}
	}
	in.schedules(&out, r, d, t)
	return out
}

// schedules says when a deployment runs, and counts its runs.
func (in Input) schedules(out *deployment, r *compiler.Result, d *model.Deployment, t *timeline) {
	paused := d.Field("paused")
	isPaused := paused.Set() && paused.Node().Scalar == true
	var next time.Time
	active := 0
	for _, item := range d.Schedules() {
		it := model.Timing(item, r.Model.Generation, in.Now)
		words := "decided by a template"
		if it != nil {
			words = scheduleWords(it)
		}
		if model.Inactive(item) {
			out.Schedules = append(out.Schedules, words+" (not active)")
			continue
		}
		out.Schedules = append(out.Schedules, words)
		active++
		switch {
		case isPaused:
		case it == nil:
			t.vague = append(t.vague, out.Name)
		default:
			t.add(cmp.Or(out.Pool, "no work pool"), out.Name, it)
			if dates, _ := it.Next(in.Now, 1); len(dates) > 0 && (next.IsZero() || dates[0].Before(next)) {
				next = dates[0]
			}
		}
	}
	out.NextKey = 1<<62 - 1
	switch {
	case isPaused:
		out.Next = "paused"
	case active == 0:
		out.Next = "no schedule"
	case next.IsZero():
		out.Next = "not known"
	default:
		out.Next, out.NextKey = next.In(in.Zone).Format("Mon 2006-01-02 15:04"), next.Unix()
	}
}

func scheduleWords(it *schedule.Item) string {
	words := it.Words()
	if words == "" {
		words = it.RRule.Text()
	}
	if it.Kind != schedule.KindInterval {
		words += ", " + it.Location.String()
	}
	return words
}

func (p *page) findings(all []diag.Diagnostic) {
	slices.SortStableFunc(all, func(a, b diag.Diagnostic) int { return cmp.Compare(a.Severity, b.Severity) })
	for i := range all {
		d := &all[i]
		at := d.File.Position(d.Span.Start)
		p.Findings = append(p.Findings, finding{Severity: d.Severity.String(), Rule: d.Rule, URL: d.URL, Message: d.Message,
			Place: fmt.Sprintf("%s:%d:%d", d.File.Path, at.Line, at.Column), Deployment: d.Deployment})
	}
}
