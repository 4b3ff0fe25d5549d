package rules

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/model"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

var jobVariableType = &Rule{
	Name:     "job-variable-type",
	Severity: diag.Error,
	Fixes:    SafeFix | UnsafeFix,
	Deploys:  true, // the pool is asked before anything runs
	Summary:  "a job variable of a type that no work pool of Prefect's takes",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			f := d.WorkPool("job_variables")
			if !f.Set() || f.Node().Kind != yamldoc.Mapping {
				continue
			}
			for _, e := range f.Node().Entries() {
				if name := e.Key.KeyText(); !remade[name] {
					checkJobVariable(p, d, e, f.Path+"."+name)
				}
			}
		}
	},
}

// remade are the variables whose names people give to variables of their own in a pool's template.
var remade = map[string]bool{
	"annotations": true, "args": true, "cluster": true, "cpu_limit": true, "cpu_request": true, "entrypoint": true, "family": true,
	"labels": true, "log_level": true, "memory_limit": true, "memory_request": true, "name": true, "network": true,
	"region": true, "scheduling": true, "secrets": true, "timeout": true, "volumes": true,
}

func checkJobVariable(p *Pass, d *model.Deployment, e yamldoc.Entry, path string) {
	name, n := e.Key.KeyText(), e.Value.Deref()
	want, known := p.Language.JobVariable(name, p.Generation())
	if !known || n == nil || n.Kind == yamldoc.Null || n.Kind == yamldoc.Invalid || n.Kind == yamldoc.String && template.Has(n.Text) {
		return
	}
	report := func(n *yamldoc.Node, name, want string) *Finding {
		return p.Report(n.Span, "%q must be %s, not %s: the server refuses it for every type of work pool", name, want, described(n, typeOf(n))).At(path).In(d)
	}
	if !isType(n, want.Type) {
		if f := report(n, name, typeWords[want.Type]); want.Type == "string" && n.Style == yamldoc.Plain {
			quotePlain(f, n)
		}
		return
	}
	if len(want.Words) > 0 && !slices.Contains(want.Words, n.Text) {
		f := report(n, name, `one of "`+strings.Join(want.Words, `", "`)+`"`)
		if near := schema.Nearest(n.Text, want.Words); near != "" {
			f.Message += fmt.Sprintf(", did you mean %q", near)
			f.suggest(fmt.Sprintf("use %q", near), n, near)
		}
	}
	if name != "env" {
		return
	}
	for _, v := range n.Entries() {
		n := v.Value.Deref()
		if n == nil || n.Kind == yamldoc.String || n.Kind == yamldoc.Invalid || n.Kind == yamldoc.Null && p.Generation() == schema.Prefect3 || ambiguous(n) {
			continue // of the last the rule ambiguous-scalar speaks
		}
		f := report(n, v.Key.KeyText(), "text")
		if f.Path += "." + v.Key.KeyText(); n.Style == yamldoc.Plain && n.Kind != yamldoc.Null {
			quotePlain(f, n)
		}
	}
}

// isType compares a value with a type of JSON Schema.
func isType(n *yamldoc.Node, want string) bool {
	switch got := typeOf(n); got {
	case "integer":
		return want == "integer" || want == "number"
	case "number":
		f, _ := n.Scalar.(float64)
		return want == "number" || want == "integer" && f == math.Trunc(f) // as JSON Schema has it
	case "":
		return true
	default:
		return got == want
	}
}
