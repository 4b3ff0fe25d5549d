package render

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/compiler/source"
)

// Text writes findings with the lines they are about.
type Text struct {
	Color bool
	Links bool   // names lead to pages and files, on a terminal that knows OSC 8; others show the name alone
	Width int    // columns of the terminal; 0 when it is none: then no message is broken, so that it can be searched for
	Base  string // absolute directory that relative paths of files start from, for Links; empty makes no links to files
	Hints bool   // say at the end what can be done about the findings
	// NoSummary leaves out how many findings there were.
	NoSummary bool
	// Brief gives notes one line for each rule and file, without the lines that they are about.
	Brief  bool
	hidden map[*source.File][]source.Span // texts that are secrets
	// Shown makes the path of a file as it is to be printed; nil leaves it.
	Shown func(path string) string
}

// maxLine is how much of a long source line is shown when the width of the terminal is not known, in columns. minLine is shown
// on any terminal.
const (
	maxLine = 160
	minLine = 20
)

// Diagnostics writes all findings.
func (t Text) Diagnostics(w io.Writer, ds []diag.Diagnostic) error {
	var b strings.Builder
	t.hidden = hiddenBy(ds)
	if t.Brief {
		t.brief(&b, ds)
	} else {
		for i := range ds {
			t.one(&b, &ds[i])
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t Text) one(b *strings.Builder, d *diag.Diagnostic) {
	p := palette(t.Color)
	tone := p.severity(d.Severity)
	head := len(d.Severity.String()) + len("[]: ") + columns(d.Rule)
	fmt.Fprintf(b, "%s%s[%s]%s%s: %s%s\n", tone, d.Severity, t.rule(d), p.reset, p.bold, t.fold(printable(d.Message), head, messageIndent), p.reset)
	gutter := gutterWidth(d)
	t.frame(b, d.File, d.Span, gutter, "-->", tone, "^", "")
	for _, r := range d.Related {
		t.frame(b, r.File, r.Span, gutter, ":::", p.dim, "-", r.Message)
	}
	pad := strings.Repeat(" ", gutter)
	if d.Path != "" {
		fmt.Fprintf(b, "%s %s= at%s %s\n", pad, p.line, p.reset, t.below(place(d), gutter, "at"))
	}
	for _, f := range d.Fixes {
		kind := "fix"
		if !f.Safe {
			kind = "possible fix"
		}
		fmt.Fprintf(b, "%s %s= %s:%s %s\n", pad, p.line, kind, p.reset, t.below(f.Title, gutter, kind+":"))
	}
	b.WriteByte('\n')
}

// messageIndent is how far the further lines of a message are indented.
const messageIndent = 4

// fold breaks a text that starts at a column so that it stays within the terminal, if there is one.
func (t Text) fold(text string, at, indent int) string {
	if t.Width <= 0 {
		return text
	}
	return wrapFrom(text, at, indent, t.Width)
}

// below is the text of a line "= word text" under a frame.
func (t Text) below(text string, gutter int, word string) string {
	indent := gutter + len(" = ")
	return t.fold(printable(text), indent+len(word)+1, indent+2)
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
	fmt.Fprintf(b, "%s%s%s%s %s:%d:%d\n", pad, p.line, arrow, p.reset, t.file(f.Path), pos.Line, pos.Column)
	if len(f.Text) == 0 {
		return
	}
	lineSpan := f.LineSpan(pos.Line - 1)
	end := min(span.End, lineSpan.End)
	before, marked := t.slice(f, source.Span{Start: lineSpan.Start, End: span.Start}), t.slice(f, source.Span{Start: span.Start, End: end})
	line, skipped := cut(t.slice(f, lineSpan), columns(before), t.lineWidth(gutter))
	indent := max(columns(before)-skipped, 0)
	under := min(max(columns(marked), 1), max(columns(line)-indent, 1))
	fmt.Fprintf(b, "%s %s|%s\n", pad, p.line, p.reset)
	fmt.Fprintf(b, "%s%*d |%s %s\n", p.line, gutter, pos.Line, p.reset, strings.TrimRight(line, " "))
	if last := lastLine(f, span); last > pos.Line {
		mark += strings.Repeat(mark, under-1) + fmt.Sprintf(" to line %d", last)
	} else {
		mark = strings.Repeat(mark, under)
	}
	fmt.Fprintf(b, "%s %s|%s %s%s%s", pad, p.line, p.reset, strings.Repeat(" ", indent), tone, mark)
	text := gutter + len(" | ") // where the source line starts
	switch note = printable(note); {
	case note == "":
	case t.Width <= 0 || text+indent+columns(mark)+1+columns(note) <= t.Width:
		b.WriteString(" " + note)
	default:
		fmt.Fprintf(b, "%s\n%s %s|%s %s%s", p.reset, pad, p.line, p.reset, tone, t.fold(note, text, text))
	}
	b.WriteString(p.reset + "\n")
}

// hiddenBy gathers the texts that findings say are secrets.
func hiddenBy(ds []diag.Diagnostic) map[*source.File][]source.Span {
	var hidden map[*source.File][]source.Span
	for i := range ds {
		if ds[i].Hides {
			if hidden == nil {
				hidden = map[*source.File][]source.Span{}
			}
			hidden[ds[i].File] = append(hidden[ds[i].File], ds[i].Span)
		}
	}
	return hidden
}

// slice is the text of a line with stars for secrets, whichever finding the line is shown for.
func (t Text) slice(f *source.File, line source.Span) string {
	text := f.Slice(line)
	for _, h := range t.hidden[f] {
		from, to := max(h.Start, line.Start), min(h.End, line.End)
		if from >= to {
			continue
		}
		text = text[:from-line.Start] + strings.Repeat("*", to-from) + text[to-line.Start:]
	}
	return text
}

// lastLine is the line, from 1, on which the text of a span ends; the line break and blanks at its end do not count.
func lastLine(f *source.File, span source.Span) int {
	text := strings.TrimRight(f.Slice(span), " \t\r\n")
	return f.LineOf(span.Start+len(text)) + 1
}

// lineWidth is how much of a source line fits beside the gutter.
func (t Text) lineWidth(gutter int) int {
	if t.Width <= 0 {
		return maxLine
	}
	return max(t.Width-gutter-len(" | "), minLine)
}

// cut makes a line fit into a width, keeping the part around column at; an ellipsis stands for what is left out. Skipped is the
// number of columns by which the text moved to the left.
func cut(line string, at, width int) (shown string, skipped int) {
	line = printable(line)
	total := columns(line)
	if total <= width {
		return line, 0
	}
	start := max(min(at-width/2, total-width), 0) // the first column that is shown
	var b strings.Builder
	col, shownFrom := 0, -1
	room := width
	if start > 0 {
		b.WriteString("…")
		start, room = start+1, room-1
	}
	if start+room < total {
		room--
	}
	for _, r := range line {
		n := runeColumns(r)
		if col >= start {
			if shownFrom < 0 {
				shownFrom = col
			}
			if col+n > shownFrom+room {
				b.WriteString("…")
				break
			}
			b.WriteRune(r)
		}
		col += n
	}
	if start > 0 {
		shownFrom-- // the ellipsis
	}
	return b.String(), shownFrom
}

// printable shows text on one line without anything that a terminal would act on: a tab becomes a blank, other controls and
// marks that turn the direction of writing become "?".
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r == '\u2028', r == '\u2029', '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
			return '?'
		}
		return r
	}, s)
}

// columns is the width of text on a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) { // combining marks and joiners
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
