package rules

import (
	"fmt"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/schema"
)

var removedStep = &Rule{
	Name:     "removed-step",
	Severity: diag.Error,
	Fixes:    SafeFix,
	Summary:  "a step under a path that no longer exists",
	Run: func(p *Pass) {
		catalogue := p.Language.Steps(p.Generation())
		all := p.Steps()
		for i := range all {
			s := &all[i]
			if s.Status != schema.Removed {
				continue
			}
			r, _ := catalogue.Removal(s.Function())
			f := reportStep(p, s, s.Key.Span, "%q no longer exists: it was last in %s, use %q", s.Function(), r.LastSeen, r.Use).Tag(diag.Deprecated)
			if s.Info != nil && s.Info.Package != "prefect" && p.Generation() == schema.Prefect2 {
				f.As(diag.Warning) // an old release of the integration may be installed
			}
			f.Fix(fmt.Sprintf("use %q", r.Use), Replace(s.Key.Span, sameQuotes(s.Key, r.Use)))
		}
	},
}
