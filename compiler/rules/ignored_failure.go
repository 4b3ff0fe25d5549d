package rules

import (
	"github.com/prefectc/prefectc/compiler/diag"
)

var ignoredFailure = &Rule{
	Name:     "ignored-failure",
	Severity: diag.Info,
	Summary:  "|| true in a script: a failure of the command does not stop the deploy",
	Run: func(p *Pass) {
		scripts(p, func(s *script) {
			if !s.shell {
				return
			}
			for _, l := range s.lines {
				n := len(l.words)
				if n < 3 || l.words[n-2].bare != "||" || l.words[n-1].bare != "true" && l.words[n-1].bare != ":" {
					continue
				}
				at := l.words[n-2].at
				reportStep(p, s.StepUse, s.span(p, at, l.words[n-1].at+len(l.words[n-1].text)-at), "a failure of %s is ignored, and the deploy goes on", l.first()).At(s.Path + ".script")
			}
		})
	},
}
