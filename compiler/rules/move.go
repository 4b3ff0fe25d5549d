package rules

import (
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
	"github.com/prefectc/prefectc/compiler/yamldoc"
)

// moveInto are the edits that move an entry of a block mapping to the end of another block mapping that is nested deeper,
// with its lines and their comments; nil where that takes more.
func moveInto(src *source.File, from *yamldoc.Node, key *yamldoc.Node, to *yamldoc.Node) []diag.Edit {
	if from == nil || to == nil || from.Style != yamldoc.Block || to.Style != yamldoc.Block || to.Kind != yamldoc.Mapping || len(to.Pairs) == 0 {
		return nil
	}
	pair, ok := pairOf(from, key)
	if !ok || holds(to, key.Text) || !from.Span.Covers(to.Span) || pair.Span.Covers(to.Span) {
		return nil
	}
	lines := wholeLines(src, pair.Span)
	text := src.Slice(lines)
	column := pair.Key.Span.Start - lines.Start
	if strings.TrimSpace(text[:column]) != "" || strings.ContainsAny(text, "&*\t") || !strings.HasSuffix(text, "\n") {
		return nil // it shares its first line with a dash, or would part an anchor from its aliases, or ends the file
	}
	deeper := columnOf(src, to.Pairs[0].Key) - column
	end := wholeLines(src, to.Span).End
	if deeper <= 0 || !strings.HasSuffix(src.Slice(source.Span{Start: to.Span.Start, End: end}), "\n") || lines.Start < end && end < lines.End {
		return nil
	}
	return []diag.Edit{Insert(end, indented(text, deeper)), Replace(lines, "")}
}

func pairOf(m, key *yamldoc.Node) (yamldoc.Pair, bool) {
	for _, pair := range m.Pairs {
		if pair.Key == key {
			return pair, true
		}
	}
	return yamldoc.Pair{}, false
}

// wholeLines is the span of the lines that a span touches, with their line breaks.
func wholeLines(src *source.File, span source.Span) source.Span {
	first, last := src.LineOf(span.Start), src.LineOf(max(span.Start, span.End-1))
	return source.Span{Start: src.LineStart(first), End: src.LineStart(last + 1)}
}

func columnOf(src *source.File, n *yamldoc.Node) int {
	return n.Span.Start - src.LineStart(src.LineOf(n.Span.Start))
}

// indented moves lines to the right.
func indented(text string, by int) string {
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			lines[i] = strings.Repeat(" ", by) + line
		}
	}
	return strings.Join(lines, "")
}
