package render

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/value"
	"github.com/prefectc/prefectc/plan"
)

// changeIndent is the column at which the folded sides of a change begin.
const changeIndent = 8

func (v PlanView) change(b *strings.Builder, d *plan.Deployment, ch plan.Change) {
	c := palette(v.Color)
	if ch.Path == "parameter_openapi_schema" || strings.HasPrefix(ch.Path, "parameter_openapi_schema.") {
		if _, hole := ch.New.(plan.Hole); hole {
			return // known only by asking Python, and rarely a change
		}
	}
	var sign, tone string
	var sides []string
	old := v.side(d, ch.Path, ch.Old)
	fresh := v.side(d, ch.Path, plan.Shown(ch.New, strings.HasPrefix(ch.Path, "pull_steps"), d.Outputs(v.Outputs)))
	switch {
	case !ch.OldSet:
		sign, tone, sides = "+", c.green, []string{fresh}
	case !ch.NewSet:
		sign, tone, sides = "-", c.red, []string{old}
	default:
		sign, tone, sides = "~", c.yellow, []string{old, fresh}
	}
	place := ""
	if span, ok := d.Source(ch.Path); ok {
		place = "  " + c.line + lineOf(d.File, span) + c.reset
	}
	if who := blame(ch.By); who != "" {
		place += "  " + c.yellow + who + c.reset
	}
	head := fmt.Sprintf("    %s%s%s %s:", tone, sign, c.reset, printable(ch.Path))
	line := strings.Join(sides, " → ")
	if columns(ch.Path)+columns(line)+changeIndent <= v.width() {
		fmt.Fprintf(b, "%s %s%s\n", head, line, place)
		return
	}
	fmt.Fprintf(b, "%s%s\n", head, place)
	for i, side := range sides {
		arrow := "  "
		if i > 0 {
			arrow = "→ "
		}
		fmt.Fprintf(b, "%s%s%s\n", strings.Repeat(" ", changeIndent-2), arrow, wrap(side, changeIndent, v.width()))
	}
}

// side writes the value before or after a change.
func (v PlanView) side(d *plan.Deployment, path string, x value.Value) string {
	list, ok := x.([]value.Value)
	if !ok || path != "schedules" {
		return flat(x)
	}
	if len(list) == 0 {
		return "none"
	}
	parts := make([]string, len(list))
	for i := range list {
		parts[i] = scheduleText(list[i], writesAnchor(d, i))
	}
	return strings.Join(parts, "; ")
}
