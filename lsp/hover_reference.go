package lsp

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/schema"
)

func explainReference(a *analysis, r *model.Reference, links []*model.Link) prose {
	var p prose
	p.add(heading, "{{ "+r.Name+" }}")
	switch r.Kind {
	case template.Env:
		p.add(paragraph, "The environment variable `"+r.EnvName()+"` "+envMoment(r)+".")
	case template.Variable:
		p.add(paragraph, "The Prefect variable `"+r.VariableName()+"`, read from the server "+serverMoment(r, a.model.Generation)+".")
	case template.Block:
		explainBlock(a, &p, r)
	case template.Standard:
		for _, l := range links {
			explainLink(a, &p, l)
		}
	}
	return p
}

func explainBlock(a *analysis, p *prose, r *model.Reference) {
	slug, name, path, ok := r.BlockParts()
	if !ok {
		p.add(paragraph, "A block: `{{ prefect.blocks.TYPE.NAME }}`.")
		return
	}
	p.add(paragraph, "The block `"+name+"` of type `"+slug+"`, read from the server "+serverMoment(r, a.model.Generation)+".")
	if b, err := a.facts.Language.Block(a.model.Generation, slug); err == nil && b != nil && path != "" {
		if f := b.Field(path); f != nil {
			p.add(paragraph, "Its field `"+path+"`.")
		}
	}
}

func explainLink(a *analysis, p *prose, l *model.Link) {
	line := func(s *model.Step) string {
		return fmt.Sprintf("`%s` on line %d", s.Function(), a.model.Source.Position(s.Key.Span.Start).Line)
	}
	var text string
	switch {
	case l.Status == model.RunTime:
		text = "Filled in by Prefect when the flow runs."
	case l.Status == model.Undecided:
		text = "May be an output of a step whose outputs are not known."
	case l.Source == nil:
		text = "No step that runs before gives this value."
	case l.Status == model.Linked && l.Output != "":
		text = "Output `" + l.Output + "` of " + line(l.Source) + "."
		if info, _ := a.facts.Language.Steps(a.model.Generation).Lookup(l.Source.Function()); info != nil {
			if o := info.Output(l.Output); o != nil {
				text += " " + oneLine(o.Doc)
			}
		}
	case l.Status == model.Linked:
		text = "All outputs of " + line(l.Source) + "."
	case l.Status == model.FromLater:
		text = "Not known here: " + line(l.Source) + " runs only later."
	case l.Status == model.FromItself:
		text = "Not known here: it is an output of this very step."
	case l.Status == model.FromReplaced:
		text = "Not known here: " + line(l.Source) + " does not run for this deployment."
	case l.Status == model.UnknownOutput:
		text = "The step " + line(l.Source) + " has no such output."
	}
	p.once(paragraph, text)
	if l.Status != model.Linked || l.Source == nil {
		return
	}
	if v, known, _ := a.facts.Links().Value(l); known {
		p.once(bullet, "value: `"+brevity(v)+"`")
	}
	moment := "known at deploy, once that step has run"
	if l.Source.Action != nil && l.Source.Action.Section == model.Pull {
		moment = "known when a run has pulled that far"
	}
	p.once(bullet, moment)
}

// once adds a part unless it is there already: several deployments may share what is explained.
func (p *prose) once(kind partKind, text string) {
	for _, x := range p.parts {
		if x.text == text {
			return
		}
	}
	p.add(kind, text)
}

// brevity is data on one short line.
func brevity(v value.Value) string {
	if text, ok := v.(string); ok {
		return clip(text)
	}
	text, err := value.JSON(v)
	if err != nil {
		return value.TypeName(v)
	}
	return clip(string(text))
}

// envMoment says whose environment it is.
func envMoment(r *model.Reference) string {
	if r.Section == model.Pull {
		return "of the machine that deploys if it is set there, else of the machine that pulls"
	}
	return "of the machine that deploys"
}

// serverMoment says when a block or variable is read.
func serverMoment(r *model.Reference, g schema.Generation) string {
	switch {
	case r.Section == model.Pull:
		return "when a run pulls the code"
	case r.Section == model.Build, r.Section == model.Push:
		return "at deploy, when the step runs"
	case strings.Contains(r.Path, "job_variables") && (r.Kind == template.Block || g == schema.Prefect2):
		return "by the worker, when a run starts"
	}
	return "at deploy"
}
