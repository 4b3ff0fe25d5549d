package rules

import (
	"slices"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var pullImplicitLocalPath = &Rule{
	Name:     "pull-implicit-local-path",
	Severity: diag.Info,
	Summary:  "no pull steps: Prefect stores the directory that the deploy runs in, as it is called on that machine",
	Whole:    true,
	Run: func(p *Pass) {
		if slices.ContainsFunc(p.Model.Doc.Problems, func(found yamldoc.Problem) bool { return found.Fatal }) {
			return // the steps may be in what could not be read
		}
		for _, d := range p.Model.Deployments {
			if d.Entrypoint() == "" || !withoutPull(d) || imageOf(d) != nil || dockerBuild(d) != nil {
				continue
			}
			p.Report(nameSpan(d), "there are no pull steps: workers will look for the code in the directory that the deploy runs in, under its absolute path: add pull steps if they are other machines").In(d)
			return // one such deployment says it for all
		}
	},
}

// withoutPull reports whether Prefect makes up the pull steps of a deployment.
func withoutPull(d *model.Deployment) bool {
	return d.Effective(model.Pull) == nil && !d.PullDisabled()
}

// nameSpan is where the deployment's name is written, else its first key.
func nameSpan(d *model.Deployment) source.Span {
	if f := d.Field("name"); f.Set() {
		return f.Span()
	}
	if len(d.Node.Pairs) > 0 {
		return d.Node.Pairs[0].Key.Span
	}
	return d.Node.Span
}

// imageOf is the image in the deployment's job variables, nil without one.
func imageOf(d *model.Deployment) *yamldoc.Node {
	vars := d.WorkPool("job_variables")
	if !vars.Set() {
		return nil
	}
	e, ok := vars.Node().Get("image")
	if n := e.Value.Deref(); ok && n != nil && n.Kind == yamldoc.String && n.Text != "" {
		return n
	}
	return nil
}

// dockerBuild is the step that builds the deployment's image, nil without one.
func dockerBuild(d *model.Deployment) *model.Step {
	a := d.Effective(model.Build)
	if a == nil {
		return nil
	}
	for _, s := range a.Steps {
		if s.Function() == buildDockerImage {
			return s
		}
	}
	return nil
}
