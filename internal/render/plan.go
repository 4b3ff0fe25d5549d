package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
)

// PlanView says how a plan is drawn.
type PlanView struct {
	Color   bool
	Server  string                     // how the server is called; "" when none was asked
	Outputs func(path string) []string // names of a step's outputs
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
	v.total(&b, p)
	_, err := io.WriteString(w, b.String())
	return err
}

// steps lists the steps that would run, with the number of deployments that share each.
func (v PlanView) steps(b *strings.Builder, p *plan.Plan) {
	type line struct {
		text  string
		users int
	}
	var lines []*line
	byKey := map[string]*line{}
	for _, d := range p.Deployments {
		for _, list := range [][]*plan.Step{d.Build, d.Push} {
			for _, s := range list {
				key := fmt.Sprint(s.Path, s.Source, s.Section)
				if l := byKey[key]; l != nil {
					l.users++
					continue
				}
				l := &line{text: stepText(s), users: 1}
				byKey[key] = l
				lines = append(lines, l)
			}
		}
	}
	if len(lines) == 0 {
		return
	}
	b.WriteString("steps to run first:\n")
	for _, l := range lines {
		fmt.Fprintf(b, "  %s", l.text)
		if l.users > 1 {
			fmt.Fprintf(b, "  (for %d deployments)", l.users)
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
}

func stepText(s *plan.Step) string {
	text := fmt.Sprintf("%-5s %s", s.Section, s.Path)
	if s.ID != "" {
		text += " as " + s.ID
	}
	return text
}

var signs = map[plan.Action]string{plan.Create: "+", plan.Update: "~", plan.None: "=", plan.Delete: "-", plan.Unknown: "?"} //nolint:gochecknoglobals // a constant table

func (v PlanView) deployment(b *strings.Builder, d *plan.Deployment) {
	c := palette(v.Color)
	tone := map[plan.Action]string{plan.Create: c.green, plan.Update: c.yellow, plan.Delete: c.red}[d.Action]
	word := string(d.Action)
	switch d.Action {
	case plan.None:
		word = "unchanged"
	case plan.Unknown:
		word = "register"
	}
	fmt.Fprintf(b, "%s%s %s%s %s%s%s", tone, signs[d.Action], word, c.reset, c.bold, d.FullName(), c.reset)
	if d.Model != nil {
		p := d.File.Position(d.Model.Node.Span.Start)
		fmt.Fprintf(b, "  %s%s:%d%s", c.line, d.File.Path, p.Line, c.reset)
	}
	b.WriteByte('\n')
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

func (v PlanView) fields(b *strings.Builder, d *plan.Deployment) {
	body := d.Body()
	outputs := d.Outputs(v.Outputs)
	for _, key := range shownFields {
		f, has := body.Get(key)
		if !has || !value.Truthy(f) {
			continue
		}
		fmt.Fprintf(b, "    %-17s %s\n", key, v.value(plan.Shown(f, key == "pull_steps", outputs)))
	}
	for _, a := range d.Registration.Automations {
		name, _ := a.Get("name")
		fmt.Fprintf(b, "    %-17s %s\n", "trigger", v.value(name))
	}
}

func (v PlanView) change(b *strings.Builder, d *plan.Deployment, ch plan.Change) {
	c := palette(v.Color)
	if ch.Path == "parameter_openapi_schema" || strings.HasPrefix(ch.Path, "parameter_openapi_schema.") {
		if _, hole := ch.New.(plan.Hole); hole {
			return // known only by asking Python, and rarely a change
		}
	}
	outputs := d.Outputs(v.Outputs)
	inPull := strings.HasPrefix(ch.Path, "pull_steps")
	switch {
	case !ch.OldSet:
		fmt.Fprintf(b, "    %s+%s %s: %s", c.green, c.reset, ch.Path, v.value(plan.Shown(ch.New, inPull, outputs)))
	case !ch.NewSet:
		fmt.Fprintf(b, "    %s-%s %s: %s", c.red, c.reset, ch.Path, v.value(ch.Old))
	default:
		fmt.Fprintf(b, "    %s~%s %s: %s → %s", c.yellow, c.reset, ch.Path, v.value(ch.Old), v.value(plan.Shown(ch.New, inPull, outputs)))
	}
	if span, ok := d.Source(ch.Path); ok {
		fmt.Fprintf(b, "  %s%s:%d%s", c.line, d.File.Path, d.File.Position(span.Start).Line, c.reset)
	}
	b.WriteByte('\n')
}

const maxValue = 200

// value writes a value in one line; holes and references in angle brackets.
func (v PlanView) value(x value.Value) string {
	s := flat(x)
	if runes := []rune(s); len(runes) > maxValue {
		s = string(runes[:maxValue]) + "…"
	}
	return s
}

func flat(x value.Value) string {
	switch x := x.(type) {
	case *value.Map:
		if x.Len() == 1 {
			if ref, ok := x.Get("$unknown"); ok {
				return "<known after apply: " + value.Str(ref) + ">"
			}
			if ref, ok := x.Get("$ref"); ok {
				return "<" + value.Str(ref) + ">"
			}
		}
		parts := make([]string, 0, x.Len())
		for _, p := range x.Pairs {
			parts = append(parts, value.KeyText(p.Key)+": "+flat(p.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []value.Value:
		parts := make([]string, 0, len(x))
		for _, e := range x {
			parts = append(parts, flat(e))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case nil:
		return "null"
	case string:
		j, err := value.JSON(x)
		if err != nil {
			return x
		}
		return string(j)
	case bool:
		return fmt.Sprint(x)
	}
	return value.Str(x)
}

func (v PlanView) total(b *strings.Builder, p *plan.Plan) {
	n := map[plan.Action]int{}
	for _, d := range p.Deployments {
		n[d.Action]++
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
