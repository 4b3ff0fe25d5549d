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

// Progress writes what an apply is doing, a line for each thing, as it happens.
type Progress struct {
	w     io.Writer
	color bool
	mu    sync.Mutex
}

// NewProgress makes one.
func NewProgress(w io.Writer, color bool) *Progress { return &Progress{w: w, color: color} }

func (p *Progress) line(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = fmt.Fprintf(p.w, format+"\n", args...)
}

// StepStarted says that a step runs, or that its result is taken over.
func (p *Progress) StepStarted(d *plan.Deployment, s *plan.Step, shared bool) {
	c := palette(p.color)
	if shared {
		return // it was said when it ran
	}
	p.line("%s%s%s %s %s(for %s)%s", c.bold, stepName(s), c.reset, s.Section, c.line, d.Name(), c.reset)
}

// StepOutput passes a line of a step on.
func (p *Progress) StepOutput(_ *plan.Deployment, s *plan.Step, line string) {
	c := palette(p.color)
	p.line("  %s%s |%s %s", c.dim, stepName(s), c.reset, line)
}

// StepDone says how long a step took when that is worth saying.
func (p *Progress) StepDone(_ *plan.Deployment, s *plan.Step, took time.Duration, err error) {
	c := palette(p.color)
	switch {
	case err != nil:
		p.line("  %s%s failed%s after %s", c.red, stepName(s), c.reset, took.Round(time.Millisecond))
	case took >= time.Second:
		p.line("  %s done in %s", stepName(s), took.Round(100*time.Millisecond))
	}
}

// Registered is heard for each deployment; the table at the end says the same.
func (p *Progress) Registered(executor.Result) {}

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
	for _, word := range []string{"created", "updated", "deleted", "unchanged", "skipped", "failed"} {
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
