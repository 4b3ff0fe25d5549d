package compiler

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/pattern"
	"github.com/prefectc/prefectc/compiler/rules"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
	"github.com/prefectc/prefectc/schema"
)

// ignoreComment is "# prefectc: ignore[rule, rule] reason".
var ignoreComment = pattern.New(`^#\s*prefectc:\s*ignore\[([^\]]*)\]`)

// suppression is one rule that a comment ignores.
type suppression struct {
	comment source.Span
	name    source.Span // of the rule in the comment
	rule    string
	line    int // from 0; wholeFile for all
	used    bool
}

// suppressions are those of a file in the order of their comments, and by rule and line.
type suppressions struct {
	all []*suppression
	by  map[ignored][]*suppression
}

type ignored struct {
	rule string
	line int
}

const wholeFile = -1

func readSuppressions(doc *yamldoc.Document) suppressions {
	all := suppressions{by: map[ignored][]*suppression{}}
	if !bytes.Contains(doc.File.Text, []byte("ignore[")) {
		return all // cheaper than looking at every comment
	}
	top := true
	lastLine := -1
	for _, span := range doc.Comments {
		line := doc.File.LineOf(span.Start)
		alone := strings.TrimSpace(doc.File.Slice(doc.File.LineSpan(line))) == strings.TrimSpace(doc.File.Slice(span))
		top = top && alone && line == lastLine+1 // the block of comments that opens the file
		lastLine = line
		m := ignoreComment.FindStringSubmatchIndex(doc.File.Slice(span))
		if m == nil {
			continue
		}
		at := line
		switch {
		case top:
			at = wholeFile
		case alone:
			at = line + 1
		}
		start := span.Start + m[2]
		for _, part := range strings.SplitAfter(doc.File.Slice(source.Span{Start: start, End: span.Start + m[3]}), ",") {
			rule := strings.TrimSpace(strings.TrimSuffix(part, ","))
			first := start + len(part) - len(strings.TrimLeft(part, " \t"))
			one := &suppression{comment: span, name: source.Span{Start: first, End: first + len(rule)}, rule: rule, line: at}
			all.all = append(all.all, one)
			all.by[ignored{rule, at}] = append(all.by[ignored{rule, at}], one)
			start += len(part)
		}
	}
	return all
}

// suppress drops the findings that a comment ignores: on a line that the finding touches, the line above, or at the top
// of the file. Of the rules that ran, those that a comment names in vain are findings themselves.
func suppress(doc *yamldoc.Document, found []diag.Diagnostic, ran []*rules.Rule, g schema.Generation) (kept []diag.Diagnostic, suppressed int) {
	all := readSuppressions(doc)
	if all.all == nil {
		return found, 0
	}
	for _, d := range found {
		if covered(doc, all, d) {
			suppressed++
			continue
		}
		kept = append(kept, d)
	}
	return append(kept, unusedIgnores(doc, all, found, ran, g)...), suppressed
}

func covered(doc *yamldoc.Document, all suppressions, d diag.Diagnostic) bool {
	covers := all.use(d.Rule, wholeFile)
	if d.File != doc.File {
		return covers
	}
	for line := doc.File.LineOf(d.Span.Start); line <= doc.File.LineOf(d.Span.End); line++ {
		covers = all.use(d.Rule, line) || covers
	}
	return covers
}

// use marks what ignores a rule on a line.
func (a suppressions) use(rule string, line int) bool {
	found := a.by[ignored{rule, line}]
	for _, s := range found {
		s.used = true
	}
	return len(found) > 0
}

// unusedIgnores reports names in comments that keep nothing silent. In a file that could not be read as a whole, or that
// others are generated from, most rules had nothing to look at.
func unusedIgnores(doc *yamldoc.Document, all suppressions, found []diag.Diagnostic, ran []*rules.Rule, g schema.Generation) []diag.Diagnostic {
	if !slices.Contains(ran, rules.UnusedIgnore) {
		return nil
	}
	whole := !slices.ContainsFunc(doc.Problems, func(p yamldoc.Problem) bool { return p.Fatal }) &&
		!slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Rule == "template-source" })
	named := map[source.Span]int{} // rules in a comment
	for _, s := range all.all {
		named[s.comment]++
	}
	var out []diag.Diagnostic
	for _, s := range all.all {
		if s.used || len(out) > maxListed {
			continue
		}
		d := diag.Diagnostic{
			Rule: rules.UnusedIgnore.Name, Severity: rules.UnusedIgnore.Severity, File: doc.File, Span: s.name,
			Tags: []diag.Tag{diag.Unnecessary}, URL: rules.PageURL(rules.UnusedIgnore.Name),
		}
		rule, err := rules.Find(s.rule)
		switch {
		case s.rule == "":
			d.Message = "the comment names no rule: write ignore[rule-name]"
		case IsPolicy(s.rule):
			continue // the project's configuration may have it
		case err != nil:
			d.Message = err.Error()
		case whole && slices.Contains(ran, rule) && (rule.Only == 0 || rule.Only == g):
			d.Message = fmt.Sprintf("%q finds nothing here: remove it from the comment", s.rule)
			if named[s.comment] == 1 {
				d.Fixes = []diag.Fix{{Title: "remove the comment", Safe: true, Edits: []diag.Edit{removeComment(doc.File, s.comment)}}}
			}
		default:
			continue
		}
		out = append(out, d)
	}
	return out
}

// removeComment takes a comment out with the blanks before it, or with its line when it stands alone.
func removeComment(f *source.File, comment source.Span) diag.Edit {
	line := f.LineOf(comment.Start)
	start := comment.Start
	for start > f.LineStart(line) && (f.Text[start-1] == ' ' || f.Text[start-1] == '\t') {
		start--
	}
	if start == f.LineStart(line) {
		return diag.Edit{Span: source.Span{Start: start, End: f.LineStart(line + 1)}}
	}
	return diag.Edit{Span: source.Span{Start: start, End: comment.End}}
}
