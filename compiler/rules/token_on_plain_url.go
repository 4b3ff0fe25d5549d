package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var tokenOnPlainURL = &Rule{
	Name:     "token-on-plain-url",
	Severity: diag.Warning,
	Summary:  "a token for a repository address that is not https, where git_clone does not use it",
	Run: func(p *Pass) {
		coreSteps(p, func(s *StepUse) {
			url, ok := s.repository()
			if !ok || !strings.Contains(url, ":") || strings.HasPrefix(url, "https://") {
				return
			}
			for _, name := range []string{"access_token", "credentials"} {
				if a, ok := given(s, name); ok {
					f := reportStep(p, s, a.Key.Span, "%q is not used: git_clone puts it into https addresses only, and this one is %q", name, urlScheme(url))
					f.Also(s.argument("repository").Span, "the address is here")
				}
			}
		}, "git_clone", "git_clone_project", "pull.agit_clone")
	},
}

// repository is the text of the repository argument. Its start counts, so that a placeholder further on does not matter.
func (s *StepUse) repository() (string, bool) {
	n := s.argument("repository")
	if n == nil || n.Kind != yamldoc.String || strings.HasPrefix(n.Text, "{{") || n.Text == "" {
		return "", false
	}
	return n.Text, true
}

var scheme = pattern.New(`^[a-z+]+://`)

func urlScheme(url string) string {
	if s := scheme.FindString(url); s != "" {
		return s + "…"
	}
	head, _, _ := strings.Cut(url, ":")
	return head + ":…"
}
