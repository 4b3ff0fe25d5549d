package compiler

import (
	"regexp"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// ignoreComment is "# prefectc: ignore[rule, rule] reason".
var ignoreComment = regexp.MustCompile(`^#\s*prefectc:\s*ignore\[([^\]]*)\]`)

// suppressions maps lines (from 0) to the rules that are ignored there; the key -1 stands for the whole file.
type suppressions map[int]map[string]bool

const wholeFile = -1

func readSuppressions(doc *yamldoc.Document) suppressions {
	var s suppressions
	top := true
	lastLine := -1
	for _, span := range doc.Comments {
		line := doc.File.LineOf(span.Start)
		alone := strings.TrimSpace(doc.File.Slice(doc.File.LineSpan(line))) == strings.TrimSpace(doc.File.Slice(span))
		top = top && alone && line == lastLine+1 // the block of comments that opens the file
		lastLine = line
		m := ignoreComment.FindStringSubmatch(doc.File.Slice(span))
		if m == nil {
			continue
		}
		if s == nil {
			s = suppressions{}
		}
		at := line
		switch {
		case top:
			at = wholeFile
		case alone:
			at = line + 1
		}
		if s[at] == nil {
			s[at] = map[string]bool{}
		}
		for _, rule := range strings.Split(m[1], ",") {
			s[at][strings.TrimSpace(rule)] = true
		}
	}
	return s
}

// suppress drops the findings that a comment ignores: on a line that the finding touches, the line above, or at the top
// of the file.
func suppress(doc *yamldoc.Document, found []diag.Diagnostic) (kept []diag.Diagnostic, suppressed int) {
	s := readSuppressions(doc)
	if s == nil {
		return found, 0
	}
	for _, d := range found {
		if s.covers(doc, d) {
			suppressed++
			continue
		}
		kept = append(kept, d)
	}
	return kept, suppressed
}

func (s suppressions) covers(doc *yamldoc.Document, d diag.Diagnostic) bool {
	if s[wholeFile][d.Rule] {
		return true
	}
	if d.File != doc.File {
		return false
	}
	first, last := doc.File.LineOf(d.Span.Start), doc.File.LineOf(d.Span.End)
	for line := first; line <= last; line++ {
		if s[line][d.Rule] {
			return true
		}
	}
	return false
}
