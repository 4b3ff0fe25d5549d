package rules

import (
	"fmt"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/schema"
)

var shellLinesShareNothing = &Rule{
	Name:     "shell-lines-share-nothing",
	Severity: diag.Warning,
	Only:     schema.Prefect3,
	Summary:  "cd, export or a continued line in a script with a shell: each line has a shell of its own",
	Run: func(p *Pass) {
		scripts(p, func(s *script) {
			if !s.shell {
				return
			}
			for i, l := range s.lines {
				if i == len(s.lines)-1 {
					return
				}
				if msg, at, length := l.lost(); msg != "" {
					reportStep(p, s.StepUse, s.span(p, at, length), "%s: each line of the script runs in a shell of its own", msg).At(s.Path + ".script")
				}
			}
		})
	},
}

// lost says what a line sets up that the next line no longer has.
func (l *scriptLine) lost() (msg string, at, length int) {
	last := l.words[len(l.words)-1]
	switch {
	case l.open == "backslash":
		return `the line that ends in \ does not go on in the next`, l.at + len(l.text) - 1, 1
	case l.open == "quote":
		return "the quote does not go on in the next line", last.at, len(last.text)
	}
	for _, w := range l.words {
		if operatorIn(w.bare) != "" && w.bare != ";" {
			return "", 0, 0 // what follows on the line may be what needs it
		}
	}
	first := l.words[0]
	switch {
	case first.bare == "cd" || first.bare == "export" || first.bare == "source" || first.bare == "." || first.bare == "set" || first.bare == "alias":
		return fmt.Sprintf("%q has no effect on the next line", first.text), first.at, len(first.text)
	case len(l.words) == 1 && isAssignment(first.bare):
		return fmt.Sprintf("%q is gone on the next line", brieflyWord(first.text)), first.at, len(first.text)
	case last.bare == "then" || last.bare == "do" || last.bare == "{":
		return fmt.Sprintf("the lines after %q are no part of it", last.text), last.at, len(last.text)
	}
	return "", 0, 0
}
