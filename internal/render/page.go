package render

import (
	"fmt"
	"io"
	"strings"
)

// maxPageWidth is how wide a page gets at most: longer lines are hard to read.
const maxPageWidth = 100

// Page draws the documentation of a rule on a terminal: headings, paragraphs, lists and fenced examples of its Markdown. Facts
// is one line under the title.
func Page(w io.Writer, markdown, facts string, color bool, width int) error {
	if width <= 0 {
		width = defaultWidth
	}
	p := &page{c: palette(color), width: min(width, maxPageWidth)}
	lines := strings.Split(strings.TrimSpace(markdown), "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " ")
		switch {
		case strings.HasPrefix(line, "# "):
			p.flush()
			fmt.Fprintf(&p.b, "%s%s%s\n%s%s%s\n", p.c.bold, line[2:], p.c.reset, p.c.dim, facts, p.c.reset)
		case strings.HasPrefix(line, "## "):
			p.flush()
			fmt.Fprintf(&p.b, "\n%s%s%s\n", p.c.bold, line[3:], p.c.reset)
		case strings.HasPrefix(line, "```"):
			p.flush()
			end := i + 1
			for end < len(lines) && !strings.HasPrefix(lines[end], "```") {
				end++
			}
			p.example(line[3:], lines[i+1:min(end, len(lines))])
			i = end
		case line == "":
			p.flush()
		case strings.HasPrefix(line, "- "):
			p.flush()
			p.text = line
		default:
			p.text = strings.TrimLeft(p.text+" "+strings.TrimLeft(line, " "), " ")
		}
	}
	p.flush()
	_, err := io.WriteString(w, p.b.String())
	return err
}

// page is a page being drawn.
type page struct {
	b     strings.Builder
	c     colors
	width int
	text  string // paragraph or item whose lines are being gathered
	item  bool   // the last paragraph was an item of a list
}

// flush writes the paragraph that was gathered.
func (p *page) flush() {
	if p.text == "" {
		return
	}
	indent, item := 0, strings.HasPrefix(p.text, "- ")
	if item {
		indent = 2
	}
	if !item || !p.item {
		p.b.WriteByte('\n')
	}
	p.item = item
	text := wrapFrom(printable(p.text), 0, indent, p.width)
	p.text = ""
	p.b.WriteString(p.inline(text) + "\n")
}

// inline gives text in backticks a colour; without colours the backticks stay, for they tell where it ends.
func (p *page) inline(text string) string {
	if p.c.reset == "" {
		return text
	}
	parts := strings.Split(text, "`")
	var b strings.Builder
	for i, part := range parts {
		switch {
		case i%2 == 0:
			b.WriteString(part)
		case i == len(parts)-1: // never closed
			b.WriteString("`" + part)
		default:
			b.WriteString(p.c.dim + part + p.c.reset)
		}
	}
	return b.String()
}

// example writes a fenced block under what it is: wrong, right, or a file.
func (p *page) example(info string, lines []string) {
	words := strings.Fields(info)
	head, tone := info, p.c.line
	if len(words) > 1 {
		head = words[1]
		switch words[1] {
		case "bad":
			head, tone = "wrong", p.c.red
		case "good":
			head, tone = "right", p.c.green
		}
		for _, more := range words[2:] {
			head += ", " + strings.Replace(more, "prefect=", "Prefect ", 1)
		}
	}
	fmt.Fprintf(&p.b, "\n  %s%s%s\n", tone, head, p.c.reset)
	for _, line := range lines {
		fmt.Fprintf(&p.b, "  %s|%s %s\n", p.c.line, p.c.reset, printable(line))
	}
	p.item = false
}

// RuleList writes a line a rule, wrapped to a width; 0 wraps nothing.
func RuleList(w io.Writer, list []RuleInfo, color bool, width int) error {
	c := palette(color)
	t := Text{Width: width}
	longest := 0
	for _, r := range list {
		longest = max(longest, len(r.Name))
	}
	at := longest + len("  warning  ")
	indent := at
	if width > 0 && width-at < 2*minLine {
		indent = messageIndent
	}
	var b strings.Builder
	for _, r := range list {
		fmt.Fprintf(&b, "%-*s  %s%-7s%s  %s\n", longest, r.Name, c.severity(r.Severity), r.Severity, c.reset, t.fold(r.Summary, at, indent))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
