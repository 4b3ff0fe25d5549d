package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
)

var envFrozenInPull = &Rule{
	Name:     "env-frozen-in-pull",
	Severity: diag.Info,
	Summary:  "an environment variable in a pull step: if the deploying machine has it, its value is stored with the deployment",
	Run: func(p *Pass) {
		secret := map[string]bool{"access_token": true, "credentials": true, "token": true, "password": true}
		for _, r := range p.Model.References {
			if r.Kind != template.Env || r.Section != model.Pull {
				continue
			}
			if secret[r.Field] {
				p.Report(r.Span, "if %s is set when deploying, its value is stored in clear with the deployment: use {{ prefect.blocks.secret.NAME }}", r.EnvName()).
					As(diag.Warning).At(r.Path).In(r.Deployment)
				continue
			}
			p.Report(r.Span, "if %s is set when deploying, that value is stored; the worker's own counts only if it is not", r.EnvName()).At(r.Path).In(r.Deployment)
		}
	},
}
