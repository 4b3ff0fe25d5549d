package render

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/plan"
)

// blame says who changed a field when it was not the file alone.
func blame(by plan.Cause) string {
	switch by {
	case plan.ByServer:
		return "changed on the server"
	case plan.ByBoth:
		return "changed on the server and in the file"
	}
	return ""
}

// kept lists what stays as the server has it.
func (v PlanView) kept(b *strings.Builder, d *plan.Deployment) {
	c := palette(v.Color)
	for _, ch := range d.Kept {
		text := "nothing"
		if ch.OldSet {
			text = v.side(d, ch.Path, ch.Old)
		}
		head := fmt.Sprintf("    %s=%s %s: ", c.yellow, c.reset, printable(ch.Path))
		fmt.Fprintf(b, "%s%s  %s%s, kept%s\n", head, wrap(text, changeIndent, v.width()), c.yellow, blame(ch.By), c.reset)
	}
}

// gone lists the deployments that left the file.
func (v PlanView) gone(b *strings.Builder, p *plan.Plan) {
	c := palette(v.Color)
	for _, g := range p.Gone {
		note := ""
		switch {
		case g.Why != "":
			note = "  left alone: " + g.Why
		case !g.Deletes:
			note = "  only with --prune"
		}
		fmt.Fprintf(b, "%s- delete%s %s%s%s%s\n", c.red, c.reset, c.bold, printable(g.FullName()), c.reset, note)
	}
	if len(p.Gone) > 0 {
		b.WriteByte('\n')
	}
}

// Left is what is said of deployments that left the file and are not deleted, "" without any. pruned says that deleting was asked for.
func Left(gone []*plan.Gone, pruned bool) string {
	var names []string
	for _, g := range gone {
		switch {
		case g.Deletes:
		case pruned:
			names = append(names, fmt.Sprintf("%s (%s)", g.FullName(), g.Why))
		default:
			names = append(names, g.FullName())
		}
	}
	if len(names) == 0 {
		return ""
	}
	list := CountOf(len(names), "deployment") + " left the file"
	if pruned {
		return list + " and " + isAre(len(names)) + " not deleted: " + strings.Join(names, ", ")
	}
	them := "them"
	if len(names) == 1 {
		them = "it"
	}
	return list + "; --prune deletes " + them + ": " + strings.Join(names, ", ")
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// CountOf is a number of things: 1 file, 2 files.
func CountOf(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
