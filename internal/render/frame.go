package render

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// Text writes findings with the lines they are about.
type Text struct {
	Color bool
	// Shown makes the path of a file as it is to be printed; nil leaves it.
	Shown func(path string) string
}

// maxLine is how much of a long source line is shown, in columns.
const maxLine = 160

// Diagnostics writes all findings.
func (t Text) Diagnostics(w io.Writer, ds []diag.Diagnostic) error {
	var b strings.Builder
	for i := range ds {
		t.one(&b, &ds[i])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t Text) one(b *strings.Builder, d *diag.Diagnostic) {
	p := palette(t.Color)
	tone := p.severity(d.Severity)
	fmt.Fprintf(b, "%s%s[%s]%s%s: %s%s\n", tone, d.Severity, d.Rule, p.reset, p.bold, d.Message, p.reset)
	gutter := gutterWidth(d)
	t.frame(b, d.File, d.Span, gutter, "-->", tone, "^", "")
	for _, r := range d.Related {
		t.frame(b, r.File, r.Span, gutter, ":::", p.dim, "-", r.Message)
	}
	pad := strings.Repeat(" ", gutter)
	if d.Path != "" {
		fmt.Fprintf(b, "%s %s= at%s %s\n", pad, p.line, p.reset, place(d))
	}
	for _, f := range d.Fixes {
		kind := "fix"
		if !f.Safe {
			kind = "possible fix"
		}
		fmt.Fprintf(b, "%s %s= %s:%s %s\n", pad, p.line, kind, p.reset, f.Title)
	}
	b.WriteByte('\n')
}

// place names the data, and the deployment it belongs to.
func place(d *diag.Diagnostic) string {
	if d.Deployment != "" {
		return fmt.Sprintf("%s (deployment %q)", d.Path, d.Deployment)
	}
	return d.Path
}

// gutterWidth is the width of the largest line number shown for a finding.
func gutterWidth(d *diag.Diagnostic) int {
	n := d.File.LineOf(d.Span.Start) + 1
	for _, r := range d.Related {
		n = max(n, r.File.LineOf(r.Span.Start)+1)
	}
	return len(strconv.Itoa(n))
}

// frame shows the first line of a span, underlined.
func (t Text) frame(b *strings.Builder, f *source.File, span source.Span, gutter int, arrow, tone, mark, note string) {
	p := palette(t.Color)
	pos := f.Position(span.Start)
	pad := strings.Repeat(" ", gutter)
	fmt.Fprintf(b, "%s%s%s%s %s:%d:%d\n", pad, p.line, arrow, p.reset, t.path(f.Path), pos.Line, pos.Column)
	if len(f.Text) == 0 {
		return
	}
	lineSpan := f.LineSpan(pos.Line - 1)
	end := min(span.End, lineSpan.End)
	before, marked := f.Slice(source.Span{Start: lineSpan.Start, End: span.Start}), f.Slice(source.Span{Start: span.Start, End: end})
	line, skipped := cut(f.Slice(lineSpan), columns(before))
	indent := max(columns(before)-skipped, 0)
	under := min(max(columns(marked), 1), max(columns(line)-indent, 1))
	fmt.Fprintf(b, "%s %s|%s\n", pad, p.line, p.reset)
	fmt.Fprintf(b, "%s%*d |%s %s\n", p.line, gutter, pos.Line, p.reset, line)
	if note != "" {
		note = " " + note
	}
	fmt.Fprintf(b, "%s %s|%s %s%s%s%s%s\n", pad, p.line, p.reset, strings.Repeat(" ", indent), tone, strings.Repeat(mark, under), note, p.reset)
}

func (t Text) path(path string) string {
	if t.Shown != nil {
		return t.Shown(path)
	}
	return path
}

// cut makes a line fit, keeping the part around column at. Tabs become blanks and control characters are shown as "?".
func cut(line string, at int) (shown string, skipped int) {
	var b strings.Builder
	for _, r := range line {
		switch {
		case r == '\t':
			b.WriteByte(' ')
		case r < ' ' || r == 0x7f:
			b.WriteByte('?')
		default:
			b.WriteRune(r)
		}
	}
	runes := []rune(b.String())
	if len(runes) <= maxLine {
		return string(runes), 0
	}
	start := max(min(at-maxLine/2, len(runes)-maxLine), 0)
	shown = string(runes[start:min(start+maxLine, len(runes))])
	return shown, columns(string(runes[:start]))
}

// columns is the width of text on a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// Summary says how many findings there were, in one line.
func (t Text) Summary(w io.Writer, c Counts, suppressed int) error {
	p := palette(t.Color)
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
	line := "no findings"
	if len(parts) > 0 {
		line = strings.Join(parts, ", ")
	}
	if suppressed > 0 {
		line += fmt.Sprintf(", %d ignored by comments", suppressed)
	}
	_, err := fmt.Fprintf(w, "%s in %s\n", line, plural(c.Files, "file"))
	return err
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}
