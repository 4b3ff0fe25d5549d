package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

var repositoryTrailingSlash = &Rule{
	Name:     "repository-trailing-slash",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Deploys:  true,
	Summary:  "an address that ends in /, from which git_clone makes an empty directory name",
	Run: func(p *Pass) {
		coreSteps(p, func(s *StepUse) {
			url, ok := s.repository()
			if _, named := given(s, "clone_directory_name"); !ok || named || !strings.HasSuffix(url, "/") {
				return
			}
			n := s.argument("repository")
			end := part(p, n, len(url)-1, len(url))
			f := reportStep(p, s, n.Span, "git_clone names its directory after what follows the last \"/\" of the address, which here is nothing: leave the \"/\" out")
			if end.Len() == 1 && n.Style != yamldoc.Literal && n.Style != yamldoc.Folded {
				f.UnsafeFix(`remove the last "/"`, Replace(source.Span{Start: end.Start, End: end.End}, ""))
			}
		}, "git_clone", "git_clone_project", "pull.agit_clone")
	},
}
