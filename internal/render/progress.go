package render

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/executor"
	"github.com/prefectc/prefectc/plan"
)

// Progress writes what an apply is doing: a line for each thing, as it happens, and on a terminal below them what is under way.
type Progress struct {
	w     io.Writer
	color bool

	mu   sync.Mutex
	live *live // nil where lines are all there is
}

// NewProgress makes one for a log.
func NewProgress(w io.Writer, color bool) *Progress { return &Progress{w: w, color: color} }

// NewLiveProgress makes one for a terminal of so many columns. Close must be called before anything else is written there.
func NewLiveProgress(w io.Writer, color bool, columns int) *Progress {
	p := NewProgress(w, color)
	p.live = newLive(p, columns)
	return p
}

// Begin says how many deployments there are.
func (p *Progress) Begin(deployments int) {
	if p.live != nil {
		p.live.begin(deployments)
	}
}

// Close takes away what was shown as under way.
func (p *Progress) Close() {
	if p.live != nil {
		p.live.close()
	}
}

func (p *Progress) line(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := fmt.Sprintf(format, args...) + "\n"
	if p.live != nil {
		text = p.live.around(text)
	}
	_, _ = io.WriteString(p.w, text)
}

// StepStarted says that a step runs, or that its result is taken over.
func (p *Progress) StepStarted(d *plan.Deployment, s *plan.Step, shared bool) {
	c := palette(p.color)
	if shared {
		return // it was said when it ran
	}
	p.live.started(d, s)
	p.line("%s%s%s %s %s(for %s)%s", c.bold, stepName(s), c.reset, s.Section, c.line, d.Name(), c.reset)
}

// StepOutput passes a line of a step on. Lines of steps that run at the same time are mixed, so each says where it is from.
func (p *Progress) StepOutput(d *plan.Deployment, s *plan.Step, line string) {
	c := palette(p.color)
	p.line("  %s%s %s |%s %s", c.dim, d.Name(), stepName(s), c.reset, line)
}

// StepDone says how long a step took when that is worth saying.
func (p *Progress) StepDone(d *plan.Deployment, s *plan.Step, took time.Duration, err error) {
	c := palette(p.color)
	p.live.ended(d, s)
	switch {
	case err != nil:
		p.line("  %s%s %s failed%s after %s", c.red, d.Name(), stepName(s), c.reset, took.Round(time.Millisecond))
	case took >= time.Second:
		p.line("  %s %s done in %s", d.Name(), stepName(s), took.Round(100*time.Millisecond))
	}
}

// Registered is heard for each deployment; the table at the end says the same.
func (p *Progress) Registered(executor.Result) { p.live.registered() }

func stepName(s *plan.Step) string {
	if s.ID != "" {
		return s.ID
	}
	return s.Path[strings.LastIndexAny(s.Path, ".:")+1:]
}

// Results writes the table at the end of an apply.
func Results(w io.Writer, results []executor.Result, color bool) error {
	c := palette(color)
	width := 0
	for _, r := range results {
		width = max(width, columns(r.Deployment.FullName()))
	}
	var b strings.Builder
	n := map[string]int{}
	for _, r := range results {
		word, tone := outcome(r, c)
		n[word]++
		name := r.Deployment.FullName()
		fmt.Fprintf(&b, "%s%-9s%s  %s%s  %s\n", tone, word, c.reset, name, strings.Repeat(" ", width-columns(name)), remark(r))
	}
	var parts []string
	for _, word := range []string{"created", "updated", "deleted", "unchanged", "left", "skipped", "failed"} {
		if n[word] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[word], word))
		}
	}
	if len(parts) == 0 {
		parts = []string{"no deployments"}
	}
	fmt.Fprintf(&b, "%s\n", strings.Join(parts, ", "))
	_, err := io.WriteString(w, b.String())
	return err
}

func outcome(r executor.Result, c colors) (word, tone string) {
	switch {
	case r.Err != nil:
		return "failed", c.red
	case r.Resumed:
		return "skipped", c.dim
	case r.Deployment.Left:
		return "left", c.dim
	case r.Action == plan.Delete:
		return "deleted", c.red
	case r.Action == plan.Create:
		return "created", c.green
	case r.Action == plan.Update:
		return "updated", c.yellow
	}
	return "unchanged", ""
}

// remark is the reason of a failure, or what was changed.
func remark(r executor.Result) string {
	if r.Err != nil {
		return strings.ReplaceAll(strings.TrimSpace(r.Err.Error()), "\n", "\n             ")
	}
	if r.Resumed {
		return "done by the apply before"
	}
	if r.Deployment.Left {
		return strings.Join(r.Deployment.Notes(), "; ")
	}
	if r.Action == plan.Update {
		var paths []string
		for _, ch := range r.Changes {
			if head, _, _ := strings.Cut(ch.Path, "."); len(paths) == 0 || paths[len(paths)-1] != head {
				paths = append(paths, head)
			}
		}
		return strings.Join(paths, ", ")
	}
	return r.ID
}

// ResultsJSON writes what became of each deployment.
func ResultsJSON(w io.Writer, results []executor.Result, link func(id string) string) error {
	list := []value.Value{}
	for _, r := range results {
		word, _ := outcome(r, colors{})
		m := value.NewMap("flow_name", r.Deployment.Flow.Name, "name", r.Deployment.Name(), "action", string(r.Action), "outcome", word, "id", r.ID)
		if r.ID != "" {
			m.Set("url", link(r.ID))
		}
		if r.Err != nil {
			m.Set("error", r.Err.Error())
		}
		list = append(list, m)
	}
	doc, err := value.JSON(value.NewMap("schema_version", int64(SchemaVersion), "deployments", list))
	if err != nil {
		return err
	}
	text, err := Indent(doc)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}
