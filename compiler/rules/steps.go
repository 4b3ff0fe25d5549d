package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// StepUse is a step with what the catalogue knows of it. A step shared through aliases appears once for each section.
type StepUse struct {
	*model.Step
	Info   *schema.StepInfo // nil for a step that Prefect does not ship
	Status schema.Status
	Runs   bool // some deployment uses its action, or the file has no deployments yet
	Broken bool // several keys: reported as a whole, and its arguments only guessed
}

// collectSteps lists the steps of the file and of all deployments.
func collectSteps(m *model.File, lang *schema.Language) []StepUse {
	catalogue := lang.Steps(m.Generation)
	used := map[*model.Action]bool{}
	all := m.Users()
	for _, d := range all {
		for _, s := range model.Actions {
			if a := d.Effective(s); a != nil {
				used[a] = true
			}
		}
	}
	type key struct {
		node    *yamldoc.Node
		section model.Section
	}
	index := map[key]int{}
	var out []StepUse
	add := func(a *model.Action) {
		if a == nil {
			return
		}
		for _, s := range a.Steps {
			k := key{s.Node, a.Section}
			runs := used[a] || len(all) == 0
			if i, seen := index[k]; seen {
				out[i].Runs = out[i].Runs || runs
				continue
			}
			index[k] = len(out)
			info, status := catalogue.Lookup(s.Function())
			out = append(out, StepUse{Step: s, Info: info, Status: status, Runs: runs, Broken: len(s.Keys) > 1})
		}
	}
	for _, s := range model.Actions {
		add(m.SharedAction(s))
	}
	for _, d := range m.Deployments {
		for _, s := range model.Actions {
			add(d.Own(s))
		}
	}
	return out
}

// knownSteps visits the steps that ship with this generation and whose arguments can be read.
func knownSteps(p *Pass, visit func(*StepUse)) {
	all := p.Steps()
	for i := range all {
		s := &all[i]
		if s.Status == schema.Known && !s.Broken && s.Body != nil && s.Body.Kind == yamldoc.Mapping {
			visit(s)
		}
	}
}

// coreSteps visits the steps of Prefect itself that have one of the names.
func coreSteps(p *Pass, visit func(*StepUse), names ...string) {
	knownSteps(p, func(s *StepUse) {
		for _, n := range names {
			if s.Info.Path == "prefect.deployments.steps."+n {
				visit(s)
			}
		}
	})
}

// reportStep reports something about a step. A pull step runs with the flow, and a step of an unused action never, so
// neither keeps Prefect from deploying.
func reportStep(p *Pass, s *StepUse, span source.Span, format string, args ...any) *Finding {
	f := p.Report(span, format, args...).At(s.Path).In(s.Deployment())
	if s.Action.Section == model.Pull || !s.Runs {
		f.Deploys()
	}
	return f
}

// name is the step's function, for messages.
func (s *StepUse) name() string {
	path := s.Function()
	return path[strings.LastIndexAny(path, ".:")+1:]
}

// argument is the value of an argument, nil without it.
func (s *StepUse) argument(name string) *yamldoc.Node {
	if a, ok := s.Arg(name); ok {
		return a.Value.Deref()
	}
	return nil
}

// text is the value of an argument if it is a text without placeholders.
func (s *StepUse) text(name string) (string, bool) {
	n := s.argument(name)
	if n == nil || n.Kind != yamldoc.String || template.Has(n.Text) {
		return "", false
	}
	return n.Text, true
}

// selected is the argument that chooses the step's backend; a placeholder, which may be any, is no backend at all.
func (s *StepUse) selected() string {
	if s.Info == nil || s.Info.Extra == nil || s.Info.Extra.Selector == "" {
		return ""
	}
	if n := s.argument(s.Info.Extra.Selector); n != nil {
		return n.Text
	}
	return ""
}

// truth is what Python makes of a flag argument; known is false when it has placeholders.
func (s *StepUse) truth(name string) (on, known bool) {
	n := s.argument(name)
	switch {
	case n == nil:
		return false, true
	case n.Kind == yamldoc.String:
		return n.Text != "", !template.Has(n.Text)
	case n.Kind == yamldoc.Bool:
		on, _ = n.Scalar.(bool)
		return on, true
	case n.Kind == yamldoc.Int:
		return n.Scalar != int64(0), true
	case n.Kind == yamldoc.Null:
		return false, true
	}
	return true, true
}

// addArgument is the edit that gives a step one more argument, in front of the others; false where it cannot be written.
func (s *StepUse) addArgument(p *Pass, text string) (diag.Edit, bool) {
	if s.Body == nil || len(s.Body.Pairs) == 0 {
		return diag.Edit{}, false
	}
	at := s.Body.Pairs[0].Key.Span.Start
	if s.Body.Style == yamldoc.Flow {
		return Insert(at, text+", "), true
	}
	line := p.Model.Source.LineStart(p.Model.Source.LineOf(at))
	indent := p.Model.Source.Slice(source.Span{Start: line, End: at})
	if strings.Trim(indent, " ") != "" {
		return diag.Edit{}, false
	}
	return Insert(at, text+"\n"+indent), true
}

// chains visits, also in a part of the file, once for each distinct sequence of steps that some deployment runs, its steps in order.
func chains(p *Pass, visit func(d *model.Deployment, steps []*model.Step)) {
	type key [len(model.Actions)]*model.Action
	seen := map[key]bool{}
	run := func(d *model.Deployment, k key) {
		if seen[k] {
			return
		}
		seen[k] = true
		var steps []*model.Step
		for _, a := range k {
			if a != nil {
				steps = append(steps, a.Steps...)
			}
		}
		if len(steps) > 0 {
			visit(d, steps)
		}
	}
	all := p.Model.Users()
	for _, d := range all {
		var k key
		for i, s := range model.Actions {
			k[i] = d.Effective(s)
		}
		run(d, k)
	}
	if len(all) == 0 {
		var k key
		for i, s := range model.Actions {
			k[i] = p.Model.FileAction(s)
		}
		run(nil, k)
	}
}

// part is the span of a piece of a scalar's text, if it is written there as it reads; else the whole scalar.
func part(p *Pass, n *yamldoc.Node, start, end int) source.Span {
	written := p.Model.Source.Slice(n.Span)
	shift := 0
	if n.Style == yamldoc.SingleQuoted || n.Style == yamldoc.DoubleQuoted {
		shift = 1
	}
	if end+shift <= len(written) && written[start+shift:end+shift] == n.Text[start:end] &&
		written[shift:start+shift] == n.Text[:start] {
		return source.Span{Start: n.Span.Start + shift + start, End: n.Span.Start + shift + end}
	}
	if n.Style == yamldoc.Literal {
		if s, ok := partOfLines(written, n.Text, start, end); ok {
			return source.Span{Start: n.Span.Start + s.Start, End: n.Span.Start + s.End}
		}
	}
	if piece := n.Text[start:end]; piece != "" { // folded or block text: where it can only be one place
		if at := strings.Index(written, piece); at >= 0 && strings.LastIndex(written, piece) == at {
			return source.Span{Start: n.Span.Start + at, End: n.Span.Start + at + len(piece)}
		}
	}
	return n.Span
}

// partOfLines maps a piece of a line of a literal block to where it is written.
func partOfLines(written, text string, start, end int) (source.Span, bool) {
	line := strings.Count(text[:start], "\n")
	column := start - strings.LastIndexByte(text[:start], '\n') - 1
	at := strings.IndexByte(written, '\n') + 1 // behind the header
	for range line {
		next := strings.IndexByte(written[at:], '\n')
		if at == 0 || next < 0 {
			return source.Span{}, false
		}
		at += next + 1
	}
	first, _, _ := strings.Cut(text[start-column:], "\n")
	indent := strings.Index(written[at:], first)
	if at == 0 || indent < 0 || strings.Trim(written[at:at+indent], " ") != "" {
		return source.Span{}, false
	}
	at += indent + column
	return source.Span{Start: at, End: at + end - start}, at+end-start <= len(written) && written[at:at+end-start] == text[start:end]
}

// quoted writes a plain scalar of one line in double quotes.
func quotePlain(f *Finding, n *yamldoc.Node) {
	if n.Style == yamldoc.Plain && n.Text != "" && !strings.ContainsAny(n.Text, "\"\\\n") {
		f.Fix("put it in quotes", Replace(n.Span, fmt.Sprintf("%q", n.Text)))
	}
}
