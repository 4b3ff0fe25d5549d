package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
)

// PlanView says how a plan is drawn.
type PlanView struct {
	Color   bool
	Width   int                        // columns of the terminal, 0 when it is none
	Server  string                     // how the server is called; "" when none was asked
	Outputs func(path string) []string // names of a step's outputs
	Prune   bool                       // what left the file was asked to be deleted
}

// defaultWidth is the width of a plan when the terminal's is not known.
const defaultWidth = 100

func (v PlanView) width() int {
	if v.Width <= 0 {
		return defaultWidth
	}
	return max(v.Width, 2*minLine)
}

// Plan draws a plan for people.
func Plan(w io.Writer, p *plan.Plan, v PlanView) error {
	var b strings.Builder
	c := palette(v.Color)
	if v.Server != "" {
		fmt.Fprintf(&b, "%splan%s for %s\n\n", c.bold, c.reset, v.Server)
	} else {
		fmt.Fprintf(&b, "%splan%s for Prefect %d, not compared with any server\n\n", c.bold, c.reset, p.Generation)
	}
	v.steps(&b, p)
	for _, d := range p.Deployments {
		v.deployment(&b, d)
	}
	v.gone(&b, p)
	v.total(&b, p)
	if left := Left(p.Gone, v.Prune); left != "" {
		b.WriteString(left + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// plannedStep is a step as it is listed.
type plannedStep struct {
	step  *plan.Step
	users int // deployments that share it
}

// steps lists the steps that would run, each with its place in the file and the number of deployments that share it.
func (v PlanView) steps(b *strings.Builder, p *plan.Plan) {
	var list []*plannedStep
	byKey := map[string]*plannedStep{}
	wide := 0
	for _, d := range p.Deployments {
		if d.Left {
			continue
		}
		for _, s := range slices.Concat(d.Build, d.Push) {
			key := fmt.Sprint(s.Path, s.Source, s.Section)
			if byKey[key] == nil {
				byKey[key] = &plannedStep{step: s}
				list = append(list, byKey[key])
				wide = max(wide, columns(stepText(s)))
			}
			byKey[key].users++
		}
	}
	if len(list) == 0 {
		return
	}
	c := palette(v.Color)
	b.WriteString("steps to run first:\n")
	for _, l := range list {
		text := stepText(l.step)
		fmt.Fprintf(b, "  %s%s  %s%s%s", text, strings.Repeat(" ", wide-columns(text)), c.line, lineOf(l.step.File, l.step.Source), c.reset)
		if l.users > 1 {
			fmt.Fprintf(b, "  (for %d deployments)", l.users)
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
}

// lineOf names a line: prefect.yaml:12.
func lineOf(f *source.File, span source.Span) string {
	if f == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d", f.Path, f.Position(span.Start).Line)
}

func stepText(s *plan.Step) string {
	text := fmt.Sprintf("%-5s %s", s.Section, s.Path)
	if s.ID != "" {
		text += " as " + s.ID
	}
	return text
}

var signs = map[plan.Action]string{plan.Create: "+", plan.Update: "~", plan.None: "=", plan.Delete: "-", plan.Unknown: "?"} //nolint:gochecknoglobals // a constant table

// ActionWord is what people call an action.
func ActionWord(a plan.Action) string {
	switch a {
	case plan.None:
		return "unchanged"
	case plan.Unknown: // not compared with a server
		return "register"
	}
	return string(a)
}

func (v PlanView) deployment(b *strings.Builder, d *plan.Deployment) {
	c := palette(v.Color)
	tone := map[plan.Action]string{plan.Create: c.green, plan.Update: c.yellow, plan.Delete: c.red}[d.Action]
	word := ActionWord(d.Action)
	if d.Left {
		word = "left"
	}
	fmt.Fprintf(b, "%s%s %s%s %s%s%s", tone, signs[d.Action], word, c.reset, c.bold, d.FullName(), c.reset)
	if d.Model != nil {
		p := d.File.Position(d.Model.Node.Span.Start)
		fmt.Fprintf(b, "  %s%s:%d%s", c.line, d.File.Path, p.Line, c.reset)
	}
	b.WriteByte('\n')
	for _, note := range d.Notes() {
		fmt.Fprintf(b, "    %s%s%s\n", c.yellow, note, c.reset)
	}
	v.kept(b, d)
	switch d.Action {
	case plan.Update:
		for _, change := range d.Changes {
			v.change(b, d, change)
		}
	case plan.Create, plan.Unknown:
		v.fields(b, d)
	}
	if d.Action != plan.None {
		b.WriteByte('\n')
	}
}

// shownFields are the parts of a new deployment that are drawn, in this order.
var shownFields = []string{"entrypoint", "version", "description", "tags", "parameters", "schedules", "work_pool_name", //nolint:gochecknoglobals // a constant table
	"work_queue_name", "job_variables", "infra_overrides", "concurrency_limit", "concurrency_options", "paused", "pull_steps"}

// nameWidth is the room for the names of fields.
const nameWidth = 17

func (v PlanView) fields(b *strings.Builder, d *plan.Deployment) {
	body := d.Body()
	outputs := d.Outputs(v.Outputs)
	for _, key := range shownFields {
		f, has := body.Get(key)
		if !has || !value.Truthy(f) || key == "description" && f == "None" { // what Prefect stores for a flow without docstring
			continue
		}
		shown := plan.Shown(f, key == "pull_steps", outputs)
		if key == "schedules" {
			v.scheduleLines(b, shown, d)
			continue
		}
		var text strings.Builder
		v.block(&text, shown, 4, 4+nameWidth+1)
		if strings.HasPrefix(text.String(), "\n") {
			fmt.Fprintf(b, "    %s%s", key, &text)
			continue
		}
		fmt.Fprintf(b, "    %-*s%s", nameWidth, key, &text)
	}
	if d.Registration == nil {
		return
	}
	for _, a := range d.Registration.Automations {
		name, _ := a.Get("name")
		fmt.Fprintf(b, "    %-*s %s\n", nameWidth, "trigger", flat(name))
	}
}

func (v PlanView) scheduleLines(b *strings.Builder, list value.Value, d *plan.Deployment) {
	items, _ := list.([]value.Value)
	for i, item := range items {
		name := "schedules"
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(b, "    %-*s %s\n", nameWidth, name, wrap(scheduleText(item, writesAnchor(d, i)), 4+nameWidth+1, v.width()))
	}
}

func (v PlanView) total(b *strings.Builder, p *plan.Plan) {
	n := map[plan.Action]int{}
	left := 0
	for _, d := range p.Deployments {
		if d.Left {
			left++
		} else {
			n[d.Action]++
		}
	}
	for _, g := range p.Gone {
		if g.Deletes {
			n[plan.Delete]++
		}
	}
	var parts []string
	for _, t := range []struct {
		action plan.Action
		word   string
	}{{plan.Create, "to create"}, {plan.Update, "to update"}, {plan.Delete, "to delete"}, {plan.None, "unchanged"}, {plan.Unknown, "to register"}} {
		if n[t.action] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[t.action], t.word))
		}
	}
	if left > 0 {
		parts = append(parts, fmt.Sprintf("%d left", left))
	}
	if len(parts) == 0 {
		parts = []string{"no deployments"}
	}
	fmt.Fprintf(b, "%s\n", strings.Join(parts, ", "))
}

// Indent lays JSON out for reading.
func Indent(doc []byte) ([]byte, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, doc, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
