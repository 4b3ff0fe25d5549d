package render

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
)

// Summary says how many findings there were, in one line.
func (t Text) Summary(w io.Writer, r *Report) error {
	p := palette(t.Color)
	c := r.Counts()
	var parts []string
	for _, s := range []struct {
		n    int
		word string
		sev  diag.Severity
	}{{c.Errors, "error", diag.Error}, {c.Warnings, "warning", diag.Warning}, {c.Infos, "note", diag.Info}} {
		if s.n > 0 {
			parts = append(parts, p.severity(s.sev)+plural(s.n, s.word)+p.reset)
		}
	}
	line := "no findings in " + plural(c.Files, "file")
	if len(parts) > 0 {
		line = strings.Join(parts, ", ") + " in " + plural(c.Files, "file")
		if with := r.filesWith(); with < c.Files {
			line = fmt.Sprintf("%s in %d of %d files", strings.Join(parts, ", "), with, c.Files)
		}
	}
	for _, left := range []struct {
		n    int
		what string
	}{{r.Suppressed, "ignored by comments"}, {r.Accepted, "accepted by the baseline"}} {
		if left.n > 0 {
			line += fmt.Sprintf("; %d %s", left.n, left.what)
		}
	}
	_, err := fmt.Fprintf(w, "%s\n%s", line, t.hints(r))
	return err
}

// hints says on a terminal what can be done about the findings, a line each.
func (t Text) hints(r *Report) string {
	if !t.Hints || len(r.Findings) == 0 {
		return ""
	}
	safe, unsafe := 0, 0
	for i := range r.Findings {
		switch fixes := r.Findings[i].Fixes; {
		case slices.ContainsFunc(fixes, func(f diag.Fix) bool { return f.Safe }):
			safe++
		case len(fixes) > 0:
			unsafe++
		}
	}
	var lines []string
	if safe > 0 {
		lines = append(lines, fmt.Sprintf("--fix mends %d", safe))
	}
	if unsafe > 0 {
		lines = append(lines, fmt.Sprintf("--fix --unsafe-fixes mends %d more by guessing; --diff in place of --fix shows how", unsafe))
		if safe == 0 {
			lines[0] = strings.Replace(lines[0], " more", "", 1)
		}
	}
	if first := r.Findings[0]; first.URL != "" {
		lines = append(lines, "prefectc explain "+first.Rule+" says more about that rule")
	}
	p := palette(t.Color)
	var b strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&b, "%s%s%s\n", p.dim, t.fold(line, 0, 2), p.reset)
	}
	return b.String()
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}
