package rules

import (
	"fmt"
	"strings"

	"github.com/prefectc/prefectc/compiler/diag"
	"github.com/prefectc/prefectc/schema"
)

var shellOperatorWithoutShell = &Rule{
	Name:     "shell-operator-without-shell",
	Severity: diag.Error,
	Fixes:    UnsafeFix,
	Deploys:  true, // on Windows Prefect 3 always uses the shell
	Summary:  "shell syntax in a script that runs without a shell: pipes, &&, redirects, globs, ~, comments, continued lines",
	Run: func(p *Pass) {
		scripts(p, func(s *script) {
			if s.shell {
				return
			}
			for i := range s.lines {
				if s.lines[i].reportOperator(p, s) {
					return // one finding says it for the whole script
				}
			}
		})
	},
}

// reportOperator reports the first thing in a line that only a shell understands.
func (l *scriptLine) reportOperator(p *Pass, s *script) bool {
	at, length, msg := l.operator()
	if msg == "" {
		return false
	}
	helps := l.open == "" // a shell would get the line as it is
	if helps {
		msg += remedy(p)
	}
	f := reportStep(p, s.StepUse, s.span(p, at, length), "%s", msg).At(s.Path + ".script")
	if p.Generation() == schema.Prefect3 && helps {
		offerShell(p, s, f)
	}
	return true
}

func remedy(p *Pass) string {
	if p.Generation() == schema.Prefect2 {
		return `: there is no shell, write bash -c "…"`
	}
	return `: there is no shell without "shell: true"`
}

func offerShell(p *Pass, s *script, f *Finding) {
	if _, has := s.Arg("shell"); has {
		return
	}
	if edit, ok := s.addArgument(p, "shell: true"); ok {
		f.UnsafeFix(`add "shell: true"`, edit)
	}
}

// operator finds the first thing in a line that needs a shell, and says what happens without one.
func (l *scriptLine) operator() (at, length int, msg string) {
	if len(l.words) == 0 {
		return 0, 0, ""
	}
	first := l.words[0]
	switch {
	case strings.HasPrefix(first.bare, "#"):
		return first.at, len(first.text), "a line that starts with # is run as a command, not taken for a comment"
	case isAssignment(first.bare):
		return first.at, len(first.text), fmt.Sprintf("%q is run as a command, not taken for a variable", brieflyWord(first.text))
	case shellKeyword[first.bare]:
		return first.at, len(first.text), fmt.Sprintf("%q is run as a command, not taken for a keyword", first.text)
	}
	for i, w := range l.words {
		if op := operatorIn(w.bare); op != "" {
			at := w.at + max(0, strings.Index(w.text, op))
			return at, len(op), fmt.Sprintf("%q goes to %s as text", op, first.text)
		}
		switch {
		case i > 0 && (w.bare == "~" || strings.HasPrefix(w.bare, "~/")):
			return w.at, 1, `"~" goes to ` + first.text + " as text"
		case i > 0 && w.bare == "#":
			return w.at, l.at + len(l.text) - w.at, "a comment goes to " + first.text + " as text"
		case i > 0 && takesFiles[first.bare] && strings.ContainsAny(w.bare, "*?") && !strings.HasPrefix(w.bare, "-"):
			return w.at, len(w.text), fmt.Sprintf("%q goes to %s as text", w.text, first.text)
		}
	}
	last := l.words[len(l.words)-1]
	switch l.open {
	case "backslash":
		return l.at + len(l.text) - 1, 1, "a line that ends in \\ is an error: each line is a command of its own"
	case "quote":
		return last.at, len(last.text), "a quote that does not end on its line is an error: each line is a command of its own"
	}
	return 0, 0, ""
}

// operatorIn finds a shell operator in the unquoted text of a word. Only words that are, start or end with one count, so that
// URLs with & and comparisons in arguments pass.
func operatorIn(bare string) string {
	switch bare {
	case "|", "||", "&&", ";", "&", ">", ">>", "<", "<<", "|&", "&>", "2>", "2>>", "2>&1", "1>&2", ">&2", "<<<":
		return bare
	}
	for _, op := range []string{"$(", "`"} {
		if strings.Contains(bare, op) {
			return op
		}
	}
	for _, op := range []string{"&&", "||", ">>", "2>", "&>", "<<", ">", "|"} {
		if strings.HasPrefix(bare, op) && len(bare) > len(op) && bare[len(op)] != '=' {
			return op
		}
	}
	if strings.HasSuffix(bare, ";") && len(bare) > 1 && bare != `\;` && !strings.HasSuffix(bare, "\x00;") {
		return ";"
	}
	return ""
}

func brieflyWord(word string) string {
	name, _, _ := strings.Cut(word, "=")
	return name + "=…"
}

// shellKeyword are words that open shell syntax and name no program.
var shellKeyword = map[string]bool{
	"if": true, "then": true, "else": true, "elif": true, "fi": true, "for": true, "while": true, "until": true, "do": true,
	"done": true, "case": true, "esac": true, "function": true, "[[": true, "{": true, "}": true, "(": true, "!": true,
}

// takesFiles are programs that want names of files and expand no patterns themselves.
var takesFiles = map[string]bool{
	"ls": true, "cp": true, "mv": true, "rm": true, "cat": true, "chmod": true, "chown": true, "tar": true, "gzip": true,
	"touch": true, "du": true, "wc": true, "head": true, "tail": true, "ln": true, "sha256sum": true, "md5sum": true,
}
