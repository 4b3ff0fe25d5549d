package lsp

import (
	"fmt"

	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
)

func explainReference(a *analysis, r *model.Reference, links []*model.Link) prose {
	var p prose
	p.add(heading, "{{ "+r.Name+" }}")
	switch r.Kind {
	case template.Env:
		p.add(paragraph, "The environment variable `"+r.EnvName()+"` of the machine that resolves it.")
	case template.Variable:
		p.add(paragraph, "The Prefect variable `"+r.VariableName()+"`, read from the server.")
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
	p.add(paragraph, "The block `"+name+"` of type `"+slug+"`, read from the server.")
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
	for _, x := range p.parts {
		if x.text == text {
			return
		}
	}
	p.add(paragraph, text)
}
