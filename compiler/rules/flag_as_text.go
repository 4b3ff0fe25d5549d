package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var flagAsText = &Rule{
	Name:     "flag-as-text",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Deploys:  true,
	Summary:  "a flag of a step written as text: \"false\" counts as true",
	Run: func(p *Pass) {
		knownSteps(p, func(s *StepUse) {
			for _, a := range s.Args {
				param, v := s.parameter(a.Key.Text), a.Value.Deref()
				if param == nil || v == nil || v.Kind != yamldoc.String || !slices.Contains(param.Types, "boolean") || slices.Contains(param.Types, "string") {
					continue
				}
				switch strings.ToLower(v.Text) {
				case "false", "no", "off", "n", "f", "0":
					f := reportStep(p, s, v.Span, "%q of %s is the text %q, which counts as true: write false without quotes", param.Name, s.name(), v.Text)
					if v.Style == yamldoc.SingleQuoted || v.Style == yamldoc.DoubleQuoted {
						f.UnsafeFix(fmt.Sprintf("make %q false", param.Name), Replace(v.Span, "false"))
					}
				}
			}
		})
	},
}
