package render

import (
	"io"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// gitlabIssue is an entry of GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/.
type gitlabIssue struct {
	Description string         `json:"description"`
	Check       string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path      string          `json:"path"`
	Positions gitlabPositions `json:"positions"`
}

type gitlabPositions struct {
	Begin source.Position `json:"begin"`
	End   source.Position `json:"end"`
}

func (r *Report) gitlab(w io.Writer) error {
	issues := []gitlabIssue{}
	for i := range r.Findings {
		d := &r.Findings[i]
		issue := gitlabIssue{
			Description: d.Message, Check: d.Rule, Severity: gitlabSeverity(d),
			Location: gitlabLocation{r.path(d.File), gitlabPositions{d.File.Position(d.Span.Start), d.File.Position(d.Span.End)}},
		}
		if r.Fingerprint != nil {
			issue.Fingerprint = r.Fingerprint(i)
		}
		issues = append(issues, issue)
	}
	return encode(w, issues)
}

// gitlabSeverity: what stops a deployment is critical.
func gitlabSeverity(d *diag.Diagnostic) string {
	switch {
	case d.Blocks:
		return "critical"
	case d.Severity == diag.Error:
		return "major"
	case d.Severity == diag.Warning:
		return "minor"
	}
	return "info"
}
