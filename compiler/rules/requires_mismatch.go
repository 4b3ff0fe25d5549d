package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/template"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var requiresMismatch = &Rule{
	Name:     "requires-mismatch",
	Severity: diag.Warning,
	Fixes:    UnsafeFix,
	Summary:  "requires names another package than the one the step is in",
	Run: func(p *Pass) {
		knownSteps(p, func(s *StepUse) {
			if s.Info.Package == "prefect" || s.Requires == nil {
				return
			}
			var other *yamldoc.Node
			for _, r := range requirements(s) {
				if template.Has(r.Text) || strings.ContainsAny(r.Text, "/@") || provides(r.Text, s.Info.Package) {
					return
				}
				other = r
			}
			if other != nil {
				f := reportStep(p, s, other.Span, "%s is in the package %q, but requires names %q: should the step be missing, that does not bring it", s.name(), s.Info.Package, other.Text)
				f.UnsafeFix("require "+s.Info.Package, Replace(other.Span, s.Info.Package))
			}
		})
	},
}

// requirements are the texts of a step's requires.
func requirements(s *StepUse) (out []*yamldoc.Node) {
	list := []*yamldoc.Node{s.Requires}
	if s.Requires != nil && s.Requires.Kind == yamldoc.Sequence {
		list = s.Requires.Items
	}
	for _, n := range list {
		if n = n.Deref(); n != nil && n.Kind == yamldoc.String && n.Text != "" {
			out = append(out, n)
		}
	}
	return out
}

// provides reports whether a requirement brings a package: by its name, or as an extra of prefect.
func provides(requirement, pkg string) bool {
	name := requirement
	if i := strings.IndexAny(name, "<>=!~[; "); i >= 0 {
		name = name[:i]
	}
	if name == "prefect" {
		_, extras, _ := strings.Cut(requirement, "[")
		extras, _, _ = strings.Cut(extras, "]")
		for _, e := range strings.Split(extras, ",") {
			if "prefect-"+strings.TrimSpace(e) == pkg {
				return true
			}
		}
		return false
	}
	return strings.EqualFold(strings.ReplaceAll(name, "_", "-"), pkg)
}
