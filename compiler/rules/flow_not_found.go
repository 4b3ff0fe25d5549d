package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/entrypoint"
	"github.com/prefectc/prefectc/schema"
)

var flowNotFound = &Rule{
	Name:     "flow-not-found",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Summary:  "the file of an entrypoint does not define the function",
	Run: func(p *Pass) {
		for _, d := range p.Model.Deployments {
			r := p.Flow(d)
			if r.Status != entrypoint.FunctionMissing || !isPath(r.Function) || strings.HasSuffix(d.Entrypoint(), ".py") {
				continue
			}
			text, n, _ := entrypointText(d)
			names := r.Code.Names()
			f := p.Report(part(p, n, r.Split+1, len(text)), "%s defines no %q", r.File.Path, r.Function).At(d.Path + ".entrypoint").In(d)
			near := schema.Nearest(r.Function, names)
			switch {
			case near != "":
				f.Message += fmt.Sprintf(", did you mean %q", near)
				if f.Span != n.Span {
					f.UnsafeFix(fmt.Sprintf("use %q", near), Replace(f.Span, near))
				}
			case len(names) > 0:
				f.Message += ", only " + list(names)
			default:
				f.Message += ", and no other function"
			}
			if near != "" {
				if fl, _ := r.Code.Lookup(near); fl != nil && fl.Function != nil {
					f.AlsoIn(r.File, fl.Function.Name.Span, "%q is here", strings.TrimSpace(near))
				}
			}
		}
	},
}
