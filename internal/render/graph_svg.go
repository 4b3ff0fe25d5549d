package render

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// style is all the drawing needs: no fonts or files from elsewhere. Its names are below .graph, so that it does no harm in a page
// that has other drawings, and it follows the reader's dark or light.
const style = `.graph{--ink:#1f2328;--soft:#59636e;--paper:#fff;--pool:#f6f8fa;--edge:#8c959f;--build:#0969da;--push:#1a7f37;--pull:#bc4c00;--wrong:#cf222e;
--build-bg:#ddf4ff;--push-bg:#dafbe1;--pull-bg:#fff1e5}
@media(prefers-color-scheme:dark){.graph{--ink:#e6edf3;--soft:#9198a1;--paper:#0d1117;--pool:#151b23;--edge:#656c76;--build:#4493f8;--push:#3fb950;--pull:#db6d28;--wrong:#f85149;
--build-bg:#0d2440;--push-bg:#0d2a17;--pull-bg:#331c0b}}
.graph text{font:12px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--ink)}
.graph .title{font:600 15px system-ui,sans-serif}.graph .head{font-weight:600}.graph .note{fill:var(--soft)}
.graph rect{fill:var(--paper);stroke:var(--soft)}.graph .build rect{fill:var(--build-bg);stroke:var(--build)}.graph .push rect{fill:var(--push-bg);stroke:var(--push)}
.graph .pull rect{fill:var(--pull-bg);stroke:var(--pull)}.graph .pool rect{fill:var(--pool)}.graph path{fill:none;stroke-width:1.5;stroke:var(--edge)}
.graph path.build{stroke:var(--build)}.graph path.push{stroke:var(--push)}.graph path.pull{stroke:var(--pull)}.graph path.runs{stroke-dasharray:5 4;stroke-opacity:.7}
.graph .tip{fill:var(--soft);stroke:none}.graph .tip.build{fill:var(--build)}.graph .tip.push{fill:var(--push)}.graph .tip.pull{fill:var(--pull)}
.graph .missing{fill:var(--wrong)}.graph .page{stroke:none}
`

// SVG draws the graph: steps at the left, deployments that share everything together in the middle, work pools at the right.
func (g Graph) SVG(w io.Writer) error {
	l := g.layout()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="graph" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img" aria-label="Graph of %s: %s">`+"\n",
		l.width, l.height, xmlText(g.File), xmlText(g.summary()))
	fmt.Fprintf(&b, "<style>%s</style>\n<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n", style, l.width, l.height)
	fmt.Fprintf(&b, "<text class=\"title\" x=\"%d\" y=\"28\">%s</text>\n", margin, xmlText(cutText(g.File)))
	loops := 0
	for _, n := range l.lines {
		n.draw(&b, loops)
		if n.loop {
			loops++
		}
	}
	for _, boxes := range [][]*box{l.actions, l.groups, l.pool} {
		for _, x := range boxes {
			x.draw(&b)
		}
	}
	l.legend(&b)
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// summary says the graph in words.
func (g Graph) summary() string {
	steps := 0
	for _, a := range g.Actions {
		steps += len(a.Steps)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s, %s.", plural(steps, "step"), plural(len(g.Deployments), "deployment"), plural(len(g.Pools), "work pool"))
	titles := map[string]string{}
	for _, a := range g.Actions {
		for _, s := range a.Steps {
			titles[s.ID] = actionTitle(a) + ": " + stepTitle(s)
		}
	}
	for _, p := range g.Pools {
		titles[p.ID] = "work pool " + poolTitle(p)
	}
	for _, d := range g.Deployments {
		fmt.Fprintf(&b, " %s runs in %s.", d.Name, titles[d.Pool])
	}
	for _, e := range g.edges() {
		if e.label != "" && !e.missing && titles[e.to] != "" {
			fmt.Fprintf(&b, " %s gives %s to %s.", titles[e.from], e.label, titles[e.to])
		}
	}
	return b.String()
}

// draw writes the line: from the right side of one box to the left side of another, or around the left of the steps.
func (n *line) draw(b *strings.Builder, loop int) {
	class := n.class
	if n.runs {
		class += " runs"
	}
	y := n.from.middle(n.fromRow)
	var path string
	x2 := n.to.x
	if n.loop {
		out := n.from.x - (loop%maxLoops+1)*loopSpace - 6
		path = fmt.Sprintf("M%d %dC%d %d %d %d %d %d", n.from.x, y, out, y, out, n.toY, x2, n.toY)
	} else {
		if n.fromRow < 0 && n.class == "pool" {
			y = n.from.y + n.from.h/2
		}
		x1 := n.from.x + n.from.w
		bend := (x2 - x1) / 2
		path = fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y, x1+bend, y, x2-bend, n.toY, x2-6, n.toY)
	}
	fmt.Fprintf(b, "<path class=%q d=%q>", class, path)
	if n.tip != "" {
		fmt.Fprintf(b, "<title>%s</title>", xmlText(n.tip))
	}
	b.WriteString("</path>")
	fmt.Fprintf(b, "<polygon class=\"tip %s\" points=\"%d,%d %d,%d %d,%d\"/>\n", n.class, x2, n.toY, x2-8, n.toY-4, x2-8, n.toY+4)
}

func (x *box) draw(b *strings.Builder) {
	fmt.Fprintf(b, "<g class=%q><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n", x.class, x.x, x.y, x.w, x.h)
	x.text(b, "head", x.x+padding, -1, "", x.head, x.tip)
	for i, r := range x.rows {
		x.text(b, "", x.x+padding, i, "", r.text, r.tip)
		if r.note != "" {
			x.text(b, "note", x.x+x.w-padding, i, "end", r.note, "")
		}
	}
	b.WriteString("</g>\n")
}

func (x *box) text(b *strings.Builder, class string, at, row int, anchor, text, tip string) {
	b.WriteString("<text")
	if class != "" {
		fmt.Fprintf(b, " class=%q", class)
	}
	if anchor != "" {
		fmt.Fprintf(b, " text-anchor=%q", anchor)
	}
	fmt.Fprintf(b, " x=\"%d\" y=\"%d\">", at, x.middle(row)+4)
	if tip != "" && tip != text {
		fmt.Fprintf(b, "<title>%s</title>", xmlText(tip))
	}
	fmt.Fprintf(b, "%s</text>\n", xmlText(text))
}

// legend explains the lines, and lists the references that nothing gives.
func (l *layout) legend(b *strings.Builder) {
	y := l.height - 18
	for i, name := range l.missing {
		fmt.Fprintf(b, "<text class=\"missing\" x=\"%d\" y=\"%d\">nothing gives %s</text>\n", margin, y-(len(l.missing)-i)*rowHeight, xmlText(cutText(name)))
	}
	fmt.Fprintf(b, "<path class=\"build\" d=\"M%d %dh30\"/><text class=\"note\" x=\"%d\" y=\"%d\">gives a value</text>\n", margin, y-4, margin+38, y)
	fmt.Fprintf(b, "<path class=\"build runs\" d=\"M%d %dh30\"/><text class=\"note\" x=\"%d\" y=\"%d\">runs for it</text>\n", margin+160, y-4, margin+198, y)
}

// xmlText escapes text, and leaves out what XML cannot hold.
func xmlText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
