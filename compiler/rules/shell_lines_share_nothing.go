package rules

import (
	"fmt"
	"strings"

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
	first := l.words[0]
	switch {
	case last.bare == "then" || last.bare == "do" || last.bare == "{":
		return fmt.Sprintf("the lines after %q are no part of it", last.text), last.at, len(last.text)
	case l.chained():
		return "", 0, 0 // what follows on the line may be what needs it
	case first.bare == "cd" || first.bare == "export" || first.bare == "source" || first.bare == "." || first.bare == "set" || first.bare == "alias":
		return fmt.Sprintf("%q has no effect on the next line", first.text), first.at, len(first.text)
	case isAssignment(first.bare) && (len(l.words) == 1 || strings.Contains(first.bare, "=$(") && strings.HasSuffix(last.bare, ")")):
		return fmt.Sprintf("%q is gone on the next line", brieflyWord(first.text)), first.at, len(first.text)
	}
	return "", 0, 0
}

// chained holds for a line of several commands.
func (l *scriptLine) chained() bool {
	for _, w := range l.words {
		if strings.Contains(w.bare, "&&") || strings.Contains(w.bare, "||") || strings.HasSuffix(w.bare, ";") || w.bare == "|" {
			return true
		}
	}
	return false
}
