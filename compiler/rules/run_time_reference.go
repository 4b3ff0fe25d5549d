package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/schema"
)

var runTimeReference = &Rule{
	Name:     "run-time-reference",
	Severity: diag.Error,
	Summary:  "a name that only exists while a flow runs, used where Prefect fills in at deploy time",
	Run: func(p *Pass) {
		links(p, func(l *model.Link) {
			switch {
			case strings.HasPrefix(l.Name, "ctx.") && p.Generation() == schema.Prefect2:
				reportLink(p, l, "prefect 2 does not know {{ ctx.… }}; %s", effect(l))
			case strings.HasPrefix(l.Name, "ctx."):
				reportLink(p, l, "{{ ctx.… }} is filled in at the run in work_pool.job_variables only; %s", effect(l))
			case strings.HasPrefix(l.Name, "event."):
				reportLink(p, l, "{{ event.… }} is filled in in the parameters of a trigger only; %s", effect(l))
			case looksLikeRunTime(l.Name):
				reportLink(p, l, "%q is not known when deploying: no step gives it, and blocks and variables are written prefect.blocks.TYPE.NAME and prefect.variables.NAME; %s", l.Name, effect(l))
			}
		}, model.UnknownName)
	},
}
