package lsp

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/schema"
)

func explainStep(a *analysis, function string) prose {
	var p prose
	catalogue := a.facts.Language.Steps(a.model.Generation)
	info, status := catalogue.Lookup(function)
	if removal, gone := catalogue.Removal(function); gone {
		p.add(heading, function)
		p.add(paragraph, fmt.Sprintf("This step no longer exists; it was last in %s. Write `%s`.", removal.LastSeen, removal.Use))
		return p
	}
	if info == nil {
		return p
	}
	describeStep(&p, info)
	if status == schema.OtherGeneration {
		p.add(paragraph, fmt.Sprintf("Prefect %d does not have this step.", a.model.Generation))
	}
	return p
}

func describeStep(p *prose, info *schema.StepInfo) {
	p.add(heading, info.Path)
	p.add(paragraph, info.Doc)
	if info.Deprecated {
		text := "Deprecated."
		if info.ReplacedBy != "" {
			text = "Deprecated: write `" + info.ReplacedBy + "`."
		}
		p.add(paragraph, text)
	}
	if len(info.Params) > 0 {
		p.add(paragraph, "Arguments:")
		for i := range info.Params {
			p.add(bullet, paramLine(&info.Params[i]))
		}
	}
	if len(info.Outputs) > 0 {
		p.add(paragraph, "Outputs:")
		for _, o := range info.Outputs {
			p.add(bullet, "`"+o.Name+"`: "+oneLine(o.Doc))
		}
	}
	if info.Package != "" && info.Package != "prefect" {
		p.add(paragraph, "Package: `"+info.Package+"`")
	}
}

func paramLine(q *schema.Param) string {
	text := "`" + q.Name + "` (" + strings.Join(q.Types, " or ")
	if q.Required {
		text += ", required"
	}
	return text + "): " + oneLine(q.Doc)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func explainArgument(a *analysis, at place) prose {
	if at.field != nil { // id, requires
		return explainField(at.object, at.field, a.model.Generation)
	}
	info, _ := a.facts.Language.Steps(a.model.Generation).Lookup(at.function)
	if info == nil {
		return prose{}
	}
	q := findParam(info, at.argument)
	if q == nil {
		return prose{}
	}
	return describeParam(q)
}

// findParam finds an argument of a step, or of any of the libraries it passes arguments on to.
func findParam(info *schema.StepInfo, name string) *schema.Param {
	if q := info.Param(name); q != nil || info.Extra == nil {
		return q
	}
	for i := range info.Extra.Backends {
		for j := range info.Extra.Backends[i].Keywords {
			if q := &info.Extra.Backends[i].Keywords[j]; q.Name == name {
				return q
			}
		}
	}
	return nil
}

func describeParam(q *schema.Param) prose {
	var p prose
	p.add(heading, q.Name)
	kind := strings.Join(q.Types, " or ")
	if q.Nullable {
		kind += " or null"
	}
	if q.Required {
		kind += ", required"
	}
	p.add(paragraph, kind)
	p.add(paragraph, q.Doc)
	if !q.Required && q.Default != nil {
		p.add(bullet, fmt.Sprintf("default: `%v`", q.Default))
	}
	if len(q.Enum) > 0 {
		p.add(bullet, "one of `"+strings.Join(texts(q.Enum), "`, `")+"`")
	}
	if q.Sensitive {
		p.add(paragraph, "Secret: take it from a block, `{{ prefect.blocks.secret.NAME }}`.")
	}
	return p
}
