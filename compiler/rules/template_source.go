package rules

import (
	"bytes"
	"slices"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/template"
)

var templateSource = &Rule{
	Name:     "template-source",
	Severity: diag.Info,
	Summary:  "a file to generate a prefect.yaml from: a cookiecutter source or a recipe of prefect init",
	Whole:    true,
	Run: func(p *Pass) {
		if span, what := sourceOf(p.Model); what != "" {
			f := p.Report(span, "this file is %s: check what is generated from it, nothing more is said of it here", what)
			f.Blocks = true // deploying it as it is would deploy placeholders
		}
	},
}

var cookiecutterMark = pattern.New(`\{\{-?\s*cookiecutter\.[^}]*\}\}`)

// sourceOf finds the first mark of a file that others are generated from, and says what kind it is; "" for a file that is
// meant to be deployed.
func sourceOf(m *model.File) (source.Span, string) {
	if bytes.Contains(m.Source.Text, []byte("cookiecutter.")) { // cheaper than the pattern
		if at := cookiecutterMark.FindIndex(m.Source.Text); at != nil {
			return source.Span{Start: at[0], End: at[1]}, "a cookiecutter source"
		}
	}
	inputs := m.Field("required_inputs")
	if !inputs.Set() && slices.ContainsFunc(m.Deployments, func(d *model.Deployment) bool { return !leftover(d) }) {
		return source.Span{}, ""
	}
	for _, r := range m.References {
		_, asked := inputs.Node().Get(r.Name)
		// The recipe "local" says in no other way that it asks for the directory.
		asked = asked || !inputs.Set() && len(m.Deployments) > 0 && r.Step != nil && r.Whole && r.Name == r.Field
		if asked && r.Kind == template.Standard {
			return r.Span, "a recipe of prefect init that was not filled in"
		}
	}
	return source.Span{}, ""
}
