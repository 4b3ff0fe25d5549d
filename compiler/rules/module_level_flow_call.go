package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/pyflow"
	"github.com/prefectc/prefectc/schema"
)

var moduleLevelFlowCall = &Rule{
	Name:     "module-level-flow-call",
	Severity: diag.Warning,
	Deploys:  true,
	Only:     schema.Prefect3,
	Summary:  "the flow's file calls a flow when it is imported: Prefect 3 runs it at each deploy",
	Run: func(p *Pass) {
		seen := map[*pyflow.Module]bool{}
		for _, d := range p.Model.Deployments {
			r := p.Flow(d)
			if r.Code == nil || seen[r.Code] || len(r.Code.Calls) == 0 {
				continue
			}
			seen[r.Code] = true
			call := r.Code.Calls[0]
			what := call.Name + "()"
			if call.Method != "" {
				what = call.Name + "." + call.Method + "()"
			}
			p.Report(d.Field("entrypoint").Span(), `%s calls %s when it is imported, so prefect deploy runs it: put the call below if __name__ == "__main__"`, r.File.Path, what).
				At(d.Path+".entrypoint").In(d).AlsoIn(r.File, call.Span, "the call is here")
		}
	},
}
