package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var ignoredKey = &Rule{
	Name:     "ignored-key",
	Severity: diag.Warning,
	Deploys:  true,
	Summary:  "a key of a deployment that Prefect knows from elsewhere, and that has no effect here",
	Run: func(p *Pass) {
		object := p.Language.Object("Deployment")
		for _, d := range p.Model.Deployments {
			for _, f := range d.Fields {
				known := object.Field(f.Key.KeyText())
				if known == nil || known.Ignored == "" || !losesSomething(f) {
					continue
				}
				p.Report(f.Key.Span, "prefect ignores %q in a deployment: %s", known.Name, known.Ignored).
					At(f.Path).In(d).Tag(diag.Unnecessary)
			}
		}
	},
}

// losesSomething holds for an ignored field whose value says something: not what Prefect's own wizards wrote, and nothing empty.
func losesSomething(f model.Field) bool {
	switch f.Key.KeyText() {
	case "flow_name":
		return false // written by Prefect itself, and what it says is true
	case "is_schedule_active":
		n := f.Node()
		return n != nil && n.Kind == yamldoc.Bool && n.Scalar == false // true is the default
	}
	return !allEmpty(f.Value, 0)
}
