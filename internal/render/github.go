package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
)

// github writes workflow commands, which GitHub Actions turns into annotations of the changed lines:
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
func (r *Report) github(w io.Writer) error {
	var b strings.Builder
	for i := range r.Findings {
		d := &r.Findings[i]
		command := d.Severity.String()
		if d.Severity == diag.Info {
			command = "notice"
		}
		start, end := d.File.Position(d.Span.Start), d.File.Position(d.Span.End)
		fmt.Fprintf(&b, "::%s file=%s,line=%d,col=%d,endLine=%d", command, githubProperty(r.path(d.File)), start.Line, start.Column, end.Line)
		if end.Line == start.Line {
			fmt.Fprintf(&b, ",endColumn=%d", end.Column)
		}
		fmt.Fprintf(&b, ",title=%s::%s\n", githubProperty(d.Rule), githubData(d.Message))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// githubData escapes the text of a command; line breaks stay, other controls would reach the log's terminal.
func githubData(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.ReplaceAll(printable(lines[i]), "%", "%25")
	}
	return strings.Join(lines, "%0A")
}

// githubProperty escapes the value of a property of a command.
func githubProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
