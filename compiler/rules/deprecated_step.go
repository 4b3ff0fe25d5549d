package rules

import (
	"fmt"
	"slices"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/schema"
)

var deprecatedStep = &Rule{
	Name:     "deprecated-step",
	Severity: diag.Warning,
	Fixes:    SafeFix,
	Summary:  "a step under a path that still works, but will not for long",
	Run: func(p *Pass) {
		all := p.Steps()
		for i := range all {
			s := &all[i]
			if s.Status != schema.Known {
				continue
			}
			use := ""
			switch {
			case s.Info.Deprecated:
				use = s.Info.ReplacedBy
			case slices.Contains(s.Info.DeprecatedAliases, s.Function()):
				use = s.Info.Path
			}
			if use == "" {
				continue
			}
			reportStep(p, s, s.Key.Span, "%q is deprecated: use %q", s.Function(), use).Tag(diag.Deprecated).
				Fix(fmt.Sprintf("use %q", use), Replace(s.Key.Span, sameQuotes(s.Key, use)))
		}
	},
}
