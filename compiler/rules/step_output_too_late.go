package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/schema"
)

var stepOutputTooLate = &Rule{
	Name:     "step-output-too-late",
	Severity: diag.Error,
	Summary:  "a step's output where Prefect looks before the steps run",
	Run: func(p *Pass) {
		links(p, func(l *model.Link) {
			if l.Section != model.Setting || l.Status == model.Undecided && looksLikeEnvironment(l.Name) {
				return
			}
			what := ""
			switch {
			case l.Field == "entrypoint", l.Path == l.Deployment.Path+".work_pool.name":
				what = "prefect needs it"
			case p.Generation() == schema.Prefect2 && (l.Field == "schedule" || l.Field == "schedules"):
				what = "prefect 2 makes the schedules"
			case p.Generation() == schema.Prefect2 && l.Field == "triggers":
				what = "prefect 2 makes the triggers"
			default:
				return
			}
			f := p.Report(l.Span, "%q is known only after the steps have run, and %s before", l.Name, what).At(l.Path).In(l.Deployment)
			if l.Field == "triggers" || strings.Contains(l.Path, ".parameters") {
				f.Deploys() // the text is registered as it is
			}
		}, model.Linked, model.Undecided)
	},
}
