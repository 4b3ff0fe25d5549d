package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/prefectc/prefectc/plan"
)

// markdownLimit is the room for the details, in bytes: a comment of GitHub holds 65,536 characters, one of GitLab a million.
const markdownLimit = 60_000

// PlanMarkdown draws a plan for a comment on a change: what happens to which deployment as a table, and the fields of
// each that is not left alone folded away below it.
func PlanMarkdown(w io.Writer, p *plan.Plan, v PlanView) error {
	v.Color = false
	var total strings.Builder
	v.total(&total, p)
	var b strings.Builder
	fmt.Fprintf(&b, "### prefectc plan: %s\n\n", strings.TrimSpace(total.String()))
	if v.Server != "" {
		fmt.Fprintf(&b, "For %s, Prefect %d.\n\n", code(v.Server), p.Generation)
	} else {
		fmt.Fprintf(&b, "For Prefect %d, not compared with any server.\n\n", p.Generation)
	}
	v.markdownTable(&b, p)
	v.markdownDetails(&b, p)
	if left := Left(p.Gone, v.Prune); left != "" {
		fmt.Fprintf(&b, "%s\n", prose(left))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (v PlanView) markdownTable(b *strings.Builder, p *plan.Plan) {
	if len(p.Deployments)+len(p.Gone) == 0 {
		return
	}
	b.WriteString("| | Deployment | Place | What |\n|---|---|---|---|\n")
	row := func(action plan.Action, name, place, what string) {
		fmt.Fprintf(b, "| %s %s | %s | %s | %s |\n", code(signs[action]), ActionWord(action), code(name), place, what)
	}
	for _, d := range p.Deployments {
		place := ""
		if d.Model != nil {
			place = code(lineOf(d.File, d.Model.Node.Span))
		}
		what := ""
		if d.Action == plan.Update {
			what = CountOf(len(d.Changes), "field")
		}
		row(d.Action, d.FullName(), place, what)
	}
	for _, g := range p.Gone {
		what := "left the file"
		if !g.Deletes {
			what += ", deleted only with `--prune`"
		}
		if g.Why != "" {
			what = prose("left alone: " + g.Why)
		}
		row(plan.Delete, g.FullName(), "", what)
	}
	b.WriteByte('\n')
}

// markdownDetails folds the fields of every deployment that is not left alone; past the limit it says how many it leaves out.
func (v PlanView) markdownDetails(b *strings.Builder, p *plan.Plan) {
	left := 0
	for _, d := range p.Deployments {
		if d.Action == plan.None {
			continue
		}
		var text strings.Builder
		v.deployment(&text, d)
		if left > 0 || b.Len()+text.Len() > markdownLimit {
			left++
			continue
		}
		fence := fenceFor(text.String())
		fmt.Fprintf(b, "<details><summary><code>%s</code> %s</summary>\n\n%stext\n%s%s\n\n</details>\n\n",
			xmlText(printable(d.FullName())), ActionWord(d.Action), fence, strings.TrimRight(text.String(), "\n")+"\n", fence)
	}
	if left > 0 {
		fmt.Fprintf(b, "The details of %s more are left out here; `prefectc plan` shows them.\n\n", CountOf(left, "deployment"))
	}
}

// fenceFor gives a fence that the text cannot close.
func fenceFor(text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence
}

// code writes a text as code inside a table or a sentence; nothing in it ends the code or the cell.
func code(s string) string {
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	pad := ""
	if len(fence) > 1 {
		pad = " "
	}
	return fence + pad + strings.ReplaceAll(printable(s), "|", `\|`) + pad + fence
}

// prose writes a text so that Markdown takes none of it for its own.
func prose(s string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "<", "&lt;", "[", `\[`, "|", `\|`).Replace(printable(s))
}
